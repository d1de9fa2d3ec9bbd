// The errors of a node: its folder, its configuration, its people.
import { defineErrors } from '@mhmd/base'
import { refusalTable } from '@mhmd/contracts'

/** A contract's own words for its refusal; the ledger engine's codes have theirs in the reference alone. */
function meaningOf(refusal: string): string {
  const row = (refusalTable as Readonly<Record<string, { readonly says: string; readonly remedy: string }>>)[refusal]
  return row === undefined ? '' : `. ${row.says}. ${row.remedy}`
}

export const nodeErrors = defineErrors('NODE', {
  HOME_EXISTS: { kind: 'conflict', says: (d: { home: string }) => `There is a node in ${d.home} already`, remedy: 'Choose an empty folder; a node\'s keys are never overwritten.' },
  HOME_MISSING: { kind: 'not-found', says: (d: { home: string }) => `There is no node in ${d.home}`, remedy: 'Run `mhmd node init --home FOLDER …` first.' },
  HOME_BAD: { kind: 'invalid', says: (d: { file: string; at: string }) => `${d.file} is damaged or not a node's: ${d.at}`, remedy: 'Restore the file from a backup; the node changes nothing until it can read it.' },
  NOT_JOINED: { kind: 'conflict', says: (d: { home: string }) => `The node in ${d.home} has no network.json`, remedy: 'Run `mhmd node join --home FOLDER --network network.json` with the file whose hash the founders published.' },
  LEDGER_AFTER_TOO_SHORT: { kind: 'invalid', says: (d: { ledgerAfterMilliseconds: number; batchMilliseconds: number }) => `A holder that sends decisions itself after ${d.ledgerAfterMilliseconds} ms undoes batches that wait for ${d.batchMilliseconds} ms`, remedy: 'Give `--ledger-after` more than `--batch-every`; on a holder\'s node `--batch-every` says the longest that its account providers wait.' },
  NOT_ADMITTED: { kind: 'unavailable', says: () => 'This node is not a member yet', remedy: 'Two members admit it with `mhmd member admit`; it notices by itself.' },
  NETWORK_HASH: { kind: 'forbidden', says: (d: { expected: string; found: string }) => `The network file's hash is ${d.found}, not ${d.expected}`, remedy: 'Get network.json again from the founders and compare its hash with them by another way.' },
  STAFF_UNKNOWN: { kind: 'unauthenticated', says: () => 'This key belongs to nobody who works here', remedy: 'Ask an administrator of the node to register the key (`mhmd staff add`).' },
  STAFF_ROLE: { kind: 'forbidden', says: (d: { needs: string }) => `This needs the role ${d.needs}`, remedy: 'Ask an administrator of the node for the role, or a colleague who has it.' },
  BLIND: { kind: 'unavailable', says: (d: { seconds: number }) => `This node has not heard from the ledger for ${d.seconds} s, so its doors are closed`, remedy: 'Check that the ledger runs and can be reached; the doors open by themselves once its head is confirmed.' },
  BEHIND: { kind: 'unavailable', says: () => 'Other members hold more of the ledger than this node is shown, so its doors are closed', remedy: 'Check the connection to the ledger. If it is well, its operator holds blocks back: ask it, and the other members. The doors open by themselves once the blocks have come.' },
  FORKED: { kind: 'unavailable', says: () => 'The ledger showed two histories, or effects that no contract gives, so this node\'s doors are closed for good', remedy: 'Look at both versions (`mhmd ledger checkpoints --profile FILE`), show them to the other members, and settle which ledger goes on.' },
  ANSWER_AWAITED: { kind: 'unavailable', says: () => 'The answer that takes the place of one called back has not come yet', remedy: 'Nothing: it is waited for, and without it the statement says that the old one was removed.' },
  LINK_CODE: { kind: 'forbidden', says: () => 'This link code is unknown, used or expired', remedy: 'Ask the hospital\'s desk for a new code; a code works once, for seven days.' },
  SUBJECT_UNKNOWN: { kind: 'not-found', says: () => 'There is no such person here, or none you may see', remedy: 'Check the identifier and its system.' },
  KEY_UNKNOWN: { kind: 'unauthenticated', says: () => 'This key is not enrolled here', remedy: 'Enrol at this holder first (`mhmd citizen enrol`). If the key was replaced from another device, use that device.' },
  RECORD_MISMATCH: { kind: 'invalid', says: (d: { why: string }) => `The signed decision can't be accepted: ${d.why}`, remedy: 'Fetch the present version, sign anew and send it again; nothing was changed.' },
  NOT_FOUND: { kind: 'not-found', says: (d: { what: string }) => `There is no such ${d.what}, or none you may see`, remedy: 'Check the id.' },
  BAD_INPUT: { kind: 'invalid', says: (d: { at: string; why: string }) => `The input is not valid at ${d.at}: ${d.why}`, remedy: 'Correct the member named and send it again.' },
  STATE: { kind: 'conflict', says: (d: { what: string; state: string }) => `The ${d.what} is ${d.state}`, remedy: 'Look at its present state; this step does not fit it.' },
  DRAFT_CHANGED: { kind: 'conflict', says: () => 'This draft was changed elsewhere since it was read', remedy: 'Load it again, which shows the other changes, then make yours.' },
  DATASET_CHANGED: { kind: 'conflict', says: () => 'This dataset has changed since the version that this draft began from', remedy: 'Look at the dataset as it is now, begin its next version from there and make your changes in it. Nothing of this draft was lost.' },
  NO_AGREEMENT: { kind: 'conflict', says: (d: { state: string }) => `No agreement is in force under which this table may leave: it is ${d.state}`, remedy: 'Offer one with `mhmd agreement offer --request ID --days DAYS`; the recipient accepts it (`agreement accept`), and this node hears of that within seconds.' },
  PERMIT_NOT_IN_FORCE: { kind: 'conflict', says: (d: { state: string }) => `No permit for this request is in force: it is ${d.state}`, remedy: 'Look at it (`mhmd permit list`); the access body that the request names issues permits, and what is revoked or over takes a new request.' },
  CHANGED_MEANWHILE: { kind: 'unavailable', says: () => 'Somebody decided otherwise while this was computed', remedy: 'Nothing left; it is computed again without her by itself.' },
  BUSY: { kind: 'unavailable', says: () => 'This node carries as much as it can for others just now', remedy: 'Try again in a minute, or by another member\'s node.' },
  SESSION_OVER: { kind: 'unauthenticated', says: () => 'There is no such session, or it is over', remedy: 'Sign in again. A session ends after 15 minutes without use and after 8 hours in any case; nothing is lost.' },
  SESSION_ELSEWHERE: { kind: 'forbidden', says: () => 'A session holds for pages of this node alone', remedy: 'Open the node\'s own address. A program signs each request instead.' },
  CSRF: { kind: 'forbidden', says: () => 'The request does not show that it comes from this node\'s own page', remedy: 'Send the token that `GET /session/1` gives as `x-mhmd-csrf`; reload the page if it is an old one.' },
  SIGNATURE_NEEDED: { kind: 'forbidden', says: () => 'A session can\'t do this: it needs a signature', remedy: 'Unlock your key (passkey) and sign this request.' },
  TOO_MANY: { kind: 'unavailable', says: (d: { afterSeconds: number }) => `That was too often; the next is taken in ${d.afterSeconds} s`, remedy: 'Wait as long as `Retry-After` says, then go on more slowly.' },
  INVITATION: { kind: 'forbidden', says: () => 'This invitation is unknown, used or over', remedy: 'Ask an administrator of the node for a new one; an invitation works once, for seven days.' },
  FILE_EMPTY: { kind: 'invalid', says: () => 'This file holds no resource: it is white space, or bundles without entries', remedy: 'Export it again and look into it before it is sent.' },
  NOT_AS_DESCRIBED: { kind: 'bug', says: (d: { route: string; why: string }) => `${d.route} answered otherwise than it says of itself: ${d.why}`, remedy: 'Mend the route\'s `answer` or `refusals`, or its handler.' },
  NOT_YET: { kind: 'unavailable', says: (d: { what: string }) => `The ${d.what} does not stand on the ledger yet, or can't be reached`, remedy: 'It is tried again by itself.' },
  TRANSFER_BROKEN: { kind: 'conflict', says: () => 'The holder gave other bytes than it offered', remedy: 'Ask the holder; start the transfer again when it has looked.' },
  DIGEST_MISMATCH: { kind: 'conflict', says: () => 'The bytes that came are not those whose digest was offered; nothing of them is kept', remedy: 'Ask the holder to release it again.' },
  BULK_UNREACHABLE: { kind: 'unavailable', says: (d: { host: string }) => `The record system at ${d.host} can't be reached just now, or asked for time`, remedy: 'It is tried again by itself, and goes on at the byte where it stopped.' },
  BULK_REFUSED: { kind: 'forbidden', says: (d: { step: string; status: number }) => `The record system refused the ${d.step} of the export with ${d.status}`, remedy: 'Ask its people whether this node\'s public key, client id and scope are registered (`mhmd records bulk list`).' },
  BULK_ANSWER: { kind: 'invalid', says: (d: { step: string; why: string }) => `The record system's answer to the ${d.step} is not that of a bulk export: ${d.why}`, remedy: 'Check the address of its FHIR interface, and ask its people.' },
  BULK_ORIGIN: { kind: 'forbidden', says: (d: { host: string }) => `The record system wants its access token to be shown to another host, ${d.host}`, remedy: 'Ask its people for an export whose files need no token, or stand under its own address.' },
  LEDGER_REFUSED: { kind: 'conflict', says: (d: { refusal: string }) => `The contracts refused: ${d.refusal}${meaningOf(d.refusal)}`, remedy: 'Nothing was recorded. What to do about each code is in docs/reference/errors.md.' },
  NO_ANALYTICS: { kind: 'unavailable', says: () => 'The tables of the ledger can’t be opened here', remedy: 'DuckDB comes with the node’s packages for Linux, macOS and Windows: install them again on this machine, and restart the node.' },
})

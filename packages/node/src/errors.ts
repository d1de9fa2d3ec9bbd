// The errors of a node: its folder, its configuration, its people.
import { defineErrors } from '@mhmd/base'

export const nodeErrors = defineErrors('NODE', {
  HOME_EXISTS: { kind: 'conflict', says: (d: { home: string }) => `There is a node in ${d.home} already`, remedy: 'Choose an empty folder; a node\'s keys are never overwritten.' },
  HOME_MISSING: { kind: 'not-found', says: (d: { home: string }) => `There is no node in ${d.home}`, remedy: 'Run `mhmd node init --home FOLDER …` first.' },
  HOME_BAD: { kind: 'invalid', says: (d: { file: string; at: string }) => `${d.file} is damaged or not a node's: ${d.at}`, remedy: 'Restore the file from a backup; the node changes nothing until it can read it.' },
  NOT_JOINED: { kind: 'conflict', says: (d: { home: string }) => `The node in ${d.home} has no network.json`, remedy: 'Run `mhmd node join --home FOLDER --network network.json` with the file whose hash the founders published.' },
  NOT_ADMITTED: { kind: 'unavailable', says: () => 'This node is not a member yet', remedy: 'Two members admit it with `mhmd member admit`; it notices by itself.' },
  NETWORK_HASH: { kind: 'forbidden', says: (d: { expected: string; found: string }) => `The network file's hash is ${d.found}, not ${d.expected}`, remedy: 'Get network.json again from the founders and compare its hash with them by another way.' },
  STAFF_UNKNOWN: { kind: 'unauthenticated', says: () => 'This key belongs to nobody who works here', remedy: 'Ask an administrator of the node to register the key (`mhmd staff add`).' },
  STAFF_ROLE: { kind: 'forbidden', says: (d: { needs: string }) => `This needs the role ${d.needs}`, remedy: 'Ask an administrator of the node for the role, or a colleague who has it.' },
  BLIND: { kind: 'unavailable', says: (d: { seconds: number }) => `This node has not heard from the ledger for ${d.seconds} s, so its doors are closed`, remedy: 'Check that the ledger runs and can be reached; the doors open by themselves once its head is confirmed.' },
  LINK_CODE: { kind: 'forbidden', says: () => 'This link code is unknown, used or expired', remedy: 'Ask the hospital\'s desk for a new code; a code works once, for seven days.' },
  SUBJECT_UNKNOWN: { kind: 'not-found', says: () => 'There is no such person here, or none you may see', remedy: 'Check the identifier and its system.' },
  KEY_UNKNOWN: { kind: 'unauthenticated', says: () => 'This key is not enrolled here', remedy: 'Enrol at this holder first (`mhmd citizen enrol`). If the key was replaced from another device, use that device.' },
  RECORD_MISMATCH: { kind: 'invalid', says: (d: { why: string }) => `The signed decision can't be accepted: ${d.why}`, remedy: 'Fetch the present version, sign anew and send it again; nothing was changed.' },
  NOT_FOUND: { kind: 'not-found', says: (d: { what: string }) => `There is no such ${d.what}, or none you may see`, remedy: 'Check the id.' },
  BAD_INPUT: { kind: 'invalid', says: (d: { at: string; why: string }) => `The input is not valid at ${d.at}: ${d.why}`, remedy: 'Correct the member named and send it again.' },
  STATE: { kind: 'conflict', says: (d: { what: string; state: string }) => `The ${d.what} is ${d.state}`, remedy: 'Look at its present state; this step does not fit it.' },
  CHANGED_MEANWHILE: { kind: 'unavailable', says: () => 'Somebody decided otherwise while this was computed', remedy: 'Nothing left; it is computed again without her by itself.' },
  BUSY: { kind: 'unavailable', says: () => 'This node carries as much as it can for others just now', remedy: 'Try again in a minute, or by another member\'s node.' },
  NOT_AS_DESCRIBED: { kind: 'bug', says: (d: { route: string; why: string }) => `${d.route} answered otherwise than it says of itself: ${d.why}`, remedy: 'Mend the route\'s `answer` or `refusals`, or its handler.' },
  LEDGER_REFUSED: { kind: 'conflict', says: (d: { refusal: string }) => `The contracts refused: ${d.refusal}`, remedy: 'See the code in docs/reference/errors.md; nothing was recorded.' },
})

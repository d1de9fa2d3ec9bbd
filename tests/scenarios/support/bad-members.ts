// Bad input on the member ports: other authorities' certificates, unlisted ones, none; and what a member may not do with its own.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { canonicalText, fromHex, newId } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { signTransaction } from '@mhmd/contracts'
import { signingKeyFromSeed } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { sealEnvelope } from '@mhmd/messages'
import type { DevNetwork } from '@mhmd/devnet'
import type { BadInput } from './bad-requests.ts'
import { callMember, certificateOf, foreignCertificate, unlistedCertificate } from './member-door.ts'
import type { Certificate } from './member-door.ts'
import type { Answer } from './outside.ts'

const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }

export const signingKeyOf = (home: string): SigningKey => signingKeyFromSeed(fromHex(readFileSync(join(home, 'keys', 'signing.seed'), 'utf8').trim()))
export const memberPortOf = (home: string): number => (JSON.parse(readFileSync(join(home, 'config.json'), 'utf8')) as { member: { port: number } }).member.port

/** What a connection with each wrong certificate gets, on every process's member port. */
export async function wrongCertificates(network: DevNetwork): Promise<{ what: string; expected: RegExp; found: string }[]> {
  const rows: { what: string; expected: RegExp; found: string }[] = []
  const foreign = await foreignCertificate('rome.localhost')
  const unlisted = await unlistedCertificate(network.home('rome'), 'rome.localhost')
  const listed = certificateOf(network.home('institute'))
  for (const { id } of network.plan.organisations) {
    const at = { port: memberPortOf(network.home(id)), path: id === 'ledger' ? '/ledger/1/head' : messagePath }
    const found = async (certificate: Certificate): Promise<string> => { const { status, code } = await callMember({ ...at, ...certificate }); return `${status} ${code}` }
    rows.push({ what: `${id}: a certificate of another authority`, expected: /^0 REFUSED/, found: await found(foreign) })
    rows.push({ what: `${id}: no certificate`, expected: /^0 REFUSED/, found: await found({}) })
    rows.push({ what: `${id}: a member authority's certificate that is not on the ledger`, expected: /^403 TRANSPORT_PEER_NOT_LISTED$/, found: await found(unlisted) })
    // The control: the same connection with a listed certificate is let in.
    rows.push({ what: `${id}: control, a listed certificate`, expected: id === 'ledger' ? /^200 OK$/ : /^404 TRANSPORT_NO_SUCH_PATH$/, found: await found(listed) })
  }
  return rows
}

/** What the institute, a member, can't do with its own certificate and key. */
export function badMemberInput(network: DevNetwork, { networkId, mark }: { networkId: string; mark: string }): BadInput[] {
  const certificate = certificateOf(network.home('institute'))
  const key = signingKeyOf(network.home('institute'))
  const ledger = memberPortOf(network.home('ledger'))
  const rome = memberPortOf(network.home('rome'))
  const submit = (line: string): Promise<Answer> => callMember({ ...certificate, port: ledger, method: 'POST', path: '/ledger/1/submit', body: Buffer.from(`${line}\n`) }).then(firstResult)
  const transaction = (change: object): string => {
    const unsigned = { network: networkId, contract: 'datasets@1', operation: 'register', operationId: newId(randomness), submitter: 'institute', time: Date.now(), payload: {}, ...change }
    return canonicalText({ transaction: signTransaction(unsigned, key) } as unknown as Canonical)
  }
  const message = (bytes: Uint8Array): Promise<Answer> => callMember({ ...certificate, port: rome, method: 'POST', path: messagePath, body: bytes })
  const envelope = (change: object): Promise<Answer> => message(sealEnvelope({ id: newId(randomness), network: networkId, from: 'institute', to: 'rome', kind: 'ask/1', created: Date.now(), expires: Date.now() + 60_000, body: { request: mark }, ...change }, null, key))
  return [
    { what: 'a transaction that is no JSON', status: 400, code: 'LEDGER_BAD_TRANSACTION', answer: () => submit(`{"transaction":${mark}`) },
    { what: 'a transaction nested 50,000 deep', status: 400, code: 'LEDGER_BAD_TRANSACTION', answer: () => submit(`{"transaction":{"submitter":"institute","operationId":"x","a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`) },
    { what: 'a transaction of 2 MB', status: 400, code: 'LEDGER_BAD_TRANSACTION', answer: () => submit(transaction({ payload: { x: mark.padEnd(2_000_000, 'x') } })) },
    { what: 'a transaction of a clock an hour behind', status: 400, code: 'LEDGER_TIME_OUTSIDE_WINDOW', answer: () => submit(transaction({ time: Date.now() - 3_600_000 })) },
    { what: 'a transaction of the year 9999', status: 400, code: 'LEDGER_TIME_OUTSIDE_WINDOW', answer: () => submit(transaction({ time: 253_402_300_799_999 })) },
    { what: 'a transaction before 1970', status: 400, code: 'LEDGER_TIME_OUTSIDE_WINDOW', answer: () => submit(transaction({ time: -1 })) },
    { what: 'a transaction in another member\'s name', status: 403, code: 'LEDGER_FORBIDDEN', answer: () => submit(transaction({ submitter: 'rome' })) },
    { what: 'a contract nobody knows', status: 200, code: 'CONTRACT_UNKNOWN', answer: () => submit(transaction({ contract: 'theft@1' })) },
    { what: 'a payload of another form', status: 200, code: 'CONTRACT_BAD_PAYLOAD', answer: () => submit(transaction({ payload: { name: mark } })) },
    { what: 'a state key that is none', status: 400, code: 'LEDGER_BAD_REQUEST', answer: () => callMember({ ...certificate, port: ledger, path: `/ledger/1/state?key=${encodeURIComponent(`{"${mark}`)}` }) },
    { what: 'blocks from height −1', status: 400, code: 'LEDGER_BAD_REQUEST', answer: () => callMember({ ...certificate, port: ledger, path: '/ledger/1/blocks?from=-1' }) },
    { what: 'a message that is no envelope', status: 400, code: 'MESSAGES_UNREADABLE', answer: () => message(Buffer.from(`{"body":"${mark}"}`)) },
    { what: 'a message of 10 MB', status: 413, code: 'TRANSPORT_BODY_TOO_LARGE', answer: () => heard(() => message(Buffer.alloc(10_000_000, mark))) },
    { what: 'a message in another member\'s name', status: 403, code: 'MESSAGES_SENDER_MISMATCH', answer: () => envelope({ from: 'berlin' }) },
    { what: 'a message to somebody else', status: 400, code: 'MESSAGES_WRONG_RECIPIENT', answer: () => envelope({ to: 'berlin' }) },
    { what: 'a message of another network', status: 400, code: 'MESSAGES_WRONG_NETWORK', answer: () => envelope({ network: 'A'.repeat(43) }) },
    { what: 'a message from next year', status: 503, code: 'MESSAGES_NOT_YET', answer: () => envelope({ created: Date.now() + 31_536_000_000, expires: Date.now() + 31_537_000_000 }) },
    { what: 'a message that expired', status: 400, code: 'MESSAGES_EXPIRED', answer: () => envelope({ created: Date.now() - 7_200_000, expires: Date.now() - 3_600_000 }) },
    { what: 'a message that lives a year', status: 400, code: 'MESSAGES_BAD_LIFE', answer: () => envelope({ expires: Date.now() + 31_536_000_000 }) },
    { what: 'a message of a kind nobody knows', status: 404, code: 'MESSAGES_UNKNOWN_KIND', answer: () => envelope({ kind: 'theft/1' }) },
    { what: 'a message whose body is of another form', status: 400, code: 'SCHEMA_NOT_VALID', answer: () => envelope({}) },
  ]
}

const TRIES = 10

/** A server that refuses a body early may close before all of it is sent, and its words are then lost: asked again until they are heard. */
async function heard(ask: () => Promise<Answer>): Promise<Answer> {
  let answer = await ask()
  for (let attempt = 1; attempt < TRIES && /^REFUSED (?:EPIPE|ECONNRESET)$/.test(answer.code); attempt++) answer = await ask()
  return answer
}

export const messagePath = '/members/1/messages'

/** The answer to a submit's only line; a refusal of the contracts is a receipt with its code. */
function firstResult(answer: Answer): Answer {
  if (answer.status !== 200) return answer
  const [result] = (JSON.parse(answer.text) as { results: { receipt?: { status: string; code?: string; refusal?: { code: string } }; error?: { code: string; kind: string; remedy: string } }[] }).results
  if (result?.error !== undefined) return { ...answer, status: statusOf[result.error.kind] ?? 0, code: result.error.code, remedy: result.error.remedy }
  // The remedies of refusals stand in the contracts' table, by code.
  return { ...answer, code: result?.receipt?.refusal?.code ?? result?.receipt?.code ?? 'NO CODE', remedy: 'see refusalTable' }
}

const statusOf: Readonly<Record<string, number>> = { invalid: 400, forbidden: 403, conflict: 409, unavailable: 503 }

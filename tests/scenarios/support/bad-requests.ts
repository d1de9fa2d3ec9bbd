// Bad input on a people port: broken bodies, forged and replayed signatures, paths and names that lead elsewhere, numbers nobody means.
import { createHash } from 'node:crypto'
import { newSigningKey } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { prepared, send, sendBytes, sendPrepared } from './outside.ts'
import type { Answer, Sent } from './outside.ts'

/** One bad input, and what must be answered. */
export interface BadInput {
  readonly what: string
  readonly status: number
  readonly code: string
  readonly answer: () => Promise<Answer>
}

export interface Doors {
  readonly rome: string
  readonly berlin: string
  readonly institute: string
  /** The port of rome's people interface. */
  readonly port: number
  /** Rome's first administrator, who is steward and desk too. */
  readonly steward: SigningKey
  /** Holds the role of the desk only. */
  readonly desk: SigningKey
  readonly researcher: SigningKey
  /** A value that must come out nowhere. */
  readonly mark: string
}

const HOUR = 3_600_000
const json = 'application/json'

export function badBodies({ rome, port, steward, mark }: Doors): BadInput[] {
  const url = `${rome}/staff/1/imports`
  const post = (body: Uint8Array | string, type = json): Promise<Answer> => send({ url, method: 'POST', body: Buffer.from(body as string), type, key: steward })
  const raw = (text: string): Promise<Answer> => sendBytes(port, Buffer.from(text))
  return [
    { what: 'JSON that ends early', status: 400, code: 'TRANSPORT_BAD_JSON', answer: () => post(`{"name":"${mark}`) },
    { what: 'JSON with a word too many', status: 400, code: 'TRANSPORT_BAD_JSON', answer: () => post(`{"name":"${mark}"} ${mark}`) },
    { what: 'an empty body', status: 400, code: 'TRANSPORT_BAD_JSON', answer: () => send({ url, method: 'POST', body: new Uint8Array(0), type: json, key: steward }) },
    { what: 'JSON in UTF-16', status: 400, code: 'TRANSPORT_BAD_JSON', answer: () => post(Buffer.from(`{"name":"${mark}"}`, 'utf16le')) },
    { what: 'JSON in Latin-1', status: 400, code: 'TRANSPORT_BAD_JSON', answer: () => post(Buffer.from(`{"name":"${mark} é"}`, 'latin1')) },
    { what: 'a member named __proto__', status: 400, code: 'TRANSPORT_BAD_JSON', answer: () => post(`{"__proto__":{"name":"${mark}"}}`) },
    { what: 'a hundred thousand brackets', status: 400, code: 'TRANSPORT_TOO_DEEP', answer: () => post('['.repeat(100_000)) },
    { what: 'a body of 50 MB', status: 413, code: 'TRANSPORT_BODY_TOO_LARGE', answer: () => raw(`POST /staff/1/imports HTTP/1.1\r\nHost: x\r\nContent-Type: ${json}\r\nContent-Length: 50000000\r\n\r\n{"name":"${mark.padEnd(20_000, 'x')}`) },
    { what: 'a body of 50 MB whose length is not told', status: 413, code: 'TRANSPORT_BODY_TOO_LARGE', answer: () => raw(`POST /staff/1/imports HTTP/1.1\r\nHost: x\r\nContent-Type: ${json}\r\nTransfer-Encoding: chunked\r\n\r\n${`10000\r\n${mark.padEnd(65_536, 'x')}\r\n`.repeat(763)}0\r\n\r\n`) },
    { what: 'XML', status: 415, code: 'TRANSPORT_MEDIA_TYPE', answer: () => post(`<Patient>${mark}</Patient>`, 'text/xml') },
    { what: 'bytes that are no HTTP', status: 400, code: 'TRANSPORT_BAD_REQUEST', answer: () => raw(`${mark}\r\n\r\n`) },
    { what: 'the beginning of a TLS connection', status: 400, code: 'TRANSPORT_BAD_REQUEST', answer: () => sendBytes(port, Buffer.from('16030100c8010000c40303', 'hex')) },
    { what: 'a header of 100 kB', status: 400, code: 'TRANSPORT_BAD_REQUEST', answer: () => raw(`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${mark.padEnd(100_000, 'a')}\r\n\r\n`) },
    { what: 'two lengths at once', status: 400, code: 'TRANSPORT_BAD_REQUEST', answer: () => raw('POST /staff/1/imports HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n') },
    { what: 'a name nobody knows in the body', status: 400, code: 'SCHEMA_NOT_VALID', answer: () => send({ url, body: { name: 'a', size: 1, sha256: 'A'.repeat(43), [mark]: mark }, key: steward }) },
  ]
}

export function badSignatures({ rome, berlin, steward, desk, researcher, mark }: Doors): BadInput[] {
  const url = `${rome}/staff/1/status`
  const body = { system: mark, value: mark }
  const codes = `${rome}/staff/1/link-codes`
  const stranger = newSigningKey().key
  const input = (sent: Sent, change: (text: string) => string): Sent => ({ ...sent, headers: { ...sent.headers, 'signature-input': change(sent.headers['signature-input'] ?? '') } })
  const digestOf = (bytes: Uint8Array): string => `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`
  return [
    { what: 'no signature', status: 401, code: 'MESSAGES_REQUEST_NOT_SIGNED', answer: () => send({ url }) },
    { what: 'a signature of another form', status: 401, code: 'MESSAGES_REQUEST_SIGNATURE_MALFORMED', answer: () => send({ url, key: steward, after: (sent) => input(sent, (text) => text.replace('"@path" ', '')) }) },
    { what: 'a key that is none', status: 401, code: 'MESSAGES_REQUEST_SIGNATURE_MALFORMED', answer: () => send({ url, key: steward, after: (sent) => input(sent, (text) => text.replace(/keyid="[^"]*"/, `keyid="${mark}"`)) }) },
    { what: 'a signer whose clock is an hour behind', status: 401, code: 'MESSAGES_REQUEST_OUTSIDE_WINDOW', answer: () => send({ url, key: steward, clockOffMilliseconds: -HOUR }) },
    { what: 'a signer whose clock is an hour ahead', status: 401, code: 'MESSAGES_REQUEST_OUTSIDE_WINDOW', answer: () => send({ url, key: steward, clockOffMilliseconds: HOUR }) },
    { what: 'a signer in the year 9999', status: 401, code: 'MESSAGES_REQUEST_OUTSIDE_WINDOW', answer: () => send({ url, key: steward, clockOffMilliseconds: 253_370_764_800_000 - Date.now() }) },
    { what: 'a time before 1970', status: 401, code: 'MESSAGES_REQUEST_SIGNATURE_MALFORMED', answer: () => send({ url, key: steward, after: (sent) => input(sent, (text) => text.replace(/created=\d+/, 'created=-1')) }) },
    { what: 'an expiry moved by a year', status: 401, code: 'MESSAGES_REQUEST_OUTSIDE_WINDOW', answer: () => send({ url, key: steward, after: (sent) => input(sent, (text) => text.replace(/expires=(\d+)/, (_all, at: string) => `expires=${Number(at) + 31_536_000}`)) }) },
    { what: 'the steward\'s name under a stranger\'s signature', status: 401, code: 'MESSAGES_REQUEST_BAD_SIGNATURE', answer: () => send({ url, key: stranger, after: (sent) => input(sent, (text) => text.replace(stranger.publicKey, steward.publicKey)) }) },
    { what: 'another body than was signed', status: 401, code: 'MESSAGES_REQUEST_DIGEST_MISMATCH', answer: () => send({ url: codes, body, key: steward, after: (sent) => ({ ...sent, body: Buffer.from(JSON.stringify({ ...body, value: 'other' })) }) }) },
    { what: 'another body with its own digest', status: 401, code: 'MESSAGES_REQUEST_BAD_SIGNATURE', answer: () => send({ url: codes, body, key: steward, after: (sent) => ({ ...sent, body: Buffer.from('{}'), headers: { ...sent.headers, 'content-digest': digestOf(Buffer.from('{}')) } }) }) },
    { what: 'another path than was signed', status: 401, code: 'MESSAGES_REQUEST_BAD_SIGNATURE', answer: () => send({ url, key: steward, after: (sent) => ({ ...sent, url: `${rome}/staff/1/staff` }) }) },
    { what: 'another query than was signed', status: 401, code: 'MESSAGES_REQUEST_BAD_SIGNATURE', answer: () => send({ url, key: steward, after: (sent) => ({ ...sent, url: `${url}?all=${mark}` }) }) },
    { what: 'a request that came before', status: 401, code: 'MESSAGES_REQUEST_REPLAYED', answer: () => twice(prepared({ url, key: steward })) },
    { what: 'a request for one server, sent to another under its name', status: 401, code: 'MESSAGES_REQUEST_BAD_SIGNATURE', answer: () => send({ url, key: steward, after: (sent) => ({ ...sent, url: `${berlin}/staff/1/status` }) }) },
    { what: 'a request for one server, sent to another as it is', status: 401, code: 'MESSAGES_REQUEST_WRONG_AUTHORITY', answer: () => send({ url, key: steward, after: (sent) => ({ ...sent, url: `${berlin}/staff/1/status`, headers: { ...sent.headers, host: rome.slice('http://'.length) } }) }) },
    { what: 'a stranger\'s own signature', status: 401, code: 'NODE_STAFF_UNKNOWN', answer: () => send({ url, key: stranger }) },
    { what: 'the staff of another organisation', status: 401, code: 'NODE_STAFF_UNKNOWN', answer: () => send({ url, key: researcher }) },
    { what: 'staff without the role', status: 403, code: 'NODE_STAFF_ROLE', answer: () => send({ url: `${rome}/staff/1/releases`, key: desk }) },
    { what: 'a key that is nobody\'s, asking for a record', status: 401, code: 'NODE_KEY_UNKNOWN', answer: () => send({ url: `${rome}/people/1/me`, key: stranger }) },
  ]
}

async function twice(sent: Sent): Promise<Answer> {
  const first = await sendPrepared(sent)
  return first.code === 'OK' ? sendPrepared(sent) : first
}

/** Ids, names and paths that lead elsewhere; roles and vocabulary nobody knows; sizes and times nobody means. */
export function badValues({ rome, institute, steward, researcher, mark }: Doors): BadInput[] {
  const sha256 = createHash('sha256').update('x').digest('base64url')
  const announce = (change: object): Promise<Answer> => send({ url: `${rome}/staff/1/imports`, body: { name: 'a', size: 1, sha256, ...change }, key: steward })
  const file = (change: object): Promise<Answer> => send({ url: `${institute}/staff/1/requests`, body: { ...request, ...change }, key: researcher })
  const upload = (id: string, headers: Record<string, string>, body = 'x'): Promise<Answer> => send({ url: `${rome}/staff/1/uploads/${id}`, method: 'PUT', body: Buffer.from(body), type: 'application/vnd.mhmd.upload', headers })
  const announced = async (size: number): Promise<{ id: string; token: string }> => JSON.parse((await announce({ size })).text) as { id: string; token: string }
  const invalid = { status: 400, code: 'SCHEMA_NOT_VALID' }
  return [
    { what: 'a file name with a path', ...invalid, answer: () => announce({ name: `../../keys/${mark}` }) },
    { what: 'a file name with a line feed', ...invalid, answer: () => announce({ name: `a\n${mark}` }) },
    { what: 'a file of no bytes', ...invalid, answer: () => announce({ size: 0 }) },
    { what: 'a file of −1 bytes', ...invalid, answer: () => announce({ size: -1 }) },
    { what: 'a file of 10³⁰ bytes', status: 400, code: 'NODE_BAD_INPUT', answer: () => announce({ size: 1e30 }) },
    { what: 'an import whose id is a path', status: 404, code: 'NODE_NOT_FOUND', answer: () => send({ url: `${rome}/staff/1/imports/..%2f..%2fkeys%2fsigning.seed`, key: steward }) },
    { what: 'a path that climbs', status: 404, code: 'TRANSPORT_NO_SUCH_PATH', answer: () => send({ url: `${rome}/staff/1/../../keys/signing.seed`, key: steward, after: (sent) => ({ ...sent, url: `${rome}/staff/1/../../keys/signing.seed` }) }) },
    { what: 'a path that is no text', status: 400, code: 'TRANSPORT_BAD_REQUEST', answer: () => send({ url: `${rome}/staff/1/imports/%E0%A4%A`, key: steward }) },
    { what: 'an unknown path', status: 404, code: 'TRANSPORT_NO_SUCH_PATH', answer: () => send({ url: `${rome}/${mark}`, key: steward }) },
    { what: 'an upload whose id is a path', status: 404, code: 'NODE_NOT_FOUND', answer: () => upload('..%2f..%2fkeys%2fsigning.seed', { 'x-upload-token': mark }) },
    { what: 'an upload with another\'s token', status: 404, code: 'NODE_NOT_FOUND', answer: async () => upload((await announced(1)).id, { 'x-upload-token': mark }) },
    { what: 'an upload longer than announced', status: 400, code: 'NODE_BAD_INPUT', answer: async () => { const { id, token } = await announced(1); return upload(id, { 'x-upload-token': token }, mark) } },
    { what: 'an upload that begins at byte −5', status: 400, code: 'SCHEMA_NOT_VALID', answer: async () => { const { id, token } = await announced(1); return upload(id, { 'x-upload-token': token, 'x-upload-offset': '-5' }) } },
    { what: 'an upload of other bytes than announced', status: 400, code: 'NODE_BAD_INPUT', answer: async () => { const { id, token } = await announced(1); return upload(id, { 'x-upload-token': token }, 'y') } },
    { what: 'a role nobody knows', ...invalid, answer: () => send({ url: `${rome}/staff/1/staff`, body: { key: steward.publicKey, roles: [mark] }, key: steward }) },
    { what: 'no role at all', ...invalid, answer: () => send({ url: `${rome}/staff/1/staff`, body: { key: steward.publicKey, roles: [] }, key: steward }) },
    { what: 'a patient nobody knows', status: 404, code: 'NODE_SUBJECT_UNKNOWN', answer: () => send({ url: `${rome}/staff/1/link-codes`, body: { system: `urn:${mark}`, value: mark }, key: steward }) },
    { what: 'a request for minus one days', ...invalid, answer: () => file({ days: -1 }) },
    { what: 'a request until the year 9999', ...invalid, answer: () => file({ days: 2_900_000 }) },
    { what: 'a request for a purpose nobody knows', ...invalid, answer: () => file({ purpose: 'to-sell-it' }) },
    { what: 'a request for a category nobody knows', ...invalid, answer: () => file({ categories: [mark] }) },
    { what: 'a request to a holder whose id is a path', ...invalid, answer: () => file({ holders: ['../rome'] }) },
    { what: 'a request to a holder nobody knows', status: 409, code: 'NODE_LEDGER_REFUSED', answer: () => file({ holders: ['atlantis'] }) },
    { what: 'a question about people aged −3', ...invalid, answer: () => file({ question: { all: [{ type: 'age', from: -3, on: '2026-01-01' }] } }) },
    { what: 'a question about the 99th day of month 99', ...invalid, answer: () => file({ question: { all: [{ type: 'age', from: 3, on: '9999-99-99' }] } }) },
    { what: 'an asking about a request nobody filed', status: 404, code: 'NODE_NOT_FOUND', answer: () => send({ url: `${institute}/staff/1/requests/..%2f${mark}/asks`, body: {}, key: researcher }) },
    { what: 'an answer to a request nobody sent', status: 404, code: 'NODE_NOT_FOUND', answer: () => send({ url: `${rome}/staff/1/inbox/${'0'.repeat(26)}/answer`, body: { state: 'accepted' }, key: steward }) },
    { what: 'an applicant that is no member record', ...invalid, answer: () => send({ url: `${rome}/staff/1/members/admissions`, body: { member: { id: mark, roles: ['emperor'] }, signature: 'A'.repeat(86) }, key: steward }) },
  ]
}

const request = {
  holders: ['rome'], class: 'research-organisation', title: 'A question', summary: '', purpose: 'health-research', categories: ['a'], fhirTypes: ['Condition'],
  question: { all: [{ type: 'sex', value: 'female' }] }, days: 30,
}

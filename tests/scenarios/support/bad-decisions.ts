// Decisions that are not hers, not here, not now, or not whole: sent by a citizen's own device to a holder and to the account provider.
import { NO_END, accountKey, consent, consentWithdrawal, decisionKey, optOut } from '@mhmd/accounts'
import type { DecisionPlace, SignedDecision } from '@mhmd/accounts'
import type { Device } from '@mhmd/client'
import { newSigningKey } from '@mhmd/crypto'
import { randomBytes } from 'node:crypto'
import type { BadInput } from './bad-requests.ts'
import { send } from './outside.ts'
import type { Answer } from './outside.ts'
import { until } from './on-network.ts'

const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }

/** Two citizens with their devices, both known at rome and berlin and both with a decision there. */
export interface TwoCitizens {
  readonly rome: string
  readonly berlin: string
  readonly accounts: string
  readonly she: Device
  readonly he: Device
  readonly mark: string
}

const linkAt = (device: Device, holder: string): Device['state']['links'][number] => {
  const link = device.state.links.find((candidate) => candidate.holder === holder)
  if (link === undefined) throw new Error(`no link at ${holder}`)
  return link
}
const nextPlace = (device: Device, holder: string): DecisionPlace => {
  const link = linkAt(device, holder)
  return { network: device.state.network, holder, subject: link.subject, version: link.versions.consent + 1 }
}
const signer = (device: Device, holder: string) => ({ key: decisionKey(device.seed, holder), randomness })

export function badDecisions({ rome, berlin, she, he, mark }: TwoCitizens): BadInput[] {
  const notice = linkAt(she, 'rome').notice
  const now = Date.now()
  const terms = { format: 'mhmd-consent-terms/1' as const, from: now, until: now + 86_400_000, permissions: [], prohibitions: [], despiteOptOut: false, returnsWanted: [] }
  const hers = consent(nextPlace(she, 'rome'), { terms, notice }, signer(she, 'rome'))
  const give = (decision: object, by: Device = she, url = rome): Promise<Answer> => send({ url: `${url}/people/1/decisions`, body: decision, key: decisionKey(by.seed, url === rome ? 'rome' : 'berlin') })
  const timed = (change: object): Promise<Answer> => give(consent(nextPlace(she, 'rome'), { terms: { ...terms, ...change }, notice }, signer(she, 'rome')))
  const placed = (change: Partial<DecisionPlace>): SignedDecision => consentWithdrawal({ ...nextPlace(she, 'rome'), ...change }, { notice }, signer(she, 'rome'))
  const stranger = newSigningKey().key
  const mismatch = { status: 400, code: 'NODE_RECORD_MISMATCH' }
  const invalid = { status: 400, code: 'SCHEMA_NOT_VALID' }
  return [
    { what: 'her decision, brought by somebody else', ...mismatch, answer: () => give(hers, he) },
    { what: 'a decision for her, signed with his key', ...mismatch, answer: () => give(consent(nextPlace(she, 'rome'), { terms, notice }, signer(he, 'rome')), he) },
    { what: 'a decision for her, signed with his key, brought by her', ...mismatch, answer: () => give(consent(nextPlace(she, 'rome'), { terms, notice }, signer(he, 'rome'))) },
    { what: 'her key named over his signature', ...mismatch, answer: () => give({ ...consent(nextPlace(she, 'rome'), { terms, notice }, signer(he, 'rome')), key: hers.key }) },
    { what: 'a decision about another subject under her key', ...mismatch, answer: () => give(placed({ subject: linkAt(he, 'rome').subject })) },
    { what: 'her decision for berlin, brought to rome', ...mismatch, answer: () => give(consent(nextPlace(she, 'berlin'), { terms, notice }, signer(she, 'berlin'))) },
    { what: 'her decision for rome, brought to berlin', ...mismatch, answer: () => give(hers, she, berlin) },
    { what: 'a decision of another network', ...mismatch, answer: () => give(placed({ network: 'A'.repeat(43) })) },
    { what: 'her statement with other terms in the opening', ...mismatch, answer: () => give({ ...hers, opening: { ...hers.opening, content: { ...hers.opening.content, terms: { ...terms, despiteOptOut: true } } } }) },
    { what: 'her statement made into a withdrawal', ...mismatch, answer: () => give({ ...hers, statement: { ...hers.statement, operation: 'withdraw' } }) },
    { what: 'a version that is not the next', ...mismatch, answer: () => give(placed({ version: 5000 })) },
    { what: 'a version that has been', ...mismatch, answer: () => give(placed({ version: 1 })) },
    { what: 'a notice that was never shown', ...mismatch, answer: () => give(consent(nextPlace(she, 'rome'), { terms, notice: 'A'.repeat(43) }, signer(she, 'rome'))) },
    { what: 'an opt-out under the name of a consent', status: 400, code: 'NODE_RECORD_MISMATCH', answer: () => give({ ...optOut(nextPlace(she, 'rome'), { notice }, signer(she, 'rome')), kind: 'consent' }) },
    { what: 'a key that nobody enrolled', status: 401, code: 'NODE_KEY_UNKNOWN', answer: () => send({ url: `${rome}/people/1/decisions`, body: hers, key: stranger }) },
    { what: 'terms until after the year 9999', ...invalid, answer: () => timed({ until: NO_END + 1 }) },
    { what: 'terms until before 1970', ...invalid, answer: () => timed({ until: -1 }) },
    { what: 'terms until noon', ...invalid, answer: () => timed({ until: 'noon' }) },
    { what: 'terms with free text', ...invalid, answer: () => timed({ note: mark }) },
    { what: 'a subject that is a path', ...invalid, answer: () => give({ ...hers, statement: { ...hers.statement, subject: `../../${mark}` } }) },
    { what: 'a link code that is none', status: 403, code: 'NODE_LINK_CODE', answer: () => send({ url: `${rome}/people/1/enrolments/begin`, body: { code: '0000-0000-0000-0000' }, key: stranger }) },
  ]
}

/** What the provider takes on its way and the contracts then refuse, each with its code on the ledger's outcome. */
export async function badAtLedger({ accounts, she, he }: TwoCitizens): Promise<{ what: string; expected: string; found: string }[]> {
  const notice = linkAt(she, 'rome').notice
  const herAccount = accountKey(she.seed, 'accounts')
  const rows: { what: string; expected: string; decision: SignedDecision }[] = [
    { what: 'his decision about her', expected: 'CONTRACT_NOT_HER_KEY', decision: consentWithdrawal(nextPlace(she, 'rome'), { notice }, signer(he, 'rome')) },
    { what: 'a version too far', expected: 'CONTRACT_VERSION_CONFLICT', decision: consentWithdrawal({ ...nextPlace(she, 'berlin'), version: 9 }, { notice }, signer(she, 'berlin')) },
    { what: 'a subject nobody enrolled', expected: 'CONTRACT_SUBJECT_UNKNOWN', decision: consentWithdrawal({ ...nextPlace(she, 'rome'), subject: '0'.repeat(26) }, { notice }, signer(she, 'rome')) },
    { what: 'another network', expected: 'CONTRACT_WRONG_NETWORK', decision: consentWithdrawal({ ...nextPlace(he, 'rome'), network: 'A'.repeat(43) }, { notice }, signer(he, 'rome')) },
    { what: 'a broken signature', expected: 'CONTRACT_BAD_SIGNATURE', decision: { ...consentWithdrawal(nextPlace(he, 'berlin'), { notice }, signer(he, 'berlin')), signature: 'A'.repeat(86) } },
  ]
  const outcome = async (operationId: string): Promise<string> => (JSON.parse((await send({ url: `${accounts}/people/1/account/decisions/${operationId}`, key: herAccount })).text) as { code: string }).code
  for (const { decision: { kind, opening: _, ...item } } of rows) {
    const taken = await send({ url: `${accounts}/people/1/account/decisions`, body: { kind, item }, key: herAccount })
    if (taken.status !== 200) throw new Error(`the provider did not take it: ${taken.code}`)
  }
  return Promise.all(rows.map(async ({ what, expected, decision }) => {
    const { operationId } = decision.statement
    await until(`the ledger has judged ${what}`, async () => !['WAITING', 'SENT'].includes(await outcome(operationId)))
    return { what, expected, found: await outcome(operationId) }
  }))
}

// Cases of `requests@2`, `permits@1`, `agreements@1` and `releases@2`: the procedure from an application to the deletion of what left.
import type { Transaction } from '../../src/contract.ts'
import { stateKeys } from '../../src/state-keys.ts'
import { keyedSignature, releaseAssessmentStatement, statementKinds } from '../../src/statements.ts'
import type { Case, Play } from '../play.ts'
import { applicationOf, day, digestOf, idOf, memberRecord, network, proposal, registerStaff, staffOf, suiteTime, transaction } from '../world.ts'
import type { Submission } from '../world.ts'

type More = Partial<Submission>
const request = idOf('a use request')
const permit = idOf('a permit')
const agreement = idOf('an agreement')
const release = idOf('a table')
const content = digestOf('use request')
const until = suiteTime + 30 * day

export const fileUse = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'requests@2 file', by: 'institute', payload: { request, holders: ['rome', 'berlin'], purpose: 'health-research', form: 'anonymised', basis: 'consent', content, until, ...fields }, ...more })
export const examine = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'requests@2 examine', by: 'authority', payload: { request, content, state: 'complete', reason: 'ALL_IS_THERE', version: 2, ...fields }, ...more })
export const amend = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'requests@2 amend', by: 'institute', payload: { request, content: digestOf('amended request'), version: 2, ...fields }, ...more })
export const answerUse = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'requests@2 answer', by: 'rome', payload: { request, content, state: 'accepted', reason: 'WITHIN_TERMS', version: 1, ...fields }, ...more })
export const closeUse = (more: More = {}): Transaction => transaction({ call: 'requests@2 close', by: 'institute', payload: { request, reason: 'NOT_NEEDED' }, ...more })
export const issue = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'permits@1 issue', by: 'authority', payload: { permit, request, kind: 'data-permit', content: digestOf('permit'), from: suiteTime, until: suiteTime + 20 * day, reason: 'PUBLIC_INTEREST', ...fields }, ...more })
export const refusePermit = (more: More = {}): Transaction => transaction({ call: 'permits@1 refuse', by: 'authority', payload: { request, reason: 'PURPOSE_NOT_SHOWN' }, ...more })
export const revoke = (more: More = {}): Transaction => transaction({ call: 'permits@1 revoke', by: 'authority', payload: { request, reason: 'TERMS_BROKEN' }, ...more })
export const offer = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'agreements@1 offer', by: 'rome', payload: { agreement, request, content: digestOf('agreement'), until: suiteTime + 10 * day, version: 1, ...fields }, ...more })
export const acceptOffer = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'agreements@1 accept', by: 'institute', payload: { request, holder: 'rome', agreement, version: 2, ...fields }, ...more })
export const endAgreement = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'agreements@1 end', by: 'institute', payload: { request, holder: 'rome', agreement, reason: 'WORK_DONE', version: 3, ...fields }, ...more })
export const recordTable = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'releases@2 record', by: 'rome', payload: { release, request, form: 'anonymised', height: 7, content: digestOf('manifests'), bytes: digestOf('bytes'), ...fields }, ...more })
export const deletion = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'releases@2 delete', by: 'institute', payload: { release, request, holder: 'rome', reason: 'AGREEMENT_OVER', receipt: digestOf('receipt'), ...fields }, ...more })

function assess(fields: object = {}, { signer = staffOf('rome')[0], ...more }: More & { signer?: ReturnType<typeof staffOf>[0] } = {}): Transaction {
  const statement = { ...releaseAssessmentStatement({ network, holder: 'rome', request, release, recipient: 'institute', state: 'anonymous', reason: 'RISK_IS_REMOTE', report: digestOf('report'), until: suiteTime + 90 * day, version: 1 }), ...fields }
  return transaction({ call: 'releases@2 assess', by: 'rome', payload: { statement, by: keyedSignature(statementKinds.releaseAssessment, statement, signer) }, ...more })
}

async function withAuthority(play: Play): Promise<void> {
  await play.founded()
  const record = memberRecord('authority', { roles: ['access-body'] })
  await play.accepts(proposal(record))
  for (const by of ['rome', 'berlin']) await play.accepts(transaction({ call: 'participants@1 admit', by, payload: { member: 'authority', application: applicationOf(record) } }))
}

async function agreed(play: Play): Promise<void> {
  await play.founded()
  for (const tx of [fileUse(), answerUse(), offer(), acceptOffer()]) await play.accepts(tx)
}

async function permitted(play: Play, fields: object = {}): Promise<void> {
  await withAuthority(play)
  for (const tx of [fileUse({ basis: 'permit', authority: 'authority', ...fields }), examine(), issue()]) await play.accepts(tx)
}

export const procedureCases: readonly Case[] = [
  ['under consent each holder decides, an agreement is made, a table is recorded, assessed and deleted', async (play) => {
    await agreed(play)
    await play.holds(stateKeys.useRequest(request), { requester: 'institute', state: 'filed', by: 'institute', reason: 'REQUEST_FILED', time: suiteTime, version: 1 })
    await play.holds(stateKeys.useAnswer(request, 'rome'), { state: 'accepted', by: 'rome', reason: 'WITHIN_TERMS', time: suiteTime })
    await play.holds(stateKeys.agreement(request, 'rome'), { state: 'accepted', by: 'institute', agreement, version: 2 })
    await play.accepts(recordTable())
    await play.holds(stateKeys.useRelease(request, 'rome', release), { height: 7, form: 'anonymised', bytes: digestOf('bytes') })
    await play.refuses('RELEASE_EXISTS', recordTable())
    await play.accepts(registerStaff('rome'))
    await play.accepts(assess())
    await play.holds(stateKeys.assessment(request, 'rome', release), { state: 'anonymous', recipient: 'institute', key: staffOf('rome')[0].publicKey, version: 1 })
    await play.accepts(deletion())
    await play.holds(stateKeys.deletion(request, 'rome', release), { reason: 'AGREEMENT_OVER', receipt: digestOf('receipt') })
    await play.refuses('DELETION_RECORDED', deletion())
  }],
  ['under a permit the access body examines and issues, holders have no answer to give, and deliver', async (play) => {
    await permitted(play)
    await play.holds(stateKeys.useRequest(request), { state: 'complete', by: 'authority', reason: 'ALL_IS_THERE', version: 2 })
    await play.holds(stateKeys.permit(request), { state: 'issued', by: 'authority', version: 1 })
    await play.refuses('AUTHORITY_DECIDES', answerUse())
    await play.refuses('AUTHORITY_DECIDES', answerUse({ state: 'refused' }, { by: 'berlin' }))
    for (const tx of [offer(), acceptOffer(), recordTable()]) await play.accepts(tx)
  }],
  ['a request names an access body exactly where it rests on a permit, and a real one', async (play) => {
    await withAuthority(play)
    await play.refuses('AUTHORITY_MISMATCH', fileUse({ basis: 'permit' }))
    await play.refuses('AUTHORITY_MISMATCH', fileUse({ authority: 'authority' }))
    for (const authority of ['berlin', 'stranger']) await play.refuses('AUTHORITY_UNKNOWN', fileUse({ basis: 'permit', authority }))
    await play.refuses('ROLE_MISSING', fileUse({}, { by: 'rome' }))
    await play.refuses('STATEMENT_EXPIRED', fileUse({ until: suiteTime - 1 }))
    await play.refuses('HOLDER_UNKNOWN', fileUse({ holders: ['accounts'] }))
    await play.accepts(fileUse())
    await play.refuses('REQUEST_EXISTS', fileUse())
    await play.refuses('NOT_YOURS', examine())
    await play.refuses('NOT_YOURS', issue())
  }],
  ['what is incomplete is amended by the requester, and decided on as it stands then', async (play) => {
    await withAuthority(play)
    await play.accepts(fileUse({ basis: 'permit', authority: 'authority' }))
    await play.refuses('NOT_INCOMPLETE', amend())
    await play.refuses('NOT_YOURS', examine({}, { by: 'institute' }))
    await play.refuses('VERSION_CONFLICT', examine({ version: 3 }))
    await play.accepts(examine({ state: 'incomplete', reason: 'ETHICS_MISSING' }))
    await play.refuses('NOT_COMPLETE', issue())
    await play.refuses('NOT_YOURS', amend({ version: 3 }, { by: 'rome' }))
    await play.refuses('VERSION_CONFLICT', amend({ version: 2 }))
    await play.accepts(amend({ version: 3 }))
    await play.holds(stateKeys.useRequest(request), { state: 'filed', content: digestOf('amended request'), version: 3 })
    await play.refuses('CONTENT_CHANGED', examine({ version: 4 }))
    await play.accepts(examine({ content: digestOf('amended request'), version: 4 }))
    await play.accepts(issue())
    await play.refuses('PERMIT_DECIDED', examine({ content: digestOf('amended request'), state: 'incomplete', version: 5 }))
  }],
  ['under consent an incomplete request is amended unless a holder accepted it', async (play) => {
    await play.founded()
    await play.accepts(fileUse())
    await play.accepts(answerUse({ state: 'incomplete', reason: 'ETHICS_MISSING' }))
    await play.accepts(answerUse({ state: 'accepted' }, { by: 'berlin' }))
    await play.refuses('NOT_INCOMPLETE', amend())
    await play.accepts(answerUse({ state: 'refused', reason: 'NOT_AGREED', version: 2 }, { by: 'berlin' }))
    await play.accepts(amend())
    await play.refuses('CONTENT_CHANGED', answerUse({ version: 2 }))
    await play.accepts(answerUse({ content: digestOf('amended request'), version: 2 }))
  }],
  ['only a holder that a standing request names answers it, version by version; only the requester closes', async (play) => {
    await play.founded()
    await play.refuses('REQUEST_UNKNOWN', answerUse())
    await play.refuses('REQUEST_UNKNOWN', closeUse())
    await play.accepts(fileUse({ holders: ['rome'] }))
    await play.refuses('NOT_ADDRESSED', answerUse({}, { by: 'berlin' }))
    await play.refuses('VERSION_CONFLICT', answerUse({ version: 2 }))
    await play.refuses('REQUEST_CLOSED', answerUse({}, { time: until + 1 }))
    await play.refuses('BAD_PAYLOAD', answerUse({ reason: 'because her diagnosis is rare' }))
    await play.refuses('NOT_YOURS', closeUse({ by: 'rome' }))
    await play.accepts(answerUse())
    await play.accepts(closeUse())
    await play.refuses('REQUEST_CLOSED', closeUse())
    await play.refuses('REQUEST_CLOSED', offer())
    await play.refuses('REQUEST_CLOSED', amend())
  }],
  ['a permit is decided once, within the request, and revoked by its own access body', async (play) => {
    await withAuthority(play)
    await play.refuses('REQUEST_UNKNOWN', issue())
    await play.refuses('REQUEST_UNKNOWN', revoke())
    await play.accepts(fileUse({ basis: 'permit', authority: 'authority' }))
    await play.accepts(examine())
    for (const period of [{ from: suiteTime + day, until: suiteTime + day }, { from: suiteTime - 2 * day, until: suiteTime - day }, { until: until + 1 }]) await play.refuses('PERMIT_PERIOD', issue(period))
    await play.refuses('NOT_YOURS', issue({}, { by: 'rome' }))
    await play.refuses('PERMIT_NOT_IN_FORCE', revoke())
    await play.accepts(issue({ from: suiteTime + day }))
    await play.refuses('PERMIT_DECIDED', issue())
    await play.refuses('PERMIT_DECIDED', refusePermit())
    await play.refuses('PERMIT_NOT_IN_FORCE', offer())
    await play.accepts(offer({}, { time: suiteTime + day }))
    await play.accepts(acceptOffer({}, { time: suiteTime + day }))
    await play.refuses('NOT_YOURS', revoke({ by: 'rome' }))
    await play.accepts(revoke({ time: suiteTime + day }))
    await play.holds(stateKeys.permit(request), { state: 'revoked', reason: 'TERMS_BROKEN', version: 2 })
    await play.refuses('PERMIT_NOT_IN_FORCE', recordTable({}, { time: suiteTime + day }))
    await play.refuses('PERMIT_NOT_IN_FORCE', revoke())
  }],
  ['a refused permit is no permit', async (play) => {
    await withAuthority(play)
    await play.accepts(fileUse({ basis: 'permit', authority: 'authority' }))
    await play.refuses('PERMIT_NOT_IN_FORCE', offer())
    await play.refuses('NOT_YOURS', refusePermit({ by: 'institute' }))
    await play.accepts(refusePermit())
    await play.refuses('PERMIT_NOT_IN_FORCE', offer())
    await play.refuses('PERMIT_DECIDED', issue())
  }],
  ['an agreement is offered by a holder that may deliver, accepted by the requester, ended by either', async (play) => {
    await play.founded()
    await play.refuses('REQUEST_UNKNOWN', offer())
    await play.accepts(fileUse({ holders: ['rome'] }))
    await play.refuses('NOT_ADDRESSED', offer({}, { by: 'berlin' }))
    await play.refuses('NO_ACCEPTED_REQUEST', offer())
    await play.accepts(answerUse())
    await play.refuses('STATEMENT_EXPIRED', offer({ until: suiteTime }))
    await play.refuses('STATEMENT_EXPIRED', offer({ until: until + 1 }))
    await play.refuses('VERSION_CONFLICT', offer({ version: 2 }))
    await play.refuses('AGREEMENT_NOT_OFFERED', acceptOffer())
    await play.accepts(offer())
    await play.refuses('NOT_YOURS', acceptOffer({}, { by: 'berlin' }))
    await play.refuses('AGREEMENT_NOT_OFFERED', acceptOffer({ agreement: idOf('another') }))
    await play.refuses('AGREEMENT_NOT_OFFERED', acceptOffer({}, { time: suiteTime + 10 * day }))
    await play.refuses('VERSION_CONFLICT', acceptOffer({ version: 3 }))
    await play.accepts(acceptOffer())
    await play.refuses('AGREEMENT_STANDS', offer({ version: 3 }))
    await play.refuses('NOT_YOURS', endAgreement({}, { by: 'berlin' }))
    await play.refuses('AGREEMENT_UNKNOWN', endAgreement({ agreement: idOf('another') }))
    await play.refuses('VERSION_CONFLICT', endAgreement({ version: 2 }))
    await play.accepts(endAgreement())
    await play.refuses('AGREEMENT_UNKNOWN', endAgreement({ version: 4 }))
    await play.refuses('NO_AGREEMENT', recordTable())
    await play.accepts(offer({ agreement: idOf('second agreement'), version: 4 }))
    await play.accepts(endAgreement({ agreement: idOf('second agreement'), version: 5 }, { by: 'rome' }))
  }],
  ['bytes leave under an agreement in force and in the form asked for; a figure needs none', async (play) => {
    await play.founded()
    await play.refuses('REQUEST_UNKNOWN', recordTable())
    await play.accepts(fileUse())
    await play.refuses('NO_ACCEPTED_REQUEST', recordTable())
    await play.accepts(answerUse())
    await play.refuses('NOT_ADDRESSED', recordTable({}, { by: 'accounts' }))
    await play.refuses('NO_AGREEMENT', recordTable())
    await play.accepts(offer())
    await play.refuses('NO_AGREEMENT', recordTable())
    await play.accepts(acceptOffer())
    await play.refuses('FORM_MISMATCH', recordTable({ form: 'pseudonymised' }))
    await play.refuses('NO_AGREEMENT', recordTable({}, { time: suiteTime + 10 * day }))
    await play.accepts(answerUse({ state: 'refused', version: 2 }))
    await play.refuses('NO_ACCEPTED_REQUEST', recordTable())
    const [counted, count] = [idOf('a count request'), idOf('a count')]
    await play.accepts(fileUse({ request: counted, form: 'computation' }))
    await play.accepts(answerUse({ request: counted }))
    await play.accepts(transaction({ call: 'releases@2 record', by: 'rome', payload: { release: count, request: counted, form: 'computation', height: 7, content: digestOf('manifests') } }))
  }],
  ['a table under pseudonyms leaves under consent and never under a permit', async (play) => {
    await permitted(play, { form: 'pseudonymised' })
    for (const tx of [offer(), acceptOffer()]) await play.accepts(tx)
    await play.refuses('FORM_NOT_UNDER_PERMIT', recordTable({ form: 'pseudonymised' }))
    const consented = { request: idOf('a request under consent'), form: 'pseudonymised' }
    await play.accepts(fileUse(consented))
    await play.accepts(answerUse({ request: consented.request }))
    await play.accepts(offer({ request: consented.request }))
    await play.accepts(acceptOffer({ request: consented.request }))
    await play.accepts(recordTable(consented))
  }],
  ['an assessment is a steward’s own, for this recipient, with an end, and can be taken back', async (play) => {
    await agreed(play)
    await play.accepts(registerStaff('rome'))
    await play.refuses('RELEASE_UNKNOWN', assess())
    await play.refuses('RELEASE_UNKNOWN', deletion())
    await play.accepts(recordTable())
    await play.refuses('NOT_YOURS', assess({}, { by: 'berlin' }))
    await play.refuses('OTHER_RECIPIENT', assess({ recipient: 'berlin' }))
    await play.refuses('NOT_STAFF', assess({}, { signer: staffOf('berlin')[0] }))
    await play.refuses('STATEMENT_EXPIRED', assess({ until: suiteTime }))
    await play.refuses('VERSION_CONFLICT', assess({ version: 2 }))
    await play.refuses('WRONG_NETWORK', assess({ network: digestOf('another network') }))
    await play.refuses('BAD_SIGNATURE', transaction({ call: 'releases@2 assess', by: 'rome', payload: { ...(assess().payload as object), by: { key: staffOf('rome')[0].publicKey, signature: (assess({ reason: 'RISK_IS_LOW' }).payload as { by: { signature: string } }).by.signature } } }))
    await play.accepts(assess())
    await play.accepts(assess({ state: 'not-anonymous', reason: 'NEW_DATA_ELSEWHERE', version: 2 }))
    await play.holds(stateKeys.assessment(request, 'rome', release), { state: 'not-anonymous', version: 2 })
    await play.refuses('NOT_YOURS', deletion({}, { by: 'rome' }))
    await play.accepts(deletion({}, { time: until + day }))
  }],
]

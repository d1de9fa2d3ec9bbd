// Door two at a holder: the job that makes a table, with the gate's word on its bytes; the agreement it leaves under, and a steward's assessment.
import { MhmdError, fromBase64Url, newId, toBase64Url, utf8 } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { resolveCohort, subjectsOf } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import { stateKeys } from '@mhmd/contracts'
import { commit, deriveKey, newSalt, sha256 } from '@mhmd/crypto'
import { compileView, viewTable } from '@mhmd/fhir'
import type { PersonResources } from '@mhmd/fhir'
import type { Follower } from '@mhmd/ledger'
import type { Handler, Outbox } from '@mhmd/messages'
import { deidEngine, holdsFor, openTableManifest, releaseErrors, releaseTable } from '@mhmd/release'
import type { Figures, ReleasedTable } from '@mhmd/release'
import { checkStatement } from '@mhmd/accounts'
import type { SignedRecallStatement } from '@mhmd/accounts'
import { AssessReleasePayload, documentType, viewDefinitionDocument } from '@mhmd/schema'
import type { AgreementState, Dataset, Question, ReleaseAssessmentState } from '@mhmd/schema'
import type { Store, WriteTransaction } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import { keptDataset } from './datasets-kept.ts'
import type { HolderRequests } from './holder-requests.ts'
import type { HolderVault } from './holder-vault.ts'
import { PIECE_BYTES } from './held-bytes.ts'
import type { HeldBytes } from './held-bytes.ts'
import type { Job, JobStep, Jobs } from './jobs.ts'
import { accepted } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import type { NodePart } from './node-part.ts'
import { Exactly, Id, Recorded } from './people-answers.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { ReleaseRow, ReleasesKept } from './releases-kept.ts'
import type { RequestIn } from './requests.ts'
import { sealedTable } from './sealed-table.ts'
import type { Standing } from './standing.ts'
import { AGREEMENT_CONTENT, agreementsOffered, duties, tableMessages } from './tables.ts'
import type { Agreement } from './tables.ts'
import type { Trust } from './trust.ts'

export interface TableReleaseParts {
  readonly store: Store
  readonly ledger: LedgerOutbox
  readonly outbox: Outbox
  readonly follower: Follower
  readonly trust: Trust
  readonly jobs: Jobs
  readonly vault: HolderVault
  readonly standing: Standing
  readonly requests: Pick<HolderRequests, 'accepted'>
  readonly releases: ReleasesKept
  readonly bytes: HeldBytes
  readonly nodeKey: Uint8Array
  readonly network: string
  readonly member: string
  readonly clock: Clock
  readonly randomness: Randomness
}

const closed = { additionalProperties: false } as const
const IdText = Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' })
const tableDocument = documentType('table-release', Type.Object({ request: IdText }, closed))
const offerDocument = documentType('agreement-offer', Type.Object({ days: Type.Integer({ minimum: 1, maximum: 3650 }) }, closed))
/** `statement` and `by` are signed on her own device; `reasons` stay with the holder, `report` in the statement commits to them. */
const assessmentDocument = documentType('release-assessment', Type.Object({ ...AssessReleasePayload.properties, reasons: Type.String({ minLength: 1, maxLength: 20_000 }), salt: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }, closed))

const DAY_MILLISECONDS = 86_400_000
const DEADLINE_MILLISECONDS = 30 * 60_000
const STARTS = 20
const overtaken = new Set(['CONSENT_DECISION_SUPERSEDED', 'NODE_CHANGED_MEANWHILE', 'VAULT_UNKNOWN_SUBJECT'])

/** The domain of the commitment to an assessment's reasons. */
const REPORT_CONTENT = 'release-assessment-report'

export function createTableReleases(parts: TableReleaseParts): Required<Pick<NodePart, 'routes' | 'handlers' | 'runners'>> {
  const { store, clock, follower, releases, randomness } = parts
  const secret = deriveKey(parts.nodeKey, 'release')
  const reasons = sealedTable<{ readonly reasons: string; readonly salt: string; readonly at: number }>('release-assessments', parts.nodeKey)
  const agreementOn = async (request: string): Promise<AgreementState | undefined> => await follower.latest(stateKeys.agreement(request, parts.member)) as AgreementState | undefined

  async function offer(id: string, days: number): Promise<{ agreement: string; height: number }> {
    parts.standing.requireSight()
    const { document: { form, until, requester } } = await parts.requests.accepted(id)
    if (form !== 'anonymised' && form !== 'pseudonymised') throw nodeErrors.STATE({ what: 'request', state: 'one for figures, which need no agreement' })
    const document: Agreement = { format: 'mhmd-agreement/1', agreement: newId(randomness), request: id, holder: parts.member, recipient: requester.member, form, until: Math.min(until, clock.now() + days * DAY_MILLISECONDS), duties: [...duties] }
    const salt = newSalt(randomness)
    const version = ((await agreementOn(id))?.version ?? 0) + 1
    const receipt = accepted(await parts.ledger.submit({
      contract: 'agreements@1', operation: 'offer', operationId: newId(randomness),
      payload: { agreement: document.agreement, request: id, content: commit(AGREEMENT_CONTENT, document, salt), until: document.until, version },
    }))
    await store.write(async (tx) => {
      await agreementsOffered.put(tx, [id], { document, salt })
      await parts.outbox.post(tx, { to: requester.member, kind: 'agreement/1', body: { document, salt } })
    })
    return { agreement: document.agreement, height: receipt.height }
  }

  /** The agreement that this release would leave under, if it holds now. */
  async function agreementFor(request: string): Promise<Agreement> {
    const kept = await store.read((tx) => agreementsOffered.get(tx, request))
    const state = await agreementOn(request)
    if (kept === undefined || state?.state !== 'accepted' || state.agreement !== kept.document.agreement || state.until <= clock.now()) throw nodeErrors.STATE({ what: 'agreement', state: 'not accepted, or over' })
    return kept.document
  }

  async function runRelease(job: Job, step: JobStep): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await releaseOnce(job, step)
      } catch (error) {
        // Somebody withdrew or was erased meanwhile: it starts over without her, at once.
        if (!MhmdError.isInstance(error) || !overtaken.has(error.code) || attempt === STARTS || step.signal.aborted) throw error
        await step.note('started-over', { attempt })
      }
    }
  }

  async function releaseOnce(job: Job, step: JobStep): Promise<void> {
    const id = String(job.input['request'])
    parts.standing.requireSight()
    const request = await parts.requests.accepted(id)
    const agreement = await agreementFor(id)
    const dataset = await offeredDataset(request)
    const height = follower.height()
    const now = clock.now()
    step.progress(0, 3)
    const decision = await resolveCohort(request.document, parts.standing.at(height, parts.vault.subjects()), { time: now, height, deadline: now + DEADLINE_MILLISECONDS, stillStands: parts.standing.watch() })
    const { answers } = decision.tallies
    await step.note('cohort-resolved', { height, permitted: answers.permit, denied: answers.deny, undetermined: answers.undetermined })
    step.progress(1, 3)
    const earlier = await store.read((tx) => releases.classesTo(tx, request.document.requester.member, dataset.id))
    const outcome = await releaseTable({ request: request.document, decision, dataset, agreement: agreement.agreement, source: { rows: rowsOf }, engine: deidEngine, secret, earlier, clock, randomness })
    if (!outcome.released) {
      await step.note('held-back', { rule: outcome.rule, ...figuresOf(outcome.figures) })
      throw releaseErrors[`GATE_${outcome.rule}`]()
    }
    await step.note('gate-passed', { release: outcome.release, bytes: outcome.bytes.length, ...figuresOf(outcome.figures) })
    step.progress(2, 3)
    if (step.signal.aborted) throw nodeErrors.STATE({ what: 'job', state: 'cancelled' })
    await step.finish((tx) => leave(tx, { request, agreement, decision, outcome, dataset: dataset.id }))
  }

  async function offeredDataset({ document: { dataset } }: RequestIn): Promise<{ holder: string; id: string; version: number; document: Dataset }> {
    const kept = dataset?.holder === parts.member ? await store.read((tx) => keptDataset(tx, dataset.id)) : undefined
    if (kept === undefined) throw nodeErrors.NOT_FOUND({ what: 'dataset with a view' })
    return { holder: parts.member, ...kept }
  }

  async function rowsOf(decision: Decision, dataset: Dataset, question: Question | undefined): ReturnType<typeof viewTable> {
    const cohort = question === undefined ? undefined : new Set<string>()
    if (question !== undefined) for await (const { subject, facts } of parts.vault.facts(decision)) if (holdsFor(question, facts)) cohort?.add(subject)
    return viewTable(compileView(viewDefinitionDocument.parse(dataset.view)), within(parts.vault.records(decision, dataset.view.resource), cohort))
  }

  /** One transaction: its bytes, its row, its record on the ledger and its offer. The last look before it leaves: whoever withdrew since makes the job start over without her. */
  async function leave(tx: WriteTransaction, { request, agreement, decision, outcome, dataset }: { request: RequestIn; agreement: Agreement; decision: Decision; outcome: ReleasedTable; dataset: string }): Promise<void> {
    const covered = new Set(subjectsOf(decision, clock.now()))
    if (!outcome.people.every((subject) => covered.has(subject))) throw nodeErrors.CHANGED_MEANWHILE()
    const { release, bytes, digest, figures, commitments: { salt, content, bytes: committed } } = outcome
    const { id, form, requester: { member: to } } = request.document
    for (let offset = 0; offset < bytes.length; offset += PIECE_BYTES) await parts.bytes.append(tx, [release], { offset, bytes: bytes.subarray(offset, offset + PIECE_BYTES) })
    await releases.put(tx, {
      id: release, at: clock.now(), ask: release, request: id, to, height: decision.height, manifest: toBase64Url(outcome.sealedManifest), salt, exact: figures.people, tallies: decision.tallies, considered: outcome.people,
      table: { form: agreement.form, agreement: agreement.agreement, dataset, digest, size: bytes.length, figures },
    })
    if (outcome.classes !== null) await releases.putClasses(tx, { to, dataset, release, classes: outcome.classes })
    await parts.ledger.enqueue(tx, { contract: 'releases@2', operation: 'record', operationId: newId(randomness), payload: { release, request: id, form, height: decision.height, content, bytes: committed } })
    await parts.outbox.post(tx, { to, kind: 'table-offer/1', body: { request: id, release, agreement: agreement.agreement, manifest: outcome.manifest, holderManifest: holderDigest(outcome), salt, size: bytes.length, digest } })
  }

  const holderDigest = ({ sealedManifest, release }: ReleasedTable): string => toBase64Url(sha256(utf8(JSON.stringify(openTableManifest(sealedManifest, release, secret)))))

  /** Her signature is checked by the contracts; her key is put among this holder's staff there first. */
  async function assess(id: string, key: string, { statement, by, reasons: text, salt }: ReturnType<typeof assessmentDocument.parse>): Promise<{ height: number }> {
    const row = await store.read((tx) => releases.get(tx, id))
    if (row?.table === undefined) throw nodeErrors.NOT_FOUND({ what: 'release of a table' })
    if (by.key !== key || statement.release !== id || statement.request !== row.request) throw nodeErrors.BAD_INPUT({ at: '/statement', why: 'it is not about this release, or not signed by who sends it' })
    if (fromBase64Url(salt).length !== 32 || commit(REPORT_CONTENT, text, salt) !== statement.report) throw nodeErrors.BAD_INPUT({ at: '/reasons', why: 'the report in the statement does not commit to them' })
    if (await follower.latest(stateKeys.staff(parts.member, key)) === undefined) accepted(await parts.ledger.submit({ contract: 'participants@1', operation: 'staff', operationId: newId(randomness), payload: { keys: [{ key, state: 'active' }] } }))
    const receipt = accepted(await parts.ledger.submit({ contract: 'releases@2', operation: 'assess', operationId: newId(randomness), payload: { statement, by } }))
    await store.write((tx) => reasons.put(tx, [id, String(statement.version)], { reasons: text, salt, at: clock.now() }))
    return { height: receipt.height }
  }

  const handlers: Record<string, Handler> = {
    'table-received/1': async (envelope, tx) => {
      const { release, digest } = tableMessages['table-received/1'].parse(envelope.body)
      const row = await ownRow(tx, envelope.from, release)
      if (row.table.digest !== digest) throw nodeErrors.STATE({ what: 'release', state: 'another one than was received' })
      // Its recipient has them: the holder repeats them from its manifest if it must, and keeps no copy.
      await parts.bytes.remove(tx, [release])
      await releases.put(tx, { ...row, table: { ...row.table, received: clock.now() } })
      return {}
    },
    'table-deleted/1': async (envelope, tx) => {
      const { release, document } = tableMessages['table-deleted/1'].parse(envelope.body) as { release: string; document: SignedRecallStatement }
      const row = await ownRow(tx, envelope.from, release)
      checkStatement(document, { network: parts.network, member: envelope.from, signingKey: parts.trust.member(envelope.from)?.signingKey ?? '' })
      if (document.statement.release !== release || document.statement.holder !== parts.member) throw nodeErrors.RECORD_MISMATCH({ why: 'it is about another release' })
      await parts.bytes.remove(tx, [release])
      await releases.put(tx, { ...row, table: { ...row.table, deleted: { at: document.statement.at, document } } })
      return {}
    },
  }

  async function ownRow(tx: WriteTransaction, from: string, release: string): Promise<ReleaseRow & { readonly table: NonNullable<ReleaseRow['table']> }> {
    const row = await releases.get(tx, release)
    if (row?.to !== from || row.table === undefined) throw nodeErrors.NOT_FOUND({ what: 'release' })
    return { ...row, table: row.table }
  }

  return {
    handlers,
    runners: { release: runRelease },
    routes: [
      route({
        method: 'POST', path: '/staff/1/inbox/:id/agreement', body: offerDocument, roles: ['steward'], refusals: [...ledgerRefusals, 'NODE_NOT_FOUND', 'NODE_STATE', 'NODE_BLIND'],
        summary: 'Offers the requester an agreement under which a table may leave, on the ledger and to it.',
        answer: Exactly({ agreement: Id, ...Recorded.properties }),
        handle: ({ params, body }) => offer(params['id'] ?? '', body.days),
      }),
      route({
        method: 'POST', path: '/staff/1/releases/tables', body: tableDocument, roles: ['steward'], refusals: ['NODE_NOT_FOUND', 'NODE_STATE', 'NODE_BLIND'],
        summary: 'Starts the job that makes the table a request asks for; nothing leaves unless the gate passes its bytes.',
        answer: Exactly({ job: Id }),
        handle: async ({ body: { request } }) => {
          await parts.requests.accepted(request)
          await agreementFor(request)
          return store.write(async (tx) => ({ job: await parts.jobs.add(tx, 'release', { request }) }))
        },
      }),
      route({
        method: 'POST', path: '/staff/1/releases/:id/assessment', body: assessmentDocument, roles: ['steward'], needsSignature: true, refusals: [...ledgerRefusals, 'NODE_NOT_FOUND', 'NODE_BAD_INPUT'],
        summary: 'Records on the ledger what a steward holds of a table for its recipient, in its context and until a day; her reasons stay here.',
        answer: Recorded,
        handle: ({ params, key, body }) => assess(params['id'] ?? '', key, body),
      }),
      route({
        method: 'GET', path: '/staff/1/releases/:id/assessment', roles: ['steward', 'dpo', 'auditor'], refusals: ['NODE_NOT_FOUND'],
        summary: 'What stands on the ledger about a table: the assessment in force, and the version after which another comes.',
        answer: Exactly({ request: Id, recipient: Type.String(), network: Type.String(), holder: Type.String(), assessment: Type.Unknown(), version: Type.Integer({ minimum: 0 }) }),
        handle: async ({ params }) => {
          const row = await store.read((tx) => releases.get(tx, params['id'] ?? ''))
          if (row?.table === undefined) throw nodeErrors.NOT_FOUND({ what: 'release of a table' })
          const assessment = await follower.latest(stateKeys.assessment(row.request, parts.member, row.id)) as ReleaseAssessmentState | undefined
          return { request: row.request, recipient: row.to, network: parts.network, holder: parts.member, assessment: assessment ?? null, version: assessment?.version ?? 0 }
        },
      }),
    ],
  }
}

/** Those of the cohort alone. */
async function* within(people: AsyncIterable<PersonResources>, cohort: ReadonlySet<string> | undefined): AsyncGenerator<PersonResources> {
  for await (const one of people) if (cohort?.has(one.person) ?? true) yield one
}

/** Counts for the log; per-column figures by their column's name. */
function figuresOf(figures: Figures | null): Record<string, number> {
  if (figures === null) return {}
  const { distinctValues, labels: _, toldApart, ...counts } = figures
  return { ...counts, ...prefixed('distinct', distinctValues), ...prefixed('told-apart', toldApart) }
}

const prefixed = (prefix: string, values: Readonly<Record<string, number>>): Record<string, number> => Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}:${name}`, value]))

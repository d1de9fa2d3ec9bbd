// Door two at a holder: the job that makes a table, with the gate's word on its bytes, and a steward's assessment.
import { MhmdError, fromBase64Url, newId, toBase64Url, utf8 } from '@mhmd/base'
import type { Canonical, Clock, Randomness } from '@mhmd/base'
import { subjectsOf } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import { stateKeys } from '@mhmd/contracts'
import { commit, deriveKey, sha256 } from '@mhmd/crypto'
import { compileView, viewTable } from '@mhmd/fhir'
import type { PersonResources } from '@mhmd/fhir'
import type { Follower } from '@mhmd/ledger'
import type { Handler, Outbox } from '@mhmd/messages'
import { deidEngine, holdsFor, makeInThread, openTableManifest, releaseErrors, releaseTable, typesAsked } from '@mhmd/release'
import type { Figures, ReleasedTable } from '@mhmd/release'
import { checkStatement } from '@mhmd/accounts'
import type { SignedRecallStatement } from '@mhmd/accounts'
import { AssessReleasePayload, documentType, viewDefinitionDocument } from '@mhmd/schema'
import type { Dataset, Question, ReleaseAssessmentState } from '@mhmd/schema'
import type { Store, WriteTransaction } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import { keptDataset } from './datasets-kept.ts'
import type { HolderAgreements } from './holder-agreements.ts'
import type { HolderRequests } from './holder-requests.ts'
import type { HolderVault } from './holder-vault.ts'
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
import { tableMessages } from './tables.ts'
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
  readonly requests: Pick<HolderRequests, 'acceptedTable' | 'resolve'>
  readonly agreements: Pick<HolderAgreements, 'inForce'>
  readonly releases: ReleasesKept
  readonly bytes: HeldBytes
  readonly pieceBytes: number
  readonly nodeKey: Uint8Array
  readonly network: string
  readonly member: string
  readonly clock: Clock
  readonly randomness: Randomness
}

const closed = { additionalProperties: false } as const
const IdText = Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' })
/** With a job's id, giving it again starts it once. */
const tableDocument = documentType('table-release', Type.Object({ request: IdText, job: Type.Optional(IdText) }, closed))
/** `statement` and `by` are signed on her own device; `reasons` stay with the holder, `report` in the statement commits to them. */
const assessmentDocument = documentType('release-assessment', Type.Object({ ...AssessReleasePayload.properties, reasons: Type.String({ minLength: 1, maxLength: 20_000 }), salt: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }) }, closed))

const DEADLINE_MILLISECONDS = 30 * 60_000
const STARTS = 20
/** The cohort resolved, its table protected, its bytes measured, all of it on its way. */
const STEPS = 4
const overtaken = new Set(['CONSENT_DECISION_SUPERSEDED', 'NODE_CHANGED_MEANWHILE', 'VAULT_UNKNOWN_SUBJECT'])

/** The domain of the commitment to an assessment's reasons. */
const REPORT_CONTENT = 'release-assessment-report'
/** What is kept of an assessment with the ledger's receipt: the offer that waited for it. */
const KEEPER = 'release-assessment'

export function createTableReleases(parts: TableReleaseParts): Required<Pick<NodePart, 'routes' | 'handlers' | 'runners'>> {
  const { store, clock, follower, releases, randomness } = parts
  const secret = deriveKey(parts.nodeKey, 'release')
  const offersHeld = sealedTable<{ readonly to: string; readonly body: Canonical }>('table-offers-held', parts.nodeKey)
  const reasons = sealedTable<{ readonly reasons: string; readonly salt: string; readonly at: number }>('release-assessments', parts.nodeKey)

  async function runRelease(job: Job, step: JobStep): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await releaseOnce(job, step)
      } catch (error) {
        // Somebody withdrew or was erased meanwhile: it starts over without her, at once.
        if (step.signal.aborted) throw nodeErrors.STATE({ what: 'job', state: 'cancelled' })
        if (!MhmdError.isInstance(error) || !overtaken.has(error.code) || attempt === STARTS) throw error
        await step.note('started-over', { attempt })
      }
    }
  }

  async function releaseOnce(job: Job, step: JobStep): Promise<void> {
    const id = String(job.input['request'])
    parts.standing.requireSight()
    const request = await parts.requests.acceptedTable(id)
    const agreement = await parts.agreements.inForce(id)
    const dataset = await offeredDataset(request)
    step.progress(0, STEPS)
    const decision = await parts.requests.resolve(request, { subjects: parts.vault.subjects(), milliseconds: DEADLINE_MILLISECONDS })
    const { height, tallies: { answers } } = decision
    await step.note('cohort-resolved', { height, permitted: answers.permit, denied: answers.deny, undetermined: answers.undetermined, ...prefixed('because', decision.tallies.reasons) })
    step.progress(1, STEPS)
    const earlier = await store.read((tx) => releases.classesTo(tx, request.document.requester.member, dataset.id))
    const make = makeInThread({ signal: step.signal, done: (stage) => { step.progress(stage === 'protected' ? 2 : 3, STEPS) } })
    const outcome = await releaseTable({ request: request.document, decision, dataset, agreement: agreement.agreement, source: { rows: rowsOf }, engine: deidEngine, make, secret, earlier, clock, randomness })
    if (!outcome.released) {
      await step.note('held-back', { rule: outcome.rule, ...figuresOf(outcome.figures) })
      throw releaseErrors[`GATE_${outcome.rule}`]()
    }
    await step.note('gate-passed', { release: outcome.release, bytes: outcome.bytes.length, ...figuresOf(outcome.figures) })
    await step.finish((tx) => leave(tx, { request, agreement, decision, outcome, dataset: dataset.id }))
  }

  async function offeredDataset({ document: { dataset } }: RequestIn): Promise<{ holder: string; id: string; version: number; document: Dataset }> {
    const kept = dataset?.holder === parts.member ? await store.read((tx) => keptDataset(tx, dataset.id)) : undefined
    if (kept === undefined) throw nodeErrors.NOT_FOUND({ what: 'dataset with a view' })
    return { holder: parts.member, ...kept }
  }

  async function rowsOf(decision: Decision, dataset: Dataset, question: Question | undefined): ReturnType<typeof viewTable> {
    const cohort = question === undefined ? undefined : new Set<string>()
    if (question !== undefined) for await (const { subject, facts } of parts.vault.facts(decision, typesAsked(question))) if (holdsFor(question, facts)) cohort?.add(subject)
    return viewTable(compileView(viewDefinitionDocument.parse(dataset.view)), within(parts.vault.records(decision, dataset.view.resource), cohort))
  }

  /** One transaction: its bytes, its row, its record on the ledger and its offer. The last look before it leaves: whoever withdrew since makes the job start over without her. */
  async function leave(tx: WriteTransaction, { request, agreement, decision, outcome, dataset }: { request: RequestIn; agreement: Agreement; decision: Decision; outcome: ReleasedTable; dataset: string }): Promise<void> {
    const covered = new Set(subjectsOf(decision, clock.now()))
    if (!outcome.people.every((subject) => covered.has(subject))) throw nodeErrors.CHANGED_MEANWHILE()
    const { release, bytes, digest, figures, commitments: { salt, content, bytes: committed } } = outcome
    const { id, form, requester: { member: to } } = request.document
    const record = newId(randomness)
    for (let offset = 0; offset < bytes.length; offset += parts.pieceBytes) await parts.bytes.append(tx, [release], { offset, bytes: bytes.subarray(offset, offset + parts.pieceBytes) })
    await releases.put(tx, {
      id: release, at: clock.now(), ask: release, request: id, to, height: decision.height, manifest: toBase64Url(outcome.sealedManifest), salt, exact: figures.people, tallies: decision.tallies, considered: parts.vault.pseudonymsOf(decision, outcome.people),
      table: { form: agreement.form, agreement: agreement.agreement, record, dataset, digest, size: bytes.length, figures },
    })
    if (outcome.classes !== null) await releases.putClasses(tx, { to, dataset, release, classes: outcome.classes })
    await parts.ledger.enqueue(tx, { contract: 'releases@2', operation: 'record', operationId: record, payload: { release, request: id, form, height: decision.height, content, bytes: committed } })
    const body = { request: id, release, agreement: agreement.agreement, manifest: outcome.manifest, holderManifest: holderDigest(outcome), salt, size: bytes.length, digest }
    // Regulation (EU) 2025/327, Art. 73(2): under a permit it is offered once a steward holds it anonymous for this recipient.
    if (request.document.basis === 'permit') await offersHeld.put(tx, [release], { to, body })
    else await parts.outbox.post(tx, { to, kind: 'table-offer/1', body })
  }

  async function offerAssessed(tx: WriteTransaction, { release, state }: { release: string; state: ReleaseAssessmentState['state'] }): Promise<void> {
    const offer = await offersHeld.get(tx, release)
    if (offer === undefined || state !== 'anonymous') return
    await offersHeld.delete(tx, release)
    await parts.outbox.post(tx, { ...offer, kind: 'table-offer/1' })
  }

  const holderDigest = ({ sealedManifest, release }: ReleasedTable): string => toBase64Url(sha256(utf8(JSON.stringify(openTableManifest(sealedManifest, release, secret)))))

  parts.ledger.keeper(KEEPER, (tx, value) => offerAssessed(tx, value as Parameters<typeof offerAssessed>[1]))

  /** Her signature is checked by the contracts; her key is put among this holder's staff there first. */
  async function assess(id: string, key: string, { statement, by, reasons: text, salt }: ReturnType<typeof assessmentDocument.parse>): Promise<{ height: number }> {
    const row = await store.read((tx) => releases.get(tx, id))
    if (row?.table === undefined) throw nodeErrors.NOT_FOUND({ what: 'release of a table' })
    const end = row.table.deleted !== undefined ? 'deleted' : row.table.stopped !== undefined ? 'stopped' : undefined
    if (end !== undefined) throw nodeErrors.STATE({ what: 'table', state: end })
    if (by.key !== key || statement.release !== id || statement.request !== row.request) throw nodeErrors.BAD_INPUT({ at: '/statement', why: 'it is not about this release, or not signed by who sends it' })
    if (fromBase64Url(salt).length !== 32 || commit(REPORT_CONTENT, text, salt) !== statement.report) throw nodeErrors.BAD_INPUT({ at: '/reasons', why: 'the report in the statement does not commit to them' })
    if (await follower.latest(stateKeys.staff(parts.member, key)) === undefined) accepted(await parts.ledger.submit({ contract: 'participants@1', operation: 'staff', operationId: newId(randomness), payload: { keys: [{ key, state: 'active' }] } }))
    // The release itself first: the contracts know of no assessment before it.
    accepted(await parts.ledger.settle(row.table.record))
    await store.write((tx) => reasons.put(tx, [id, String(statement.version)], { reasons: text, salt, at: clock.now() }))
    const { release, state } = statement
    const { height } = accepted(await parts.ledger.submit({ contract: 'releases@2', operation: 'assess', operationId: newId(randomness), payload: { statement, by }, keeps: { by: KEEPER, value: { release, state } } }))
    return { height }
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
        method: 'POST', path: '/staff/1/releases/tables', body: tableDocument, roles: ['steward'], refusals: ['NODE_NOT_FOUND', 'NODE_STATE', 'NODE_NO_AGREEMENT', 'NODE_PERMIT_NOT_IN_FORCE', 'RELEASE_SECURE_ENVIRONMENT_ONLY', 'NODE_BLIND'],
        summary: 'Starts the job that makes the table a request asks for; nothing leaves unless the gate passes its bytes.',
        answer: Exactly({ job: Id }),
        handle: async ({ body: { request, job } }) => {
          await parts.requests.acceptedTable(request)
          await parts.agreements.inForce(request)
          return store.write(async (tx) => ({ job: await parts.jobs.add(tx, 'release', { request }, job) }))
        },
      }),
      route({
        method: 'POST', path: '/staff/1/releases/:id/assessment', body: assessmentDocument, roles: ['steward'], needsSignature: true, refusals: [...ledgerRefusals, 'NODE_STATE', 'NODE_BAD_INPUT'],
        summary: 'Records on the ledger what a steward holds of a table for its recipient, in its context and until a day; her reasons stay here.',
        answer: Recorded,
        handle: ({ params, key, body }) => assess(params['id'] ?? '', key, body),
      }),
      route({
        method: 'GET', path: '/staff/1/releases/:id/assessment', roles: ['steward', 'dpo', 'auditor'], refusals: [],
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

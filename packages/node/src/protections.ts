// The search for a draft's protection at a holder: a job tries alternatives over the draft's own rows, on a thread of its own; what was measured stays when it is called off or the node ends, and is gone on from.
import { canonicalText, newId } from '@mhmd/base'
import type { Canonical, Clock, Randomness } from '@mhmd/base'
import { catalogueErrors, checkDataset } from '@mhmd/catalogue'
import { adviseForms, dataKinds, deidErrors, frontierOf, hierarchyErrors, needs, recipients } from '@mhmd/deid'
import { hierarchyFiles, tryInThread } from '@mhmd/release'
import type { ProtectionBegun, Tried } from '@mhmd/release'
import { documentType } from '@mhmd/schema'
import type { Dataset } from '@mhmd/schema'
import type { ReadTransaction, Store } from '@mhmd/store'
import Type from 'typebox'
import { viewRefusals } from './dataset-drafts.ts'
import type { DatasetDrafts } from './dataset-drafts.ts'
import type { DraftRows } from './draft-rows.ts'
import { nodeErrors } from './errors.ts'
import type { Job, JobStep, Jobs } from './jobs.ts'
import type { NodePart } from './node-part.ts'
import { Exactly, Id } from './people-answers.ts'
import { route } from './people.ts'
import { FilesShown, FormsShown, ProtectionShown, WholeAlternative, alternativeShown, wholeAlternative } from './protection-answers.ts'
import type { Carried } from './protection-answers.ts'
import type { ProtectionRun, ProtectionsKept } from './protections-kept.ts'

/** For each alternative; one that is cut short says so. */
const SECONDS_EACH = 60

const closed = { additionalProperties: false } as const
const alternativeName = Type.String({ pattern: '^(?:own|k[0-9][a-z0-9.-]{0,60})$' })
const few = { minItems: 1, maxItems: 12, uniqueItems: true } as const
const searchDocument = documentType('protection-search', Type.Object({
  /** What is tried; the house's own grid where absent. */
  grid: Type.Optional(Type.Object({
    ks: Type.Array(Type.Integer({ minimum: 3, maximum: 1000 }), few), diversities: Type.Array(Type.Integer({ minimum: 2, maximum: 100 }), { maxItems: 12, uniqueItems: true }),
    closenesses: Type.Array(Type.Number({ minimum: 0, maximum: 1 }), { maxItems: 12, uniqueItems: true }), suppressionLimits: Type.Array(Type.Number({ minimum: 0, maximum: 1 }), few),
  }, closed)),
  /** Go on with the search that was called off, where roles and hierarchies are the same. */
  resume: Type.Optional(Type.Boolean()),
}, closed))

const documentRefusals = [...viewRefusals, ...Object.keys(catalogueErrors.table.rows).map((code) => `CATALOGUE_${code}`), 'DEID_NO_QUASI_IDENTIFIER']

export function createProtections(parts: { store: Store; jobs: Jobs; rows: Pick<DraftRows, 'read'>; drafts: Pick<DatasetDrafts, 'documentOf'>; kept: ProtectionsKept; clock: Clock; randomness: Randomness }): Required<Pick<NodePart, 'routes' | 'runners'>> {
  const { store, jobs, kept } = parts

  async function run(job: Job, step: JobStep): Promise<void> {
    const found = await store.read((tx) => kept.run(tx, String(job.input['draft'])))
    // Another search, or none, stands in its place.
    if (found === undefined || found.job !== job.id) return step.finish(async () => undefined)
    try {
      await search(found, step)
    } catch (error) {
      if (step.signal.aborted) throw nodeErrors.STATE({ what: 'job', state: 'cancelled' })
      throw error
    }
    return step.finish(async () => undefined)
  }

  async function search(started: ProtectionRun, step: JobStep): Promise<void> {
    const { draft, document, grid, begun } = started
    const source = await parts.rows.read(document.view, step.signal)
    const names = (await store.read((tx) => kept.tried(tx, draft))).map(({ name }) => name)
    let [done, total] = [names.length, 0]
    for await (const answer of tryInThread({ source, document, secondsEach: SECONDS_EACH, ...(grid && { grid }), ...(begun && { before: { sourceDigest: begun.sourceDigest, names } }) }, step.signal)) {
      if ('begun' in answer) {
        [done, total] = [answer.begun.isAnew ? 0 : done, answer.begun.names.length]
        await remember(started, answer.begun)
      } else {
        await add(started, answer.tried)
        done++
      }
      step.progress(done, total)
    }
  }

  const remember = (started: ProtectionRun, { sourceDigest, names, rows, people, isAnew }: ProtectionBegun): Promise<void> => store.write(async (tx) => {
    if (!await isPresent(tx, started)) return
    if (isAnew) await kept.forgetTried(tx, started.draft)
    await kept.update(tx, { ...started, begun: { sourceDigest, names, rows, people } })
  })
  const add = (started: ProtectionRun, tried: Tried): Promise<void> => store.write(async (tx) => {
    if (await isPresent(tx, started)) await kept.add(tx, started.draft, tried)
  })
  /** The draft may have been thrown away meanwhile, or another search begun. */
  const isPresent = async (tx: ReadTransaction, { draft, job }: ProtectionRun): Promise<boolean> => (await kept.run(tx, draft))?.job === job

  async function begin(draft: string, { grid, resume = false }: { grid?: NonNullable<ProtectionRun['grid']>; resume?: boolean }): Promise<{ protection: string; job: string }> {
    const document = await store.read((tx) => parts.drafts.documentOf(tx, draft))
    checkDataset(document)
    if (!document.columns.some(({ role }) => role === 'quasi-identifying')) throw deidErrors.NO_QUASI_IDENTIFIER({})
    const before = await store.read((tx) => kept.run(tx, draft))
    if (before !== undefined) await jobs.cancel(before.job)
    return store.write(async (tx) => {
      const job = await jobs.add(tx, 'protection', { draft })
      const isSame = resume && before !== undefined && measuredAlike(before.document, document)
      if (isSame) await kept.update(tx, { ...before, job })
      else await kept.begin(tx, { id: newId(parts.randomness), draft, job, at: parts.clock.now(), document, ...(grid && { grid }) })
      return { protection: isSame ? before.id : (await kept.run(tx, draft))?.id ?? '', job }
    })
  }

  async function shown(draft: string): Promise<Type.Static<typeof ProtectionShown>> {
    return store.read(async (tx) => {
      const document = await parts.drafts.documentOf(tx, draft)
      const found = await kept.run(tx, draft)
      if (found === undefined) return { protection: null, job: null, state: 'none', code: null, at: null, isOutdated: false, done: 0, total: 0, rows: null, people: null, alternatives: [], impossible: [], undominated: {} }
      const present = await jobs.get(tx, found.job)
      const tried = await kept.tried(tx, draft)
      const { alternatives, impossible, undominated } = frontierOf(tried)
      return {
        protection: found.id, job: found.job, state: present?.state ?? 'cancelled', code: present?.code ?? null, at: found.at, isOutdated: !measuredAlike(found.document, document),
        done: tried.length, total: found.begun?.names.length ?? 0, rows: found.begun?.rows ?? null, people: found.begun?.people ?? null, alternatives: (alternatives as Carried[]).map(alternativeShown), impossible: [...impossible], undominated: mutable(undominated),
      }
    })
  }

  async function find(tx: ReadTransaction, draft: string, name: string): Promise<Carried> {
    const found = (await kept.tried(tx, draft)).find((row): row is Carried => row.name === name && 'job' in row)
    if (found === undefined) throw nodeErrors.NOT_FOUND({ what: 'alternative' })
    return found
  }

  /** The alternative's job with the hierarchies it names, over the rows as they are now. */
  async function files(draft: string, name: string): Promise<Type.Static<typeof FilesShown>> {
    const [{ job }, started] = await store.read(async (tx) => [await find(tx, draft, name), await kept.run(tx, draft)] as const)
    if (started === undefined) throw nodeErrors.NOT_FOUND({ what: 'alternative' })
    const { sourceDigest, hierarchies } = await hierarchyFiles(await parts.rows.read(started.document.view), started.document)
    return structuredClone({ job, hierarchies, isOfSameRows: sourceDigest === started.begun?.sourceDigest }) as Type.Static<typeof FilesShown>
  }

  return {
    runners: { protection: run },
    routes: [
      route({
        method: 'POST', path: '/staff/1/datasets/drafts/:id/protection', body: searchDocument, roles: ['steward'], refusals: [...documentRefusals],
        summary: 'Starts a job that tries alternatives for the draft\'s protection over its rows: models and limits, each carried out and measured. A search before it ends; one that was called off can be gone on with.',
        answer: Exactly({ protection: Id, job: Id }),
        handle: ({ params, body }) => begin(params['id'] ?? '', body),
      }),
      route({
        method: 'GET', path: '/staff/1/datasets/drafts/:id/protection', roles: ['steward'], refusals: [],
        summary: 'How far the search is, what each alternative leaves an attacker and costs, and which no other beats.',
        answer: ProtectionShown,
        handle: ({ params }) => shown(params['id'] ?? ''),
      }),
      route({
        method: 'GET', path: '/staff/1/datasets/drafts/:id/protection/:name', params: { name: alternativeName }, roles: ['steward'], refusals: [],
        summary: 'One alternative whole: what each attribute pays, who pays, and the job that gives its figures.',
        answer: WholeAlternative,
        handle: ({ params }) => store.read(async (tx) => wholeAlternative(await find(tx, params['id'] ?? '', params['name'] ?? ''))),
      }),
      route({
        method: 'GET', path: '/staff/1/datasets/drafts/:id/protection/:name/files', params: { name: alternativeName }, roles: ['steward'], refusals: [...viewRefusals, ...Object.keys(hierarchyErrors.table.rows).map((code) => `HIERARCHY_${code}`)],
        summary: 'An alternative\'s job with the hierarchies it names, as files beside it for the command line. They hold each value that occurs in their columns.',
        answer: FilesShown,
        handle: ({ params }) => files(params['id'] ?? '', params['name'] ?? ''),
      }),
      route({
        method: 'GET', path: '/staff/1/release-forms', roles: ['steward'], refusals: [],
        summary: 'Which form of release suits a kind of data, a need and a recipient; and what this house can\'t do yet.',
        answer: FormsShown,
        handle: async () => ({ forms: dataKinds.flatMap((kind) => needs.flatMap((need) => recipients.flatMap((recipient) => adviseForms({ kind, need, recipient }).map((advice) => ({ kind, need, recipient, ...advice }))))) }),
      }),
    ],
  }
}

/** What figures depend on: the view, and each column's role and hierarchy; not words, thresholds or what is asked of a release. */
const measuredAlike = (left: Dataset, right: Dataset): boolean => measuredPart(left) === measuredPart(right)
const measuredPart = ({ view, columns }: Dataset): string => canonicalText({ view, columns: columns.map(({ reason: _, ...column }) => column) } as unknown as Canonical)

const mutable = <T>(value: T): T extends Readonly<Record<string, readonly (infer E)[]>> ? Record<string, E[]> : never => value as never

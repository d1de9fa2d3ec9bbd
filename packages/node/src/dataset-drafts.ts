// A steward's drafts of datasets: a view is run over the records under the holder's duty of quality; its exact figures and the suggested roles are kept sealed, for stewards only.
import { canonicalText, newId, ordinal, toBase64Url, utf8 } from '@mhmd/base'
import type { Canonical, Clock, Randomness } from '@mhmd/base'
import { peopleAlone, profileTable, suggestColumns } from '@mhmd/catalogue'
import type { DatasetProfile } from '@mhmd/catalogue'
import { sha256 } from '@mhmd/crypto'
import { compileView, readyViews, viewErrors, viewTable } from '@mhmd/fhir'
import type { PersonResources } from '@mhmd/fhir'
import { DatasetColumnSchema, documentType, draftedDatasetDocument, viewDefinitionDocument } from '@mhmd/schema'
import type { Dataset, DatasetColumn, ViewDefinition } from '@mhmd/schema'
import type { ReadTransaction, Store } from '@mhmd/store'
import Type from 'typebox'
import { datasetsKept, keptDataset } from './datasets-kept.ts'
import { nodeErrors } from './errors.ts'
import type { HolderVault } from './holder-vault.ts'
import type { Job, JobStep, Jobs } from './jobs.ts'
import type { NodePart } from './node-part.ts'
import { Code, Count, Exactly, Id, OrNull, StateVersion, Title, When } from './people-answers.ts'
import { route } from './people.ts'
import type { ProtectionsKept } from './protections-kept.ts'
import { sealedTable } from './sealed-table.ts'
import { jsonTable } from './table.ts'

interface Draft {
  readonly id: string
  readonly view: ViewDefinition
  readonly created: number
  readonly job: string
  /** The dataset whose next version this prepares. */
  readonly dataset?: string
  /** The version of it that this began from. */
  readonly from?: number
  /** What a steward decided so far. */
  readonly document?: Dataset
  /** How often that was kept, and by whom last. */
  readonly kept?: { readonly times: number; readonly by?: string }
  readonly found?: {
    readonly profile: DatasetProfile
    /** People whose combination of suggested quasi-identifiers nobody else has. */
    readonly alone: number
    readonly columns: readonly DatasetColumn[]
  }
}

/** By the digest of their view and their age: drafts that are done. */
const byView = jsonTable<{ readonly draft: string }>('dataset-drafts-by-view')
const digestOf = (view: unknown): string => toBase64Url(sha256(utf8(canonicalText(view as Canonical))))

export interface DatasetDrafts extends Required<Pick<NodePart, 'routes' | 'runners'>> {
  /** The newest profile of exactly this view. */
  profileOf(tx: ReadTransaction, view: unknown): Promise<DatasetProfile | undefined>
  /** What was decided about a draft so far. Throws NODE_NOT_FOUND where there is no draft, or nothing was decided yet. */
  documentOf(tx: ReadTransaction, draft: string): Promise<Dataset>
  /** Throws NODE_NOT_FOUND. */
  viewOf(tx: ReadTransaction, draft: string): Promise<ViewDefinition>
}

const draftDocument = documentType('dataset-draft', Type.Object({
  /** The name of a ready view, or a ViewDefinition. */
  view: Type.Union([Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' }), Type.Object({ resource: Type.String({ pattern: '^[A-Z][A-Za-z]{2,40}$' }), select: Type.Array(Type.Unknown(), { minItems: 1, maxItems: 100 }) }, { additionalProperties: true })]),
  dataset: Type.Optional(Id),
}, { additionalProperties: false }))

/** What was read before, and who writes: a page in two windows is two. Whoever says neither writes over what is there. */
const keepQuery = documentType('dataset-draft-keep', Type.Object({
  after: Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })),
  by: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$' })),
}, { additionalProperties: false }))

/** Somebody else kept something since `after`. */
const isOvertaken = ({ kept }: Draft, { after, by }: { readonly after?: string; readonly by?: string }): boolean => after !== undefined && (kept?.times ?? 0) !== Number(after) && kept?.by !== by

export const viewRefusals = Object.keys(viewErrors.table.rows).map((code) => `VIEW_${code}`)

const ProfileShown = Exactly({
  rows: Count, people: Count, mostRowsOfAPerson: Count, alone: Count,
  columns: Type.Array(Exactly({ name: Type.String(), values: Type.Enum(['text', 'number', 'date']), missing: Count, distinct: Count, alone: Count })),
})
const DraftShown = Exactly({ id: Id, resource: Type.String(), title: OrNull(Title), created: When, state: Type.Enum(['waiting', 'done', 'failed', 'cancelled']), code: OrNull(Code), dataset: OrNull(Id) })
const WholeDraft = Exactly({
  ...DraftShown.properties, view: Type.Object({ resource: Type.String() }, { additionalProperties: true }), findings: Type.Array(Exactly({ code: Code, at: Type.String(), offset: Count })),
  profile: OrNull(ProfileShown), columns: OrNull(Type.Array(DatasetColumnSchema)), from: OrNull(StateVersion), document: OrNull(draftedDatasetDocument.schema), kept: Count,
})
const ReadyView = Exactly({ name: Type.String(), resource: Type.String(), title: Type.String(), description: Type.String(), columns: Type.Array(Type.String()) })

export function createDatasetDrafts(parts: { store: Store; jobs: Jobs; vault: Pick<HolderVault, 'records' | 'subjects' | 'duty'>; protections: Pick<ProtectionsKept, 'run' | 'remove'>; nodeKey: Uint8Array; clock: Clock; randomness: Randomness }): DatasetDrafts {
  const { store, jobs, vault, clock, randomness } = parts
  const drafts = sealedTable<Draft>('dataset-drafts', parts.nodeKey)

  async function mustFind(tx: ReadTransaction, id: string): Promise<Draft> {
    const draft = await drafts.get(tx, id)
    if (draft === undefined) throw nodeErrors.NOT_FOUND({ what: 'draft' })
    return draft
  }

  /** As it was decided, or as the version before is called, or as the view is. */
  async function titleOf(tx: ReadTransaction, { view, dataset, document }: Draft): Promise<string | null> {
    const before = dataset === undefined ? undefined : await keptDataset(tx, dataset)
    return [document?.title, before?.document.title, view.title].find((title) => title !== undefined && title.trim() !== '') ?? null
  }

  async function shown(tx: ReadTransaction, draft: Draft): Promise<Pick<Draft, 'id' | 'created'> & { resource: string; title: string | null; state: Job['state']; code: string | null; dataset: string | null }> {
    const { id, view, created, job, found } = draft
    const present = await jobs.get(tx, job)
    return { id, resource: view.resource, title: await titleOf(tx, draft), created, state: found === undefined ? present?.state ?? 'cancelled' : 'done', code: present?.code ?? null, dataset: draft.dataset ?? null }
  }

  /** What is open already for the next version after `from` with this view. */
  async function openDraft(tx: ReadTransaction, { dataset, from, view }: Pick<Draft, 'dataset' | 'from' | 'view'>): Promise<Draft | undefined> {
    const digest = digestOf(view)
    for (const { value } of await drafts.list(tx)) if (value.dataset === dataset && value.from === from && digestOf(value.view) === digest && ['waiting', 'done'].includes((await shown(tx, value)).state)) return value
    return undefined
  }

  async function run(job: Job, step: JobStep): Promise<void> {
    const draft = await store.read((tx) => mustFind(tx, String(job.input['draft'])))
    const view = compileView(draft.view)
    const rows = await viewTable(view, followed(vault.records(vault.duty('quality'), view.resource), await countAll(vault.subjects()), step))
    const profile = profileTable(view, rows)
    const columns = suggestColumns(draft.view, view, rows, profile)
    const alone = peopleAlone(rows, columns.filter(({ role }) => role === 'quasi-identifying').map(({ name }) => name))
    await step.finish(async (tx) => {
      // Somebody may have thrown the draft away meanwhile.
      const present = await drafts.get(tx, draft.id)
      if (present === undefined) return
      await drafts.put(tx, [draft.id], { ...present, found: { profile, alone, columns } })
      await byView.put(tx, [digestOf(draft.view), ordinal(draft.created), draft.id], { draft: draft.id })
    })
  }

  return {
    profileOf: async (tx, view) => {
      for await (const { value } of byView.all(tx, { prefix: [digestOf(view)], reverse: true })) {
        const profile = (await drafts.get(tx, value.draft))?.found?.profile
        if (profile !== undefined) return profile
      }
      return undefined
    },
    documentOf: async (tx, id) => {
      const { document } = await mustFind(tx, id)
      if (document === undefined) throw nodeErrors.NOT_FOUND({ what: 'decision about this draft' })
      return document
    },
    viewOf: async (tx, id) => (await mustFind(tx, id)).view,
    runners: { profile: run },
    routes: [
      route({
        method: 'POST', path: '/staff/1/datasets/drafts', body: draftDocument, roles: ['steward'], refusals: [...viewRefusals, 'NODE_NOT_FOUND'],
        summary: 'Begins a dataset from a view: a job profiles its rows and suggests roles. A next version that is being prepared from the same view already is that draft.',
        answer: Exactly({ draft: Id, job: Id }),
        handle: async ({ body }) => {
          const view = typeof body.view === 'string' ? readyViews.get(body.view) : viewDefinitionDocument.parse(body.view)
          if (view === undefined) throw nodeErrors.NOT_FOUND({ what: 'ready view' })
          compileView(view)
          const id = newId(randomness)
          return store.write(async (tx) => {
            const before = body.dataset === undefined ? undefined : await datasetsKept.get(tx, body.dataset)
            if (body.dataset !== undefined && before === undefined) throw nodeErrors.NOT_FOUND({ what: 'dataset' })
            const next = before === undefined ? {} : { dataset: before.id, from: before.version }
            const open = before === undefined ? undefined : await openDraft(tx, { ...next, view })
            if (open !== undefined) return { draft: open.id, job: open.job }
            const job = await jobs.add(tx, 'profile', { draft: id })
            await drafts.put(tx, [id], { id, view, created: clock.now(), job, ...next })
            return { draft: id, job }
          })
        },
      }),
      route({
        method: 'GET', path: '/staff/1/datasets/drafts', roles: ['steward'], refusals: [],
        summary: 'Drafts of datasets.',
        answer: Exactly({ drafts: Type.Array(DraftShown) }),
        handle: () => store.read(async (tx) => ({ drafts: await Promise.all((await drafts.list(tx)).map((row) => shown(tx, row.value))) })),
      }),
      route({
        method: 'GET', path: '/staff/1/datasets/drafts/:id', roles: ['steward'], refusals: [],
        summary: 'A draft: exact figures of its rows, and a role suggested for each column with the reason.',
        answer: WholeDraft,
        handle: ({ params }) => store.read(async (tx) => {
          const draft = await mustFind(tx, params['id'] ?? '')
          const { found, view } = draft
          return { ...await shown(tx, draft), view, findings: compileView(view).findings, profile: found === undefined ? null : { ...found.profile, alone: found.alone }, columns: found?.columns ?? null, from: draft.from ?? null, document: draft.document ?? null, kept: draft.kept?.times ?? 0 }
        }),
      }),
      route({
        method: 'POST', path: '/staff/1/datasets/drafts/:id/document', body: draftedDatasetDocument, query: keepQuery, roles: ['steward'], refusals: ['NODE_DRAFT_CHANGED'],
        summary: 'Keeps what was decided about a draft so far, unless another window kept something after what this one read; nothing is offered by that.',
        answer: Exactly({ draft: Id, kept: Count }),
        handle: ({ params, body, query }) => store.write(async (tx) => {
          const draft = await mustFind(tx, params['id'] ?? '')
          if (isOvertaken(draft, query)) throw nodeErrors.DRAFT_CHANGED()
          const times = (draft.kept?.times ?? 0) + 1
          await drafts.put(tx, [draft.id], { ...draft, document: body, kept: { times, ...(query.by === undefined ? {} : { by: query.by }) } })
          return { draft: draft.id, kept: times }
        }),
      }),
      route({
        method: 'GET', path: '/staff/1/views', roles: ['steward'], refusals: [],
        summary: 'Ready views to begin a dataset from, with the columns of each.',
        answer: Exactly({ views: Type.Array(ReadyView) }),
        handle: async () => ({ views: [...readyViews].map(([name, view]) => ({ name, resource: view.resource, title: view.title ?? name, description: view.description ?? '', columns: compileView(view).columns.map((column) => column.name) })) }),
      }),
      route({
        method: 'DELETE', path: '/staff/1/datasets/drafts/:id', roles: ['steward'], refusals: [],
        summary: 'Throws a draft and its figures away.',
        answer: Exactly({ draft: Id }),
        handle: async ({ params }) => {
          const { id, job } = await store.read((tx) => mustFind(tx, params['id'] ?? ''))
          const protection = await store.read((tx) => parts.protections.run(tx, id))
          for (const one of [job, protection?.job]) if (one !== undefined) await jobs.cancel(one)
          await store.write(async (tx) => {
            await drafts.delete(tx, id)
            await parts.protections.remove(tx, id)
          })
          return { draft: id }
        },
      }),
    ],
  }
}

/** Passes people on, tells the job how far it is, and ends with it. */
async function* followed(people: AsyncIterable<PersonResources>, total: number, step: JobStep): AsyncGenerator<PersonResources> {
  let done = 0
  for await (const one of people) {
    step.signal.throwIfAborted()
    step.progress(++done, Math.max(done, total))
    yield one
  }
}

async function countAll(all: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of all) count++
  return count
}

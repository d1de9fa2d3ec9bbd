// What a steward is shown while she decides about a draft: what a hierarchy makes of a column's values, and what her policy would leave and cost over the rows as they are.
import { catalogueErrors, checkDataset, hierarchyOver, previewHierarchy } from '@mhmd/catalogue'
import type { HierarchyGiven } from '@mhmd/catalogue'
import { deidErrors, hierarchyCsv, hierarchyDocument, hierarchyErrors, riskErrors } from '@mhmd/deid'
import { tryInThread } from '@mhmd/release'
import type { PersonRows, Tried } from '@mhmd/release'
import { ColumnHierarchySchema, ColumnNameSchema, documentType, draftedDatasetDocument } from '@mhmd/schema'
import type { Dataset } from '@mhmd/schema'
import type { ReadTransaction, Store } from '@mhmd/store'
import Type from 'typebox'
import type { DraftRows } from './draft-rows.ts'
import { viewRefusals } from './dataset-drafts.ts'
import type { DatasetDrafts } from './dataset-drafts.ts'
import { nodeErrors } from './errors.ts'
import { Code, Count, Exactly, OrNull } from './people-answers.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { AlternativeShown, alternativeShown } from './protection-answers.ts'

/** A figure that takes longer is no live one. */
const SECONDS = 4

const closed = { additionalProperties: false } as const
const previewDocument = documentType('hierarchy-preview', Type.Object({
  column: ColumnNameSchema,
  /** How it is to be built, or rows written out. */
  hierarchy: Type.Optional(ColumnHierarchySchema),
  /** Or a file without header, the value first, then a column a level, as ARX has it. */
  csv: Type.Optional(Type.String({ minLength: 1, maxLength: 900_000 })),
  /** The whole as such a file: it holds each value that occurs. */
  whole: Type.Optional(Type.Boolean()),
}, closed))

const LevelShown = Exactly({ labels: Count, fewest: Count, alone: Count })
const PreviewShown = Exactly({
  values: Count, missing: Exactly({ values: Count, rows: Count, common: Type.Array(Type.String()) }), levels: Type.Array(LevelShown),
  groups: Type.Array(Exactly({ labels: Type.Array(OrNull(Type.String())), people: Count })), moreGroups: Count, rare: Count,
  /** What was read of a file, as it is written into a document. */
  rows: OrNull(Type.Array(Type.Array(Type.String()))), csv: OrNull(Type.String()),
})
const EstimateShown = Exactly({ alternative: OrNull(AlternativeShown), code: OrNull(Code), rows: Count, people: Count })

const codesOf = (prefix: string, errors: { readonly table: { readonly rows: object } }): string[] => Object.keys(errors.table.rows).map((code) => `${prefix}_${code}`)
const hierarchyRefusals = codesOf('HIERARCHY', hierarchyErrors)

export function draftPreviewRoutes(parts: { store: Store; drafts: Pick<DatasetDrafts, 'viewOf'>; rows: DraftRows }): PeopleRoute[] {
  const { store, rows } = parts
  /** By draft: the newest question ends the one before. */
  const asking = new Map<string, AbortController>()
  const viewOf = (draft: string | undefined): Promise<unknown> => store.read((tx: ReadTransaction) => parts.drafts.viewOf(tx, draft ?? ''))

  async function preview(draft: string | undefined, { column: name, hierarchy, csv, whole = false }: ReturnType<typeof previewDocument.parse>): Promise<Type.Static<typeof PreviewShown>> {
    const { table, person } = await rows.recent(await viewOf(draft))
    const column = table.columns.find((one) => one.name === name)
    if (column === undefined) throw catalogueErrors.COLUMN_UNKNOWN({ column: name })
    const given: HierarchyGiven = csv === undefined ? { hierarchy: hierarchy ?? { type: 'suppression' } } : { csv }
    const source = hierarchyOver(given, column)
    return structuredClone({ ...previewHierarchy(source, column, person), rows: csv === undefined ? null : hierarchyDocument(source).rows, csv: whole ? new TextDecoder().decode(hierarchyCsv(source)) : null }) as Type.Static<typeof PreviewShown>
  }

  async function estimate(draft: string, document: Dataset): Promise<Type.Static<typeof EstimateShown>> {
    await viewOf(draft)
    checkDataset({ ...document, scenario: { ...document.scenario, text: 'being written' } })
    if (!document.columns.some(({ role }) => role === 'quasi-identifying')) throw deidErrors.NO_QUASI_IDENTIFIER({})
    asking.get(draft)?.abort()
    const controller = new AbortController()
    asking.set(draft, controller)
    try {
      return await measured(copied(await rows.recent(document.view)), document, controller.signal)
    } catch (error) {
      if (controller.signal.aborted) throw nodeErrors.STATE({ what: 'estimate', state: 'replaced by a newer one' })
      throw error
    } finally {
      if (asking.get(draft) === controller) asking.delete(draft)
    }
  }

  return [
    route({
      method: 'POST', path: '/staff/1/datasets/drafts/:id/hierarchy', body: previewDocument, roles: ['steward'], refusals: [...viewRefusals, ...hierarchyRefusals, 'CATALOGUE_COLUMN_UNKNOWN'],
      summary: 'What a hierarchy makes of a column of the draft\'s rows: labels and people at each level, no label of fewer than five people; a file of it is checked, or given.',
      answer: PreviewShown,
      handle: ({ params, body }) => preview(params['id'], body),
    }),
    route({
      method: 'POST', path: '/staff/1/datasets/drafts/:id/estimate', body: draftedDatasetDocument, roles: ['steward'],
      refusals: [...viewRefusals, ...hierarchyRefusals, ...codesOf('CATALOGUE', catalogueErrors), ...codesOf('DEID', deidErrors), ...codesOf('RISK', riskErrors), 'RELEASE_UNSAFE_POLICY', 'NODE_STATE'],
      summary: 'What a draft\'s document would leave an attacker and cost over the rows as they are now, by its own policy; within four seconds, not proven the best where that is too short. Nothing is kept.',
      answer: EstimateShown,
      handle: ({ params, body }) => estimate(params['id'] ?? '', body),
    }),
  ]
}

async function measured(source: PersonRows, document: Dataset, signal: AbortSignal): Promise<Type.Static<typeof EstimateShown>> {
  let [counted, found] = [{ rows: 0, people: 0 }, undefined as Tried | undefined]
  for await (const answer of tryInThread({ source, document, ownOnly: true, secondsEach: SECONDS }, signal)) {
    if ('begun' in answer) counted = { rows: answer.begun.rows, people: answer.begun.people }
    else found = answer.tried
  }
  return { ...counted, alternative: found === undefined || 'code' in found ? null : alternativeShown(found), code: found !== undefined && 'code' in found ? found.code : null }
}

/** A thread takes the rows' codes away. */
function copied({ table, person }: PersonRows): PersonRows {
  const copy = <C extends PersonRows['person']>(column: C): C => ({ ...column, codes: column.codes.slice() })
  return { table: { ...table, columns: table.columns.map(copy) }, person: copy(person) }
}

// A dataset's document while a steward decides about it: how it begins, how one decision changes the others, and what it still lacks before it can be offered.
import { firstPolicy } from '@mhmd/schema'
import type { Dataset, DatasetColumn, DatasetRole } from '@mhmd/schema'
import type { viewInWords } from '../../words/error-words.ts'

export interface Draft {
  readonly id: string
  readonly state: 'waiting' | 'done' | 'failed' | 'cancelled'
  readonly code: string | null
  readonly resource: string
  readonly title: string | null
  readonly view: Dataset['view'] & { readonly title?: string; readonly description?: string }
  readonly findings: readonly { readonly at: string }[]
  readonly profile: {
    readonly rows: number
    readonly people: number
    readonly alone: number
    readonly mostRowsOfAPerson: number
    readonly columns: readonly { readonly name: string; readonly values: 'text' | 'number' | 'date'; readonly missing: number; readonly distinct: number; readonly alone: number }[]
  } | null
  readonly columns: readonly DatasetColumn[] | null
  readonly created: number
  /** The dataset whose next version this prepares, and the version that it began from. */
  readonly dataset: string | null
  readonly from: number | null
  readonly document: Dataset | null
  /** How often what is decided was kept. */
  readonly kept: number
}

/** Members that are taken away are undefined. */
export type Changed<T> = { readonly [M in keyof T]?: T[M] | undefined }

/** Of the version before, whose decisions stand; or with no column decided, the view's words as `inWords` has them, and the cautious policy that `mhmd dataset draft` writes. */
export function beginning({ view, columns, document }: Draft, { before, inWords }: { readonly before?: Dataset | undefined; readonly inWords: typeof viewInWords }): Dataset {
  if (document !== null) return document
  if (before !== undefined) return before
  const [title, summary] = inWords({ title: view.title ?? view.resource, description: view.description ?? '' })
  return {
    format: 'mhmd-dataset/1', title, summary, categories: ['a'], view,
    columns: (columns ?? []).map(({ name, values = 'text' }) => ({ name, role: 'unclassified', reason: '', values })),
    scenario: { attacker: 'prosecutor', knows: [], text: '' },
    policy: firstPolicy(),
  }
}

const isKnowable = (role: DatasetRole): boolean => role === 'quasi-identifying' || role === 'identifying'

/** The column with its new role; what only the old one had goes with it. */
export function decided(document: Dataset, name: string, role: DatasetRole, suggested?: DatasetColumn): Dataset {
  const isSuggested = suggested?.role === role
  const columns = document.columns.map((column): DatasetColumn => {
    if (column.name !== name) return column
    const { hierarchy: _, minLevel: __, maxLevel: ___, ...rest } = column
    const reason = column.reason === '' && isSuggested ? suggested.reason : column.reason
    return role === 'quasi-identifying' ? { ...rest, reason, role, hierarchy: suggested?.hierarchy ?? { type: 'suppression' } } : { ...rest, reason, role }
  })
  const known = document.scenario.knows.filter((one) => one !== name)
  const models = role === 'sensitive' ? document.policy.models : document.policy.models.filter((model) => !('column' in model) || model.column !== name)
  // What makes people alike is what somebody may know of them.
  return { ...document, columns, scenario: { ...document.scenario, knows: role === 'quasi-identifying' ? [...known, name] : known }, policy: { ...document.policy, models } }
}

type Lack = 'title' | 'category' | 'columns' | 'quasi' | 'text' | 'knows' | 'form'

/** What it lacks, each with the id of the control that mends it. */
export function lacks({ title, categories, columns, scenario, policy }: Dataset): readonly { readonly lack: Lack; readonly at: string; readonly column?: string }[] {
  const open = columns.filter(({ role }) => role === 'unclassified')
  const knowable = new Set(columns.filter(({ role }) => isKnowable(role)).map(({ name }) => name))
  return [
    ...(title.trim() === '' ? [{ lack: 'title', at: 'draft-about' } as const] : []),
    ...(categories.length === 0 ? [{ lack: 'category', at: 'draft-about' } as const] : []),
    ...open.map(({ name }) => ({ lack: 'columns', at: `role-${name}`, column: name } as const)),
    ...(columns.every(({ role }) => role === 'identifying') ? [{ lack: 'quasi', at: 'draft-columns' } as const] : []),
    ...(scenario.text.trim() === '' ? [{ lack: 'text', at: 'draft-attack' } as const] : []),
    ...(knowable.size > 0 && scenario.knows.length === 0 ? [{ lack: 'knows', at: 'draft-attack' } as const] : []),
    ...(policy.forms.length === 0 ? [{ lack: 'form', at: 'draft-policy' } as const] : []),
  ]
}

/** Columns that stay as they are and tell more people apart by themselves than the policy lets be unique: what the gate would refuse. */
export const tellingColumns = ({ columns, policy }: Dataset, profile: Draft['profile']): readonly { readonly name: string; readonly alone: number }[] => (profile?.columns ?? [])
  .filter(({ name, alone }) => alone > 0 && alone / (profile?.people ?? 1) > policy.thresholds.uniques && columns.some((column) => column.name === name && column.role === 'insensitive'))
  .map(({ name, alone }) => ({ name, alone }))

export const knowableColumns = ({ columns }: Dataset): readonly string[] => columns.filter(({ role }) => isKnowable(role)).map(({ name }) => name)

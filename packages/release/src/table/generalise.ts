// The generalised form: the engine's table with a person as the unit. Classes of fewer than k people are suppressed whole, and a suppressed row shows nothing.
// Samarati & Sweeney 1998 for the model; the unit as in El Emam 2013, ch. 16: a person with several rows is one person.
import { makeCodes } from '@mhmd/columns'
import type { Column } from '@mhmd/columns'
import type { DatasetColumn, DatasetPolicy } from '@mhmd/schema'
import { releaseErrors } from '../errors.ts'
import { mostRowsOfOne, peopleClasses, pick } from './people.ts'
import type { Generalised, PersonRows, TableEngine } from './ports.ts'

const SUPPRESSED = '*'
/** Below this a class protects nobody: two people know each other's row. */
const LEAST_K = 3

export interface PeopleTask {
  readonly source: PersonRows
  readonly columns: readonly DatasetColumn[]
  readonly policy: DatasetPolicy
  readonly engine: TableEngine
}

export interface PeopleTable {
  readonly columns: readonly Column[]
  /** 1 for each row that shows nothing. */
  readonly suppressed: Uint8Array
  readonly k: number
  /** How many rows a class was asked to have, so that it had k people. */
  readonly rowsAsked: number
  readonly levels: Generalised['levels']
  readonly hierarchies: Generalised['hierarchies']
}

/** The fewest people of a class: by the models, and by the highest risk that the policy allows. Throws RELEASE_UNSAFE_POLICY. */
export function leastPeople({ models, thresholds }: DatasetPolicy): number {
  const named = models.map((model) => (model.type === 'k-anonymity' ? model.k : 1))
  // A risk of 0.2 is a class of five: rounding of the quotient must not make it six.
  const k = Math.max(...named, Math.ceil(1 / thresholds.highestRisk - 1e-9))
  if (!Number.isSafeInteger(k) || k < LEAST_K) throw releaseErrors.UNSAFE_POLICY({ setting: 'smallest class', least: LEAST_K })
  return k
}

/** Throws RELEASE_NO_SOLUTION, RELEASE_UNSAFE_POLICY, and the engine's errors where dataset and table don't fit together. */
export function generalisePeople(task: PeopleTask): PeopleTable {
  const k = leastPeople(task.policy)
  const most = mostRowsOfOne(task.source.person)
  for (const rowsAsked of rowsToAsk(k, most)) {
    const found = generalised(task, rowsAsked)
    if (found === undefined) break
    const suppressed = tooSmall(found.table.columns, task, k)
    const share = suppressed.reduce((sum, flag) => sum + flag, 0) / suppressed.length
    if (share <= task.policy.suppressionLimit) return { columns: blanked(found.table.columns, suppressed), suppressed, k, rowsAsked, levels: found.levels, hierarchies: found.hierarchies }
  }
  throw releaseErrors.NO_SOLUTION({ suppressionLimit: task.policy.suppressionLimit })
}

/** k rows first; k people are certain once a class has k times the most rows of one person. */
function rowsToAsk(k: number, most: number): number[] {
  const asked: number[] = []
  for (let rows = k; rows < k * most; rows *= 2) asked.push(rows)
  return [...asked, k * Math.max(1, most)]
}

function generalised({ source, columns, policy, engine }: PeopleTask, rowsAsked: number): Generalised | undefined {
  const table = { rows: source.table.rows, columns: pick(source.table, columns.map(({ name }) => name)) }
  if (!columns.some(({ role }) => role === 'quasi-identifying')) return { table, levels: {}, hierarchies: {} }
  const sensitive = columns.filter(({ role }) => role === 'sensitive').map(({ name }) => name)
  const kept = policy.models.filter((model) => model.type !== 'k-anonymity' && (!('column' in model) || sensitive.includes(model.column)))
  const diverse = policy.thresholds.distinctValues > 1 ? sensitive.map((column) => ({ type: 'distinct-l-diversity' as const, column, l: policy.thresholds.distinctValues })) : []
  return engine.generalise({ table, columns, models: [{ type: 'k-anonymity', k: rowsAsked }, ...kept, ...diverse], suppressionLimit: policy.suppressionLimit })
}

/** Rows that the engine suppressed, and those of classes with fewer than k people. */
function tooSmall(columns: readonly Column[], { source, columns: described }: PeopleTask, k: number): Uint8Array {
  const quasi = columns.filter(({ name }) => described.some((one) => one.name === name && one.role === 'quasi-identifying'))
  const stars = quasi.map(({ dictionary }) => dictionary.indexOf(SUPPRESSED))
  const suppressed = new Uint8Array(source.table.rows)
  for (const { rows, people } of peopleClasses(quasi, source.person, suppressed.keys())) {
    const first = rows[0] as number
    const isGone = quasi.length > 0 && quasi.every(({ codes }, index) => codes[first] === stars[index])
    if (isGone || people.size < k) for (const row of rows) suppressed[row] = 1
  }
  return suppressed
}

function blanked(columns: readonly Column[], suppressed: Uint8Array): Column[] {
  return columns.map(({ name, dictionary, codes }) => {
    const known = dictionary.indexOf(SUPPRESSED)
    const texts = known < 0 ? [...dictionary, SUPPRESSED] : dictionary
    const star = known < 0 ? dictionary.length : known
    const out = makeCodes(texts.length, codes.length)
    for (let row = 0; row < out.length; row++) out[row] = suppressed[row] === 1 ? star : codes[row] as number
    return { name, dictionary: texts, codes: out }
  })
}

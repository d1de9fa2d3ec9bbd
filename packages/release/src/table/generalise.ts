// The generalised form: the engine's table with a person as the unit. Classes hold at least k people, and a suppressed row shows nothing.
// Samarati & Sweeney 1998 for the model; the unit as in El Emam 2013, ch. 16: a person with several rows is one person.
import { makeCodes } from '@mhmd/columns'
import type { Column } from '@mhmd/columns'
import { kOf, leastClass, modelsAsked } from '@mhmd/schema'
import type { DatasetColumn, DatasetPolicy } from '@mhmd/schema'
import { releaseErrors } from '../errors.ts'
import { mostRowsOfOne, pick } from './people.ts'
import type { Generalised, GeneraliseTask, PersonRows, TableEngine } from './ports.ts'

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
  readonly k: number
  readonly levels: Generalised['levels']
  readonly hierarchies: Generalised['hierarchies']
}

/** The fewest people of a class: by the models, and by the highest risk that the policy allows. Throws RELEASE_UNSAFE_POLICY. */
export function leastPeople({ models, thresholds }: Pick<DatasetPolicy, 'models' | 'thresholds'>): number {
  const k = Math.max(kOf(models), leastClass(thresholds.highestRisk))
  if (!Number.isSafeInteger(k) || k < LEAST_K) throw releaseErrors.UNSAFE_POLICY({ setting: 'smallest class', least: LEAST_K })
  return k
}

/** The task that a policy asks of the engine: models that reach its thresholds too. Throws RELEASE_UNSAFE_POLICY. */
export function taskOf({ source, columns, policy }: Omit<PeopleTask, 'engine'>): GeneraliseTask {
  const sensitive = columns.filter(({ role }) => role === 'sensitive').map(({ name }) => name)
  leastPeople(policy)
  return {
    table: { rows: source.table.rows, columns: pick(source.table, columns.map(({ name }) => name)) }, person: source.person, columns,
    models: modelsAsked(policy, { sensitive, hasSeveralRows: mostRowsOfOne(source.person) > 1 }), suppressionLimit: policy.suppressionLimit,
  }
}

/** Throws RELEASE_NO_SOLUTION, RELEASE_UNSAFE_POLICY, and the engine's errors where dataset and table don't fit together. */
export function generalisePeople(task: PeopleTask): PeopleTable {
  const { policy, columns, engine, source: { person } } = task
  const asked = taskOf(task)
  const k = leastPeople(policy)
  const quasi = columns.filter(({ role }) => role === 'quasi-identifying').map(({ name }) => name)
  // Without quasi-identifiers all rows are one class.
  if (quasi.length === 0 && new Set(person.codes).size < k) throw releaseErrors.NO_SOLUTION({ suppressionLimit: policy.suppressionLimit })
  const found = quasi.length === 0 ? { table: asked.table, levels: {}, hierarchies: {} } : engine.generalise(asked)
  if (found === undefined) throw releaseErrors.NO_SOLUTION({ suppressionLimit: policy.suppressionLimit })
  return { columns: quasi.length === 0 ? found.table.columns : blanked(found.table.columns, quasi), k, levels: found.levels, hierarchies: found.hierarchies }
}

/** Rows whose quasi-identifiers are all suppressed show nothing else either. */
function blanked(columns: readonly Column[], quasi: readonly string[]): Column[] {
  const known = columns.filter(({ name }) => quasi.includes(name)).map(({ dictionary, codes }) => ({ codes, star: dictionary.indexOf(SUPPRESSED) }))
  return columns.map(({ name, dictionary, codes }) => {
    const at = dictionary.indexOf(SUPPRESSED)
    const texts = at < 0 ? [...dictionary, SUPPRESSED] : dictionary
    const star = at < 0 ? dictionary.length : at
    const out = makeCodes(texts.length, codes.length)
    for (let row = 0; row < out.length; row++) out[row] = known.every((column) => column.codes[row] === column.star) ? star : codes[row] as number
    return { name, dictionary: texts, codes: out }
  })
}

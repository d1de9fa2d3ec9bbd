// Alternatives for how a dataset's table may be protected, tried over the holder's own rows: the same task as a release, with other models and limits.
import type { Column } from '@mhmd/columns'
import { axesOf, carriedOut, frontierProposals, hierarchyCsv } from '@mhmd/deid'
import type { Alternative, Axes, Grid, Impossible, Job, ModelSpec, Proposal, Start } from '@mhmd/deid'
import { kOf, modelsAsked } from '@mhmd/schema'
import type { Dataset, DatasetPolicy } from '@mhmd/schema'
import { jobOf } from '../table/deid-engine.ts'
import { taskOf } from '../table/generalise.ts'
import type { PersonRows } from '../table/ports.ts'

/** One that was carried out, with the policy that asks for it; or one without a solution. */
export type Tried = (Alternative & { readonly axes: Axes; readonly policy: DatasetPolicy; readonly heights: Readonly<Record<string, number>> }) | Impossible

/** Roles and hierarchies of the document over its rows. The job names a person column that the view itself has, where one tells people apart, so that it runs over the view's table too. */
export function protectionStart(source: PersonRows, document: Dataset): Start {
  const columns = document.columns.filter(({ role }) => role !== 'identifying' && role !== 'unclassified')
  const task = taskOf({ source, columns, policy: { ...document.policy, thresholds: { ...document.policy.thresholds, distinctValues: 1 } } })
  const { job, tables } = jobOf({ ...task, models: document.policy.models.filter(({ type }) => type === 'km-anonymity') }, keyOf(source, document))
  const specs = Object.fromEntries(Object.entries(job.columns).map(([name, spec]) => [name, tables.hierarchies[name] === undefined ? spec : { ...spec, hierarchy: `${name}.csv` }]))
  return { job: { ...job, input: { path: 'table.csv' }, columns: specs }, tables }
}

/** An identifying column with one value a person and one person a value. */
function keyOf({ table, person }: PersonRows, { columns }: Dataset): string | undefined {
  const isKey = (column: Column): boolean => {
    const [values, people] = [new Map<number, number>(), new Map<number, number>()]
    return column.codes.every((value, row) => {
      const who = person.codes[row] as number
      if (!values.has(value)) values.set(value, who)
      if (!people.has(who)) people.set(who, value)
      return values.get(value) === who && people.get(who) === value
    })
  }
  return table.columns.find((column) => columns.some(({ name, role }) => name === column.name && role === 'identifying') && isKey(column))?.name
}

/** The hierarchies that a start's job names, as the files beside it. */
export const filesOf = ({ tables }: Start): { name: string; csv: string }[] => Object.entries(tables.hierarchies).map(([name, source]) => ({ name: `${name}.csv`, csv: new TextDecoder().decode(hierarchyCsv(source)) }))

/** The draft's own policy under this name, as it is when it is tried. */
const OWN = 'own'

/** What is tried: the draft's own policy, and the grid. None asks for less than the draft's average: where people with several rows are counted, smaller classes would. */
export function protectionProposals({ job, policy, grid }: { readonly job: Job; readonly policy: DatasetPolicy; readonly grid?: Grid }): Proposal[] {
  const asked = { sensitive: Object.entries(job.columns).flatMap(([name, { role }]) => (role === 'sensitive' ? [name] : [])), hasSeveralRows: job.person !== undefined }
  const modelsOf = (models: readonly ModelSpec[], thresholds: DatasetPolicy['thresholds']): DatasetPolicy['models'] => modelsAsked({ models: models as DatasetPolicy['models'], thresholds }, asked)
  const own: Proposal = { name: OWN, reasons: ['the draft\'s own policy'], models: modelsOf(policy.models, policy.thresholds), suppressionLimit: policy.suppressionLimit }
  const proposed = frontierProposals(job, grid).map((one) => ({ ...one, models: modelsOf(one.models, { ...policy.thresholds, highestRisk: 1, distinctValues: 1 }) }))
  return [own, ...proposed.filter(({ models, name }) => !asked.hasSeveralRows || name.startsWith(`k${kOf(models)}-`))]
}

export function tried(start: Start, proposal: Proposal, { before, isOutOfTime }: { readonly before: DatasetPolicy; readonly isOutOfTime: () => boolean }): Tried {
  const found = carriedOut(start, proposal, { isOutOfTime })
  return 'code' in found ? found : { ...found, axes: axesOf(found), policy: policyOf(proposal, before), heights: heightsOf(start) }
}

/** The most general level of each quasi-identifier; one without a hierarchy is shown or hidden. */
function heightsOf({ job, tables }: Start): Record<string, number> {
  return Object.fromEntries(Object.entries(job.columns).flatMap(([name, { role }]) => (role === 'quasi-identifying' ? [[name, (tables.hierarchies[name]?.table.columns.length ?? 2) - 1]] : [])))
}

/** The policy whose release is this alternative where the rows are these. Its gate asks for no more than its models do, and for no less of the average than before. */
function policyOf({ name, models, suppressionLimit }: Proposal, before: DatasetPolicy): DatasetPolicy {
  if (name === OWN) return before
  const k = kOf(models as DatasetPolicy['models'])
  const distinctValues = models.reduce((least, model) => (model.type === 'distinct-l-diversity' ? model.l : least), 1)
  return { ...before, models: models as DatasetPolicy['models'], suppressionLimit, thresholds: { highestRisk: 1 / k, averageRisk: Math.min(before.thresholds.averageRisk, 1 / k), uniques: 0, distinctValues } }
}

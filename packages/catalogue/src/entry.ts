// The catalogue's entry of a dataset: its description with figures coarse enough for everybody (decision 0018).
import type { CompiledView } from '@mhmd/fhir'
import type { CatalogueEntry, Dataset, DatasetDescription } from '@mhmd/schema'
import type { DatasetProfile } from './profile.ts'

type EntryColumn = NonNullable<CatalogueEntry['columns']>[number]

const FEWEST_PEOPLE = 10
/** Below these many people the share of missing values would be about few of them. */
const FEWEST_FOR_SHARES = 50

/** Of a dataset that `checkDataset` let through. Without a profile there are no figures. */
export function entryOf(dataset: Dataset, view: CompiledView, profile: DatasetProfile | undefined): CatalogueEntry {
  const { title, summary, categories, columns, policy } = dataset
  const least = profile === undefined ? undefined : atLeast(profile.people)
  const told = new Map(view.columns.map((column) => [column.name, column.description]))
  const figures = new Map(profile?.columns.map((column) => [column.name, column]))
  return {
    format: 'mhmd-catalogue-entry/1', title, summary, categories, forms: policy.forms, resource: view.resource,
    columns: columns.map(({ name, role, values }): EntryColumn => {
      const [description, column] = [told.get(name), figures.get(name)]
      const share = column === undefined || profile === undefined || profile.people < FEWEST_FOR_SHARES ? undefined : missingShare(column.missing / profile.rows)
      return { name, role: role as EntryColumn['role'], values: values ?? 'text', ...(description === undefined ? {} : { description }), ...(share === undefined ? {} : { missing: share }) }
    }),
    ...(least === undefined ? {} : { peopleAtLeast: least }),
  }
}

/** Of a dataset without a view, which gives counts. */
export const entryOfDescription = ({ title, summary, categories }: DatasetDescription): CatalogueEntry => ({ format: 'mhmd-catalogue-entry/1', title, summary, categories, forms: ['computation'] })

/** The largest of 10, 20, 50, 100, 200, 500 … that is not above; undefined below 10. */
export function atLeast(people: number): number | undefined {
  if (people < FEWEST_PEOPLE) return undefined
  const power = 10 ** Math.floor(Math.log10(people))
  return ([5, 2].find((factor) => factor * power <= people) ?? 1) * power
}

function missingShare(share: number): NonNullable<EntryColumn['missing']> {
  if (share === 0) return 'none'
  return share < 1 / 20 ? 'few' : share < 1 / 3 ? 'some' : 'many'
}

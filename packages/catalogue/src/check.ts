// Checks a dataset's document against its view before it is offered: an unclassified column leaves nowhere.
import { compileView } from '@mhmd/fhir'
import type { CompiledView } from '@mhmd/fhir'
import { viewDefinitionDocument } from '@mhmd/schema'
import type { Dataset, DatasetColumn } from '@mhmd/schema'
import { catalogueErrors } from './errors.ts'

/** Gives the compiled view. Throws CATALOGUE_…, VIEW_… and SCHEMA_NOT_VALID. */
export function checkDataset(dataset: Dataset): CompiledView {
  const view = compileView(viewDefinitionDocument.parse(dataset.view))
  const described = new Map<string, DatasetColumn>()
  for (const column of dataset.columns) {
    if (described.has(column.name)) throw catalogueErrors.COLUMN_TWICE({ column: column.name })
    described.set(column.name, column)
    if (!view.columns.some(({ name }) => name === column.name)) throw catalogueErrors.COLUMN_UNKNOWN({ column: column.name })
    if ((column.minLevel ?? 0) > (column.maxLevel ?? Number.POSITIVE_INFINITY)) throw catalogueErrors.LEVELS({ column: column.name })
  }
  checkClassified(view, described)
  checkScenario(dataset, described)
  return view
}

function checkClassified(view: CompiledView, described: ReadonlyMap<string, DatasetColumn>): void {
  const open = view.columns.map(({ name }) => name).filter((name) => (described.get(name)?.role ?? 'unclassified') === 'unclassified')
  if (open[0] !== undefined) throw catalogueErrors.UNCLASSIFIED({ column: open[0], columns: open.length })
}

/** What the attacker is said to know must be what classes are made of; what models protect must be sensitive. */
function checkScenario({ scenario, policy }: Dataset, described: ReadonlyMap<string, DatasetColumn>): void {
  for (const column of scenario.knows) {
    const role = described.get(column)?.role
    if (role === undefined) throw catalogueErrors.COLUMN_UNKNOWN({ column })
    if (role !== 'quasi-identifying' && role !== 'identifying') throw catalogueErrors.KNOWN_COLUMN({ column })
  }
  for (const model of policy.models) {
    if ('column' in model && described.get(model.column)?.role !== 'sensitive') throw catalogueErrors.SENSITIVE_MODEL({ column: model.column })
  }
}

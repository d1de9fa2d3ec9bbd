// Which columns leave: those asked for that a steward classified, without the identifying ones. What stays behind is named with its reason.
import type { Dataset, DatasetColumn, UseRequest } from '@mhmd/schema'
import { releaseErrors } from '../errors.ts'

export interface ColumnsOut {
  readonly columns: readonly DatasetColumn[]
  readonly withheld: readonly { readonly name: string; readonly why: 'identifying' | 'unclassified' }[]
}

/** In the dataset's order. Throws RELEASE_COLUMN_UNKNOWN, RELEASE_NO_COLUMN, RELEASE_DATASET_BEYOND_REQUEST. */
export function columnsOut(dataset: Dataset, request: UseRequest): ColumnsOut {
  checkCovered(dataset, request)
  const wanted = new Set(request.variables ?? dataset.columns.map(({ name }) => name))
  for (const name of wanted) if (!dataset.columns.some((column) => column.name === name)) throw releaseErrors.COLUMN_UNKNOWN({ column: name })
  const asked = dataset.columns.filter(({ name }) => wanted.has(name))
  const columns = asked.filter(({ role }) => role !== 'identifying' && role !== 'unclassified')
  if (columns.length === 0) throw releaseErrors.NO_COLUMN()
  return { columns, withheld: asked.flatMap(({ name, role }) => (role === 'identifying' || role === 'unclassified' ? [{ name, why: role }] : [])) }
}

/** The view reads what the decision was about. A window over dates is not cut out of views yet, so such a request gets no table. */
function checkCovered({ view, categories }: Dataset, { fhirTypes, categories: decided, dataWindow }: UseRequest): void {
  const isTypeCovered = fhirTypes.length === 0 || (fhirTypes as readonly string[]).includes(view.resource)
  if (!isTypeCovered) throw releaseErrors.DATASET_BEYOND_REQUEST({ what: 'type of resource' })
  if (!categories.every((category) => decided.includes(category))) throw releaseErrors.DATASET_BEYOND_REQUEST({ what: 'category' })
  if (dataWindow !== undefined) throw releaseErrors.DATASET_BEYOND_REQUEST({ what: 'time: tables are not cut to a window' })
}

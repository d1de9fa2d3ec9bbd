// Suggests each column's role and hierarchy, with reasons, for a steward to decide: by what FHIR says a column means first, then by its name and values.
import type { Column } from '@mhmd/columns'
import { suggestHierarchy, suggestRoles } from '@mhmd/deid'
import type { CompiledView, PersonTable } from '@mhmd/fhir'
import type { DatasetColumn, ViewDefinition, ViewSelect } from '@mhmd/schema'
import type { DatasetProfile } from './profile.ts'

interface Suggestion {
  readonly role: DatasetColumn['role']
  readonly reason: string
}

interface Looked {
  readonly path: string
  readonly type: string | undefined
  readonly resource: string
  readonly column: Column
}

/** Types of resources whose contents are findings, treatments and results. */
const clinical = new Set(['AllergyIntolerance', 'CarePlan', 'ClinicalImpression', 'Condition', 'DetectedIssue', 'DiagnosticReport', 'Encounter', 'FamilyMemberHistory', 'ImagingStudy', 'Immunization', 'MedicationAdministration', 'MedicationDispense', 'MedicationRequest', 'MedicationStatement', 'MolecularSequence', 'Observation', 'Procedure', 'QuestionnaireResponse', 'ServiceRequest', 'Specimen'])
const findings = /^(?:code|value|component|medication|vaccineCode|reason|interpretation|dosageInstruction|conclusion|bodySite|type|class|substance|severity|stage)\b|\b(?:coding|valueQuantity|value\.ofType)/
const dates = new Set(['date', 'dateTime', 'instant', 'time'])

/** From the most particular to the most general; where none holds, names and shapes decide. */
const rules: readonly ((looked: Looked) => Suggestion | undefined)[] = [
  ({ path, type }) => (/getResourceKey|getReferenceKey|\bidentifier\b/.test(path) || path === 'id' || type === 'Identifier' ? { role: 'identifying', reason: 'it is the key or identifier of a record' } : undefined),
  ({ path }) => (/\b(?:telecom|photo|contact)\b|\bname\b.*\b(?:family|given|text)\b|\baddress\b.*\b(?:line|text)\b/.test(path) ? { role: 'identifying', reason: 'it holds a name, an address or a way to reach somebody' } : undefined),
  ({ path }) => (/\b(?:note|text|div|conclusion)\b(?!.*coding)/.test(path) && /\b(?:note|div|annotation)\b/.test(path) ? { role: 'identifying', reason: 'free text may name people' } : undefined),
  ({ column }) => (column.dictionary.length === 1 ? { role: 'insensitive', reason: 'every row has the same value' } : undefined),
  ({ resource, path, type }) => (clinical.has(resource) && !dates.has(type ?? '') && findings.test(path) ? { role: 'sensitive', reason: 'it is part of what the record says about her health' } : undefined),
]

/** One suggestion a column of the view, in its order. None is a decision. */
export function suggestColumns(definition: ViewDefinition, view: CompiledView, { table }: PersonTable, profile: DatasetProfile): DatasetColumn[] {
  const paths = pathsOf(definition.select)
  const byShape = suggestRoles(table)
  return table.columns.map((column, index) => {
    const { name } = column
    const looked: Looked = { path: paths.get(name) ?? '', type: view.columns[index]?.type, resource: view.resource, column }
    const { role, reason } = firstOf(looked) ?? byShape[name] ?? { role: 'unclassified', reason: 'nothing is known of it' }
    const values = profile.columns[index]?.values ?? 'text'
    return role === 'quasi-identifying' ? withHierarchy({ name, role, reason, values }, column) : { name, role, reason, values }
  })
}

function firstOf(looked: Looked): Suggestion | undefined {
  for (const rule of rules) {
    const found = rule(looked)
    if (found !== undefined) return found
  }
  return undefined
}

function withHierarchy(suggested: DatasetColumn, column: Column): DatasetColumn {
  const { spec, reason } = suggestHierarchy(column)
  // Where more is needed first, such as a table of parts, only showing or hiding is left.
  return { ...suggested, reason: `${suggested.reason}; ${reason}`, hierarchy: (spec ?? { type: 'suppression' }) as NonNullable<DatasetColumn['hierarchy']> }
}

/** Each column's path with those of the iterations around it. */
function pathsOf(selects: readonly ViewSelect[], around = ''): Map<string, string> {
  const paths = new Map<string, string>()
  for (const one of selects) {
    const here = [around, iterated(one)].filter((part) => part !== '' && part !== '$this').join('.')
    for (const { name, path } of one.column ?? []) paths.set(name, here === '' ? path : `${here}.${path}`)
    for (const [name, path] of pathsOf([...one.select ?? [], ...one.unionAll ?? []], here)) paths.set(name, path)
  }
  return paths
}

const iterated = ({ forEach, forEachOrNull, repeat = [] }: ViewSelect): string => forEach ?? forEachOrNull ?? repeat.join(' ')

// Synthetic people for tests of tables: rows with whose each is, a dataset over them, and a request. Nobody in it is real.
import { columnOf } from '@mhmd/columns'
import type { Basis, Decision } from '@mhmd/consent'
import { resolveCohort, subjectsOf } from '@mhmd/consent'
import type { ConsentTerms, Dataset, UseRequest } from '@mhmd/schema'
import type { PersonRows, RowsSource } from '../src/table/ports.ts'

export const now = Date.UTC(2030, 0, 1)
export const secret = Buffer.alloc(32, 7)
export const datasetId = '00000000000000000000000009'

const places = ['00118', '00119', '00121', '20121', '20122', '20124']
const diagnoses = ['J45', 'E11', 'I10', 'M54', 'F32']

/** A generator of whole numbers below 2^31 from a seed (Park & Miller 1988): the same rows everywhere. */
function stream(seed: number): (below: number) => number {
  let state = seed % 2147483647 || 1
  return (below) => {
    state = (state * 48271) % 2147483647
    return state % below
  }
}

/** `people` people with one to three rows each. */
export function personRows(people: number, seed = 1): PersonRows {
  const draw = stream(seed)
  const rows = Array.from({ length: people }, (_unused, index) => {
    const birth = `${1940 + draw(60)}-0${1 + draw(9)}-1${draw(10)}`
    const fixed = { name: `Name${index}`, birth, sex: draw(2) === 0 ? 'female' : 'male', place: places[draw(places.length)] as string }
    return Array.from({ length: 1 + draw(3) }, () => ({ subject: `subject-${index}`, ...fixed, diagnosis: diagnoses[draw(diagnoses.length)] as string, onset: `20${10 + draw(15)}-0${1 + draw(9)}-0${1 + draw(9)}`, note: `note ${draw(1000)}`, clinic: 'north' }))
  }).flat()
  const column = (name: Exclude<keyof (typeof rows)[number], 'subject'>): ReturnType<typeof columnOf> => columnOf(name, rows.map((row) => row[name]))
  return { table: { rows: rows.length, columns: (['name', 'birth', 'sex', 'place', 'diagnosis', 'onset', 'note', 'clinic'] as const).map(column) }, person: columnOf('person', rows.map(({ subject }) => subject)) }
}

export const dataset: Dataset = {
  format: 'mhmd-dataset/1', title: 'Diagnoses by place', summary: '', categories: ['a'], view: { resource: 'Condition', select: [{ column: [{ name: 'name', path: 'id' }] }] },
  columns: [
    { name: 'name', role: 'identifying', reason: 'A name' },
    { name: 'birth', role: 'quasi-identifying', reason: 'Known to neighbours', values: 'date', hierarchy: { type: 'date', units: ['month', 'year', 'decade', 'century'] } },
    { name: 'sex', role: 'quasi-identifying', reason: 'Known to everybody' },
    { name: 'place', role: 'quasi-identifying', reason: 'Known to neighbours', hierarchy: { type: 'redaction' } },
    { name: 'diagnosis', role: 'sensitive', reason: 'A diagnosis' },
    { name: 'onset', role: 'sensitive', reason: 'A date of hers', values: 'date' },
    { name: 'note', role: 'unclassified', reason: '' },
    { name: 'clinic', role: 'insensitive', reason: 'The same for everybody' },
  ],
  scenario: { attacker: 'prosecutor', knows: ['birth', 'sex', 'place'], text: 'A neighbour who knows that she was a patient' },
  policy: { forms: ['anonymised', 'pseudonymised'], models: [{ type: 'k-anonymity', k: 5 }], suppressionLimit: 0.2, thresholds: { highestRisk: 0.2, averageRisk: 0.2, uniques: 0, distinctValues: 2 } },
}

export const request: UseRequest = {
  format: 'mhmd-use-request/1', id: '00000000000000000000000001', requester: { member: 'institute', class: 'research-organisation', country: 'IT' }, title: 'Asthma by place', summary: '', purpose: 'health-research', uses: [],
  categories: ['a'], fhirTypes: ['Condition'], form: 'anonymised', basis: 'consent', from: now - 1000, until: now + 1e9, safeguards: [], returns: [],
  dataset: { holder: 'rome', id: datasetId, version: 1 }, variables: ['birth', 'sex', 'place', 'diagnosis'],
}

const terms = (form: ConsentTerms['permissions'][number]['form']): ConsentTerms => ({
  format: 'mhmd-consent-terms/1', from: 0, until: now + 1e9, despiteOptOut: false, returnsWanted: [], prohibitions: [],
  permissions: [{ recipients: { members: ['institute'], classes: [], countries: [] }, purposes: ['health-research'], uses: [], categories: ['a'], form }],
})
const consent: Basis = { basis: 'consent', version: 1, state: 'active', by: 'subject', expires: now + 1e9, record: 'held', terms: terms('pseudonymised') }
const permit = (user: string, form: UseRequest['form']): Basis => ({ basis: 'permit', kind: 'data-permit', id: '00000000000000000000000002', authority: 'authority', user, purposes: ['health-research'], categories: ['a'], form, approved: 0, from: 0, until: now + 1e9, state: 'active', record: 'held' })

/** The decision about everybody of `rows` but those left out. */
export const decided = (asked: UseRequest, { person }: PersonRows, { without = new Set<string>(), stillStands = () => true }: { without?: ReadonlySet<string>; stillStands?: (subject: string | undefined) => boolean } = {}): Promise<Decision> =>
  resolveCohort(asked, person.dictionary.map((subject) => ({ subject, bases: without.has(subject) ? [] : [consent, permit('institute', asked.form)] })), { time: now, height: 42, deadline: now + 1000, stillStands })

/** A vault as the port describes it: rows of the people whom the decision covers. */
export const sourceOf = ({ table, person }: PersonRows): RowsSource => ({
  rows: (decision) => {
    const covered = new Set(subjectsOf(decision, now))
    const rows = Array.from(person.codes.keys()).filter((row) => covered.has(person.dictionary[person.codes[row] as number] as string))
    const cut = ({ name, dictionary, codes }: PersonRows['person']): PersonRows['person'] => columnOf(name, rows.map((row) => dictionary[codes[row] as number] as string))
    return Promise.resolve({ table: { rows: rows.length, columns: table.columns.map(cut) }, person: cut(person) })
  },
})

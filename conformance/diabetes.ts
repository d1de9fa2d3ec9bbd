// Judge: persons with several rows, on a real table (UCI 296: 101,766 encounters of 71,518 patients). Releases by persons, with one known visit and with two in
// their order, and of sets of diagnoses; each counted again from its written bytes by code of its own, and a release that counted rows refused.
// Usage: npm run conformance -- diabetes   Reads ../shared/data/clinical beside the repository; its absence is a failure.
// Only computes
import { readFileSync } from 'node:fs'
import { columnNamed, columnOf, csvBytes, parseCsv } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import { buildHierarchy, checkRelease, release } from '@mhmd/deid'
import type { Job, Release } from '@mhmd/deid'

const K = 5
const { table: encounters } = parseCsv(readFileSync(new URL('../../shared/data/clinical/diabetes-130-hospitals/diabetic_data.csv.gz', import.meta.url)), { delimiter: ',' })
const column = (name: string): Column => columnNamed(encounters, name) as Column
const texts = (name: string): string[] => Array.from(column(name).codes, (code) => column(name).dictionary[code] as string)

/** The three diagnoses of an encounter as one set; ? is a missing one. */
const [first, second, third] = [texts('diag_1'), texts('diag_2'), texts('diag_3')]
const codes = first.map((one, row) => [one, second[row] as string, third[row] as string].filter((code) => code !== '?').join(';'))
const input: Table = { rows: encounters.rows, columns: [...['patient_nbr', 'race', 'gender', 'age', 'admission_type_id', 'readmitted'].map(column), columnOf('codes', codes)] }
const patients = texts('patient_nbr')
const bands = Array.from({ length: 10 }, (_, i) => `[${10 * i}-${10 * i + 10})`)
const hierarchies = {
  age: buildHierarchy('age', bands, { type: 'order', by: bands, groups: [2, 5] }),
  codes: buildHierarchy('codes', [...new Set(codes.flatMap((set) => set.split(';')).filter((code) => code !== ''))], { type: 'code-prefix', system: 'icd-9-cm' }),
}
const rows: Job = {
  input: { path: 'diabetic_data.csv.gz' }, models: [{ type: 'k-anonymity', k: K }], suppressionLimit: 0.05,
  columns: { patient_nbr: { role: 'identifying' }, race: { role: 'quasi-identifying' }, gender: { role: 'quasi-identifying' }, age: { role: 'quasi-identifying' }, admission_type_id: { role: 'quasi-identifying' }, readmitted: { role: 'insensitive' }, codes: { role: 'sensitive' } },
}
const persons: Job = { ...rows, person: { column: 'patient_nbr' } }
const ordered: Job = { ...rows, person: { column: 'patient_nbr', visits: 2, ordered: true }, suppressionLimit: 0.2 }
const sets: Job = { ...persons, models: [...persons.models, { type: 'km-anonymity', column: 'codes', k: K, m: 2 }] }

const counts = { passed: 0, failed: 0 }
function report(what: string, problems: readonly string[]): void {
  counts[problems.length === 0 ? 'passed' : 'failed']++
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${what}${problems.map((problem) => `\n       ${problem}`).join('')}`)
}
const unless = (holds: boolean, problem: string): string[] => (holds ? [] : [problem])

interface Written {
  /** The quasi-identifiers' cells of each row, and its set. */
  readonly known: readonly string[]
  readonly codes: readonly string[]
}

/** The release's bytes, cut at commas: none of these cells holds one. */
function written({ table }: Release): Written {
  const lines = Buffer.from(csvBytes(table, { delimiter: ',', lineEnd: '\n', byteOrderMark: false })).toString().trimEnd().split('\n').slice(1).map((line) => line.replaceAll('"', '').split(/,(?![^[]*[)\]])/))
  return { known: lines.map((cells) => cells.slice(0, 4).join('|')), codes: lines.map((cells) => cells.at(-1) as string) }
}

const GONE = '*|*|*|*'

/** What each kept patient shows, by patient, in the order of rows. */
function histories(of: readonly string[], known: readonly string[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  of.forEach((text, row) => { if (known[row] !== GONE) found.set(patients[row] as string, [...found.get(patients[row] as string) ?? [], text]) })
  return found
}

/** The fewest patients who share something that one of them shows. */
function rarest(shown: Iterable<ReadonlySet<string>>): number {
  const sharers = new Map<string, number>()
  for (const own of shown) for (const one of own) sharers.set(one, (sharers.get(one) ?? 0) + 1)
  return [...sharers.values()].reduce((a, b) => Math.min(a, b), Infinity)
}

/** One entry, and any two in their order. */
const pairs = (list: readonly string[]): Set<string> => new Set(list.flatMap((one, at) => [one, ...list.slice(at + 1).map((later) => `${one} then ${later}`)]))

const splitPatients = (known: readonly string[]): number => {
  const states = new Map<string, Set<boolean>>()
  known.forEach((text, row) => states.set(patients[row] as string, (states.get(patients[row] as string) ?? new Set()).add(text === GONE)))
  return [...states.values()].filter((own) => own.size > 1).length
}

function released(what: string, job: Job): { found: Release; bytes: Written } {
  const start = performance.now()
  const found = release(job, { input, hierarchies })
  const seconds = (performance.now() - start) / 1000
  console.log(`       ${what}: ${seconds.toFixed(1)} s, score ${found.score.toFixed(6)}${found.optimal ? ', optimal' : ''}, ${found.suppressedRows} rows of ${found.suppressedPersons ?? '–'} patients given up, levels ${JSON.stringify(found.levels)}`)
  return { found, bytes: written(found) }
}

report('the table: 101,766 encounters of 71,518 patients', unless(input.rows === 101_766 && new Set(patients).size === 71_518, `${input.rows} rows, ${new Set(patients).size} patients`))

const one = released('by persons, one known visit', persons)
report('by persons: each combination that is shown is shared by five patients, whose rows stay or go together; the check agrees', [
  ...unless(rarest([...histories(one.bytes.known, one.bytes.known).values()].map((own) => new Set(own))) >= K, 'a combination is shared by fewer'),
  ...unless(splitPatients(one.bytes.known) === 0, 'a patient is split'),
  ...unless(one.found.optimal && one.bytes.known.filter((text) => text === GONE).length === one.found.suppressedRows, 'other rows are given up than stated'),
  ...checkRelease({ job: persons, input, hierarchies, output: one.found.table }).findings.map(({ says }) => says),
])

const byRows = released('by rows', rows)
const alone = rarest([...histories(byRows.bytes.known, byRows.bytes.known).values()].map((own) => new Set(own)))
report(`by rows: some combination is shared by ${alone} patients only or a patient is split, and the check of persons refuses it`, [
  ...unless(alone < K || splitPatients(byRows.bytes.known) > 0, 'counting rows does no harm here: the control is none'),
  ...unless(!checkRelease({ job: persons, input, hierarchies, output: byRows.found.table }).ok, 'the check accepts it'),
])

const two = released('by persons, two known visits in their order', ordered)
report('two known visits in their order: each such pair is shared by five patients; the check agrees', [
  ...unless(rarest([...histories(two.bytes.known, two.bytes.known).values()].map(pairs)) >= K, 'a pair is shared by fewer'),
  ...unless(rarest([...histories(one.bytes.known, one.bytes.known).values()].map(pairs)) < K, 'one known visit would have done: the control is none'),
  ...checkRelease({ job: ordered, input, hierarchies, output: two.found.table }).findings.map(({ says }) => says),
])

const diagnoses = released('sets of diagnoses, two known codes', sets)
const setsOf = [...histories(diagnoses.bytes.codes, diagnoses.bytes.known).values()].map((own) => new Set(own.flatMap((text) => text.split(';')).filter((label) => label !== '')))
console.log(`       sets: loss ${diagnoses.found.sets?.['codes']?.loss.toFixed(4) ?? ''}, ${new Set(setsOf.flatMap((own) => [...own])).size} labels of ${hierarchies.codes.table.rows} codes`)
report('sets of diagnoses: any two labels of a patient are shared by five; the check agrees', [
  ...unless(rarest(setsOf.map((own) => pairs([...own].sort()))) >= K, 'a pair of labels is shared by fewer'),
  ...checkRelease({ job: sets, input, hierarchies, output: diagnoses.found.table }).findings.map(({ says }) => says),
])
console.log(`${counts.passed} passed, ${counts.failed} failed, 0 skipped`)
process.exitCode = counts.failed > 0 ? 1 : 0

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, mock, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { tableFileChunks } from '@mhmd/columns'
import { release } from '@mhmd/deid'
import type { Command } from 'commander'
import { loadJob } from './deid-files.ts'
import { frontierCommand } from './deid-frontier.ts'
import { recommendCommand } from './deid-recommend.ts'
import { deidCommand } from './deid.ts'
import { checkCommand, hierarchyCommand, riskCommand } from './deid-risk.ts'

const data = fileURLToPath(new URL('../../../vectors/deid/data/adult/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mhmd-deid-'))
const config = join(folder, 'job.json')
const hierarchy = (name: string): string => join(data, `adult_hierarchy_${name}.csv.gz`)
writeFileSync(config, JSON.stringify({
  input: { path: join(data, 'adult.csv.gz'), delimiter: ';' },
  columns: { sex: { role: 'quasi-identifying', hierarchy: hierarchy('sex') }, age: { role: 'quasi-identifying', hierarchy: hierarchy('age') }, race: { role: 'quasi-identifying', hierarchy: hierarchy('race') }, occupation: { role: 'sensitive' } },
  models: [{ type: 'k-anonymity', k: 5 }],
  suppressionLimit: 0.02,
}))

afterEach(() => { process.exitCode = 0 })

/** Runs a command and gives what it printed, read as JSON. The test runner's own messages go on to the same stream. */
async function printed(command: Command, ...args: string[]): Promise<Record<string, unknown>> {
  const pieces: string[] = []
  const pass = process.stdout.write.bind(process.stdout)
  const write = mock.method(process.stdout, 'write', (piece: string | Uint8Array) => (typeof piece === 'string' && piece.startsWith('{') ? pieces.push(piece) > 0 : pass(piece)))
  try {
    await command.parseAsync([...args, '--json'], { from: 'user' })
  } finally {
    write.mock.restore()
  }
  return JSON.parse(pieces.join('')) as Record<string, unknown>
}

// Origin of the figures: vectors/deid/risk-arx-3.9.2.json, second row.
test('risk measures the job\'s input', async () => {
  const report = await printed(riskCommand(), '--config', config, '--population-size', '317238626') as { sample: { classes: number; averageRisk: number }; uniqueness: { zayatz: { share: number } } }
  assert.equal(report.sample.classes, 528)
  assert.equal(report.sample.averageRisk.toFixed(6), '0.017505')
  assert.equal(report.uniqueness.zayatz.share.toFixed(8), '0.00000434')
  const text = await riskCommand().exitOverride().parseAsync(['--config', config, '--preset', 'nobody'], { from: 'user' }).catch((error: unknown) => error)
  assert.equal((text as { code: string }).code, 'CLI_BAD_OPTION')
  for (const threshold of ['7', '-0.1', 'x']) await assert.rejects(printed(riskCommand(), '--config', config, '--threshold', threshold), { code: 'CLI_BAD_OPTION' })
})

test('check accepts a release and refuses it with one corrupted cell', async () => {
  const { job, tables, input } = await loadJob(config)
  const made = Buffer.concat([...tableFileChunks(release(job, tables).table, input.format)])
  const [good, bad] = [join(folder, 'good.csv'), join(folder, 'bad.csv')]
  writeFileSync(good, made)
  const lines = Buffer.from(made).toString().split('\n')
  lines[1000] = (lines[1000] as string).replace(/White|Black/, 'Other')
  writeFileSync(bad, lines.join('\n'))
  assert.equal((await printed(checkCommand(), '--config', config, '--output', good)).ok, true)
  assert.equal(process.exitCode, 0)
  const refused = await printed(checkCommand(), '--config', config, '--output', bad) as { ok: boolean; findings: { code: string; row: number }[] }
  assert.deepEqual([refused.ok, process.exitCode, refused.findings[0]?.code, refused.findings[0]?.row], [false, 3, 'CHECK_CELLS', 1000])
})

test('hierarchy: suggest, build, check', async () => {
  const table = ['--input', join(data, 'adult.csv.gz'), '--delimiter', ';', '--column', 'age']
  const suggestion = await printed(hierarchyCommand(), 'suggest', ...table)
  assert.equal(suggestion.kind, 'age')
  const [spec, made] = [join(folder, 'spec.json'), join(folder, 'age.csv')]
  writeFileSync(spec, JSON.stringify(suggestion.spec))
  assert.deepEqual(await printed(hierarchyCommand(), 'build', ...table, '--spec', spec, '--output', made), { values: 72, levels: 6 })
  assert.ok(readFileSync(made, 'utf8').startsWith('39;[35, 40[;'))
  assert.equal((await printed(hierarchyCommand(), 'check', ...table, '--hierarchy', made)).missingValues, 0)
  assert.equal((await printed(hierarchyCommand(), 'check', ...table, '--hierarchy', hierarchy('sex'))).missingValues, 72)
  assert.equal(process.exitCode, 3)
})

test('a broken table keeps its code and tells its file', async () => {
  const file = join(folder, 'broken.csv')
  writeFileSync(file, 'age;sex\n1\n')
  await assert.rejects(printed(riskCommand(), '--config', config, '--input', file), (error: { code: string; message: string }) => error.code === 'CSV_RAGGED_ROW' && error.message.includes('broken.csv'))
})

test('recommend writes jobs that give the figures stated', async () => {
  const jobs = join(folder, 'jobs')
  const found = await printed(recommendCommand(), '--config', config, '--recipient', 'public', '--folder', jobs, '--time-limit', '60') as { alternatives: { name: string; score: number; suppressedRows: number }[] }
  assert.ok(found.alternatives.length > 0)
  for (const { name, score, suppressedRows } of found.alternatives) {
    const { job, tables } = await loadJob(join(jobs, `${name}.job.json`))
    const made = release(job, tables)
    assert.deepEqual([made.score.toFixed(6), made.suppressedRows], [score.toFixed(6), suppressedRows])
  }
  await assert.rejects(printed(recommendCommand(), '--config', config, '--folder', jobs), { code: 'CLI_FILE_EXISTS' })
  await assert.rejects(printed(recommendCommand()), { code: 'CLI_BAD_OPTION' })
})

test('recommend suggests roles and hierarchies where only a table is given', async () => {
  const [table, jobs] = [join(folder, 'people.csv'), join(folder, 'people-jobs')]
  writeFileSync(table, `patient_id,sex,birth,diagnosis\n${Array.from({ length: 200 }, (_, row) => `p${row},${'mf'[row % 2]},19${40 + (row % 50)}-03-0${1 + (row % 9)},${['E11.9', 'I10', 'J45'][row % 3]}`).join('\n')}\n`)
  const found = await printed(recommendCommand(), '--input', table, '--folder', jobs) as { roles: Record<string, { role: string }>; alternatives: { name: string }[] }
  assert.deepEqual(Object.values(found.roles).map(({ role }) => role), ['identifying', 'quasi-identifying', 'quasi-identifying', 'sensitive'])
  const { job, tables } = await loadJob(join(jobs, `${found.alternatives[0]?.name}.job.json`))
  assert.deepEqual(release(job, tables).table.columns.map(({ name }) => name), ['sex', 'birth', 'diagnosis'])
})

const visits = join(folder, 'visits.csv')
writeFileSync(visits, ['who;place;home;weight', 'p;a;1;2', 'p;a;1;2', 'q;a;1;2', 'r;b;2;2', 's;b;2;2', 't;c;3;2'].join('\n'))
const byPerson = join(folder, 'persons.job.json')
writeFileSync(byPerson, JSON.stringify({
  input: { path: visits, delimiter: ';' }, person: { column: 'who' }, suppressionLimit: 0.5,
  columns: { who: { role: 'identifying' }, place: { role: 'quasi-identifying' } }, models: [{ type: 'k-anonymity', k: 2 }],
}))

interface Measured { unit: string; sample: { rows: number; smallestClassSize: number }; persons: { persons: number; highestRisk: number }; household: { highestRisk: number }; survey: { highestRisk: number } }

test('risk, check and recommend count persons where the job names their column', async () => {
  const report = await printed(riskCommand(), '--config', byPerson, '--household', 'home') as unknown as Measured
  assert.deepEqual([report.unit, report.sample.rows, report.sample.smallestClassSize, report.persons.persons, report.household.highestRisk], ['person', 5, 1, 5, 1])
  const { job, tables, input } = await loadJob(byPerson)
  const released = join(folder, 'persons.csv')
  writeFileSync(released, Buffer.concat([...tableFileChunks(release(job, tables).table, input.format)]))
  const after = await printed(riskCommand(), '--config', byPerson, '--input', released, '--household', 'home') as unknown as Measured
  assert.deepEqual([after.unit, after.persons.persons, after.persons.highestRisk, after.household.highestRisk], ['person', 4, 0.5, 0.75])
  const checked = await printed(checkCommand(), '--config', byPerson, '--output', released) as { ok: boolean; risk: { smallestClassSize: number } }
  assert.deepEqual([checked.ok, checked.risk.smallestClassSize], [true, 2])
  const many = join(folder, 'many.csv')
  writeFileSync(many, ['who;place', ...Array.from({ length: 60 }, (_, row) => `p${row >> 1};${'abc'[(row >> 1) % 3] ?? ''}`)].join('\n'))
  const larger = join(folder, 'larger.job.json')
  writeFileSync(larger, readFileSync(byPerson, 'utf8').replace(JSON.stringify(visits), JSON.stringify(many)))
  const { alternatives } = await printed(recommendCommand(), '--config', larger, '--recipient', 'secure-environment') as { alternatives: { job: { person: object }; risk: { unit: string } }[] }
  assert.ok(alternatives.length > 0 && alternatives.every(({ job: one, risk }) => 'person' in one && risk.unit === 'person'))
  const shorter = join(folder, 'shorter.csv')
  writeFileSync(shorter, 'place\na\na\n')
  await assert.rejects(printed(riskCommand(), '--config', byPerson, '--input', shorter), { code: 'RISK_NO_PERSONS' })
  await assert.rejects(printed(riskCommand(), '--config', byPerson, '--household', 'nowhere'), { code: 'CLI_BAD_OPTION' })
})

test('survey weights by a column of the table', async () => {
  const rows = join(folder, 'rows.job.json')
  writeFileSync(rows, JSON.stringify({ input: { path: visits, delimiter: ';' }, columns: { place: { role: 'quasi-identifying' } }, models: [{ type: 'k-anonymity', k: 2 }] }))
  const report = await printed(riskCommand(), '--config', rows, '--weight', 'weight') as unknown as Measured
  assert.ok(report.survey.highestRisk < 1 && report.survey.highestRisk > 0.5)
  await assert.rejects(printed(riskCommand(), '--config', rows, '--weight', 'who'), { code: 'RISK_BAD_WEIGHT' })
  await assert.rejects(printed(riskCommand(), '--config', byPerson, '--weight', 'weight'), { code: 'RISK_WEIGHTED_PERSONS' })
})

test('recommend by kind of data: sets are protected as sets, and each job run by the command line gives its figures', async () => {
  const [file, jobFile, jobs] = [join(folder, 'sets.csv'), join(folder, 'sets.job.json'), join(folder, 'sets')]
  writeFileSync(file, ['ward;codes', ...Array.from({ length: 90 }, (_, row) => `${'ab'[row % 2] ?? ''};"${['x1', 'x2'][row % 2] ?? ''}|${['y1', 'y2'][row % 3 === 0 ? 0 : 1] ?? ''}"`)].join('\n'))
  writeFileSync(jobFile, JSON.stringify({ input: { path: file, delimiter: ';' }, columns: { ward: { role: 'quasi-identifying' }, codes: { role: 'sensitive' } }, models: [{ type: 'k-anonymity', k: 2 }] }))
  const found = await printed(recommendCommand(), '--config', jobFile, '--kind', 'set', '--folder', jobs) as { alternatives: { name: string; score: number; sets: object }[] }
  assert.equal(found.alternatives.length, 4)
  for (const { name, score, sets } of found.alternatives) {
    const report = join(folder, `${name}.sets.json`)
    await deidCommand().exitOverride().parseAsync(['run', '--config', join(jobs, `${name}.job.json`), '--report', report], { from: 'user' })
    const run = JSON.parse(readFileSync(report, 'utf8')) as { score: number; sets: object }
    assert.deepEqual([run.score.toPrecision(6), run.sets], [score.toPrecision(6), sets])
  }
  const { impossible } = await printed(recommendCommand(), '--config', jobFile, '--kind', 'sequence') as { impossible: object[] }
  assert.deepEqual(impossible, [{ name: 'sequence', code: 'DEID_NO_PERSON_COLUMN' }])
})

test('risk names what of Safe Harbor\'s list a table still shows', async () => {
  const file = join(folder, 'harbor.csv')
  writeFileSync(file, 'place;birth;who\na;1950-02-03;p\nb;1951;q\n')
  const report = await printed(riskCommand(), '--config', byPerson, '--input', file, '--safe-harbor') as { safeHarbor: { identifiers: object[]; found: object[] } }
  assert.equal(report.safeHarbor.identifiers.length, 18)
  assert.deepEqual(report.safeHarbor.found, [{ column: 'birth', letter: 'C', by: 'values', rows: 1 }])
})

interface Stated { name: string; score: number; suppressedRows: number; risk: { sample: object; attributes: object }; utility: object }

test('frontier: each alternative\'s job, run by the command line, gives the stated figures to six digits', async () => {
  const jobs = join(folder, 'frontier')
  const found = await printed(frontierCommand(), '--config', config, '--folder', jobs, '--ks', '11', '--diversities', '2', '--closenesses', '', '--limits', '0.02') as { alternatives: Stated[]; undominated: Record<string, string[]> }
  assert.equal(found.alternatives.length, 2)
  const digits = (value: unknown): string => JSON.stringify(value, (_, leaf: unknown) => (typeof leaf === 'number' ? leaf.toPrecision(6) : leaf))
  for (const { name, score, suppressedRows, risk, utility } of found.alternatives) {
    const report = join(folder, `${name}.report.json`)
    await deidCommand().exitOverride().parseAsync(['run', '--config', join(jobs, `${name}.job.json`), '--report', report, '--measure'], { from: 'user' })
    const run = JSON.parse(readFileSync(report, 'utf8')) as Stated & { measured: Stated }
    assert.equal(digits([run.score, run.suppressedRows, run.measured.risk, run.measured.utility]), digits([score, suppressedRows, risk, utility]))
  }
  assert.ok((found.undominated['highestRisk/loss'] ?? []).length > 0)
  await assert.rejects(printed(frontierCommand(), '--config', config, '--ks', '0'), { code: 'CLI_BAD_OPTION' })
})

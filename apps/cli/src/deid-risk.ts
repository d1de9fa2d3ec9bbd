// Commands that measure: the risk of a table, a release against its job, a hierarchy against its column.
import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fromBase64Url } from '@mhmd/base'
import { columnNamed } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import { buildHierarchy, checkRelease, coverageOf, hierarchyCsv, riskErrors, riskOptionsOf, riskPreset, riskPresets, riskReport, safeHarborFindings, safeHarborIdentifiers, specialUniques, suggestHierarchy } from '@mhmd/deid'
import type { CheckReport, HierarchySpec, Job, RiskOptions, RiskPreset, RiskReport, SafeHarborFinding } from '@mhmd/deid'
import { hierarchySpecDocument } from '@mhmd/schema'
import { Command } from 'commander'
import { command } from './action.ts'
import { loadJob, readHierarchyFile, readJob, readTable } from './deid-files.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile } from './files.ts'
import { exitCodes, outputOf, table } from './output.ts'

const share = (value: number): string => (value === 0 || value >= 1e-4 ? value.toFixed(6) : value.toExponential(3))

interface RiskArguments {
  readonly config: string
  readonly input?: string
  readonly threshold?: string
  readonly preset?: string
  readonly population?: string
  readonly populationSize?: string
  readonly specialUniques?: boolean
  readonly safeHarbor?: boolean
  readonly household?: string
  readonly weight?: string
  readonly json?: boolean
}

/** `mhmd deid risk`: of the job's input, or of any table with its quasi-identifiers. Where the job names a person column, persons are counted. */
export function riskCommand(): Command {
  return command('risk', 'what an attacker may find in a table, with the roles of a job; persons are counted where the job names their column')
    .requiredOption('--config <file>', 'the job: its quasi-identifiers, sensitive columns and person column')
    .option('--input <file>', 'the table to measure; default the job\'s input')
    .option('--threshold <share>', 'a row or person is at risk above this; default 0.2')
    .option('--preset <id>', `a threshold with its source: ${riskPresets.map(({ id }) => id).join(', ')}`)
    .option('--population <file>', 'the population\'s table at the same levels, one row a person, for the journalist')
    .option('--population-size <n>', 'people in the population, to estimate who is unique in it')
    .option('--special-uniques', 'rows, or persons where the job names them, unique by few columns (SUDA)')
    .option('--safe-harbor', 'which identifiers of HIPAA\'s Safe Harbor (45 CFR 164.514(b)(2)) the table still shows, as far as names and shapes tell')
    .option('--household <column>', 'the column that tells households apart: the chance that at least one member is found')
    .option('--weight <column>', 'a survey\'s weights: for how many people of the population each row stands')
    .action(risk)
}

async function risk(options: RiskArguments): Promise<void> {
  const { job, folder } = readJob(options.config)
  const own = resolve(folder, job.input.path)
  const { table: data } = await readTable(options.input ?? own, job.input.delimiter)
  // A release lacks identifying columns: whose its rows are stands in the job's input, row by row.
  const others = [job.person?.column, options.household, options.weight].filter((name) => name !== undefined)
  const input = others.every((name) => columnNamed(data, name) !== undefined) ? data : (await readTable(own, job.input.delimiter)).table
  const fromJob = riskOptionsOf(job, data, input)
  const report = riskReport(data, { ...fromJob, threshold: thresholdOf(options), ...await populationOf(options, job), ...besides(options, data, input) })
  const preset = options.preset === undefined ? undefined : riskPreset(options.preset)
  const parts = [preset && presetPart(preset), options.specialUniques === true ? uniquesPart(data, fromJob) : undefined, options.safeHarbor === true ? harborPart(data) : undefined].filter((part) => part !== undefined)
  outputOf(options).result(Object.assign({}, report, ...parts.map(({ figures }) => figures)) as object, [...riskLines(report), ...parts.flatMap(({ lines }) => lines)])
}

/** A part of the answer that is asked for by an option of its own. */
interface Part {
  readonly figures: object
  readonly lines: readonly string[]
}

function presetPart(preset: RiskPreset): Part {
  return { figures: { preset }, lines: [`Threshold of ${preset.title}. ${preset.remark} Source: ${preset.source}.`] }
}

function uniquesPart(data: Table, { quasiIdentifiers, persons }: ReturnType<typeof riskOptionsOf>): Part {
  const { unit, bySize, withMsu, contribution } = specialUniques(data, quasiIdentifiers, persons === undefined ? {} : { persons: persons.of })
  return { figures: { specialUniques: { unit, bySize, withMsu, contribution } }, lines: [`Special uniques: ${withMsu} ${unit}s; minimal sets by size ${bySize.slice(1).join(', ')}`] }
}

function harborPart(data: Table): Part {
  const found = safeHarborFindings(data)
  return { figures: { safeHarbor: { identifiers: safeHarborIdentifiers, found } }, lines: harborLines(found) }
}

/** What was found, and what no program finds. */
function harborLines(found: readonly SafeHarborFinding[]): string[] {
  const whatOf = (letter: string): string => safeHarborIdentifiers.find((one) => one.letter === letter)?.what ?? ''
  return [
    ...(found.length === 0 ? ['Safe Harbor: nothing found by names of columns and shapes of values.'] : table([['Safe Harbor', 'column', 'rows', 'by', 'what'], ...found.map(({ letter, column, rows, by }) => [`(${letter})`, column, String(rows), by, whatOf(letter)])])),
    'Names in free text, pictures, voices and other codes of a person are for somebody to look at; so is what you know of the people (45 CFR 164.514(b)(2)(ii)). None of it says anything about anonymity under EU law.',
  ]
}

async function populationOf({ populationSize, population }: RiskArguments, { input }: Job): Promise<Pick<RiskOptions, 'populationSize' | 'population'>> {
  return {
    ...(populationSize !== undefined && { populationSize: numberOption('--population-size', populationSize) }),
    ...(population !== undefined && { population: (await readTable(population, input.delimiter)).table }),
  }
}

/** Columns of the table or, where it has as many rows, of the job's input. */
function besides({ household, weight }: RiskArguments, data: Table, input: Table): Pick<RiskOptions, 'households' | 'weights'> {
  const named = (option: string, name: string): Column => {
    const column = columnNamed(data, name) ?? (input.rows === data.rows ? columnNamed(input, name) : undefined)
    if (column === undefined) throw cliErrors.BAD_OPTION({ option, why: `there is no column ${name} in the table, nor in an input with as many rows` })
    return column
  }
  return { ...(household !== undefined && { households: named('--household', household).codes }), ...(weight !== undefined && { weights: numbersOf(named('--weight', weight)) }) }
}

/** Each row's number; what is none is refused where it is used, with its row. */
function numbersOf({ dictionary, codes }: Column): Float64Array {
  const numbers = dictionary.map((text) => (text.trim() === '' ? Number.NaN : Number(text)))
  return Float64Array.from(codes, (code) => numbers[code] as number)
}

function thresholdOf({ threshold, preset }: RiskArguments): number {
  if (preset === undefined) return threshold === undefined ? 1 / 5 : shareOption('--threshold', threshold)
  const found = riskPreset(preset)
  if (found === undefined) throw cliErrors.BAD_OPTION({ option: '--preset', why: 'there is no such preset' })
  return found.highestRisk
}

function shareOption(option: string, text: string): number {
  const value = numberOption(option, text)
  if (value < 0 || value > 1) throw cliErrors.BAD_OPTION({ option, why: 'it is a share, from 0 to 1' })
  return value
}

function numberOption(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(value)) throw cliErrors.BAD_OPTION({ option, why: 'not a number' })
  return value
}

function riskLines(report: RiskReport): string[] {
  const { unit, sample, suppressedRows, attackers, uniqueness, attributes } = report
  const units = unit === 'person' ? 'persons, each once a class,' : 'rows'
  return [
    `${sample.rows} ${units} in ${sample.classes} classes (${sample.smallestClassSize} to ${sample.largestClassSize}, mean ${sample.meanClassSize.toFixed(3)}); ${suppressedRows} rows suppressed, counted apart`,
    ...table([
      ['attacker', 'highest', 'average', `above ${share(sample.threshold)}`, 'basis'],
      ['prosecutor', share(attackers.prosecutor.highestRisk), share(attackers.prosecutor.averageRisk), share(attackers.prosecutor.recordsAtRisk), 'the table'],
      ['journalist', share(attackers.journalist.highestRisk), share(attackers.journalist.averageRisk), share(attackers.journalist.recordsAtRisk), attackers.journalist.basis],
      ['marketer', '', share(attackers.marketer.averageRisk), '', attackers.marketer.basis],
    ]),
    `${unit === 'person' ? 'Persons' : 'Rows'} alone in their class: ${share(sample.sampleUniques)}`,
    ...(uniqueness === undefined ? [] : [`Unique in a population of ${uniqueness.populationSize}: ${share(uniqueness.dankar.share)} (estimated, ${uniqueness.dankar.estimator}); by Zayatz ${share(uniqueness.zayatz.share)}`]),
    ...peopleLines(report),
    ...Object.entries(attributes).map(([name, found]) => `${name}: certain for ${share(found.certainRows)} of rows; guessed right for ${share(found.guessedRight)}, without classes ${share(found.guessedRightWithoutClasses)}`),
  ]
}

function peopleLines({ persons, survey, household, sample: { threshold } }: RiskReport): string[] {
  return [
    ...(persons === undefined ? [] : [`${persons.persons} persons, ${persons.visits} of each one's rows known${persons.ordered ? ' in order' : ''}: highest ${share(persons.highestRisk)}, average ${share(persons.averageRisk)}, above ${share(threshold)} ${share(persons.personsAtRisk)}, alone ${share(persons.unique)}`]),
    ...(survey === undefined ? [] : [`By survey weights: highest ${share(survey.highestRisk)}, average ${share(survey.averageRisk)}, ${survey.expected.toPrecision(4)} rows expected to be found`]),
    ...(household === undefined ? [] : [`${household.households} households, at least one member found: highest ${share(household.highestRisk)}, average ${share(household.averageRisk)}, above ${share(threshold)} ${share(household.householdsAtRisk)}`]),
  ]
}

interface CheckArguments {
  readonly config: string
  readonly sealed?: string
  readonly input?: string
  readonly output?: string
  readonly json?: boolean
}

/** `mhmd deid check`: exit code 0 where the release is what the job promises, 3 where it isn't. */
export function checkCommand(): Command {
  return command('check', 'measure a release again from its bytes: is it what its job promises?')
    .requiredOption('--config <file>', 'the job')
    .argument('[release]', 'the release')
    .option('--output <file>', 'the release, as `mhmd deid run` calls it')
    .option('--input <file>', 'the table it was made from, default the job\'s input; where nothing else names the release, the release')
    .option('--sealed <file>', 'the holder\'s manifest, for a job that draws at random')
    .action(async (argument: string | undefined, options: CheckArguments) => {
      const released = argument ?? options.output
      const file = released ?? options.input
      if (file === undefined) throw cliErrors.BAD_OPTION({ option: '--output', why: 'no release is named' })
      const { job, tables } = await loadJob(options.config, released === undefined || options.input === undefined ? {} : { input: options.input })
      const { table: output } = await readTable(file, job.input.delimiter)
      const report = checkRelease({ job, ...tables, output, ...(options.sealed !== undefined && { secret: readSecret(options.sealed) }) })
      outputOf(options).result(report, checkLines(report))
      if (!report.ok) process.exitCode = exitCodes.forbidden
    })
}

/** The secret of a sealed manifest. */
function readSecret(file: string): Uint8Array {
  const manifest = readJsonFile(file)
  const secret = typeof manifest === 'object' && manifest !== null && 'secret' in manifest ? manifest.secret : undefined
  if (typeof secret !== 'string' || !/^[\w-]{43}$/.test(secret)) throw cliErrors.BAD_OPTION({ option: '--sealed', why: 'not a sealed manifest with a secret' })
  return fromBase64Url(secret)
}

function checkLines({ ok, findings, rows, suppressedRows, classes, levels, models }: CheckReport): string[] {
  return [
    `${rows} rows, ${suppressedRows} suppressed, ${classes} classes; levels ${Object.entries(levels).map(([name, level]) => `${name} ${level}`).join(', ')}`,
    ...models.map(({ model, column, isMeasurable, measure, value, holds }) => `${model}${column === undefined ? '' : ` of ${column}`}: ${isMeasurable ? `${measure ?? ''} ${value ?? ''}, ${holds === true ? 'holds' : 'DOES NOT HOLD'}` : 'cannot be seen in a file'}`),
    ...findings.map(({ code, says, column, row }) => `${code}: ${column === undefined ? '' : `${column}: `}${says}${row === undefined ? '' : `, first in data row ${row}`}`),
    ok ? 'The release is what its job promises.' : 'REFUSED: the release is not what its job promises.',
  ]
}

interface HierarchyArguments {
  readonly input: string
  readonly column: string
  readonly delimiter?: string
  readonly spec?: string
  readonly hierarchy?: string
  readonly output?: string
  readonly json?: boolean
}

/** `mhmd deid hierarchy suggest | build | check`. */
export function hierarchyCommand(): Command {
  const of = (name: string, description: string): Command => command(name, description)
    .requiredOption('--input <file>', 'the table').requiredOption('--column <name>', 'its column').option('--delimiter <character>', 'of the table; default comma')
  return new Command('hierarchy').description('levels of generalisation for a column').addCommand(
    of('suggest', 'how to build one, from the shape of the values').action(async (options: HierarchyArguments) => {
      const suggestion = suggestHierarchy(await columnOption(options))
      outputOf(options).result(suggestion, [`${suggestion.kind}: ${suggestion.reason}`, ...(suggestion.spec === undefined ? [] : [JSON.stringify(suggestion.spec)])])
    }),
  ).addCommand(
    of('build', 'build one over the column\'s values and write it as CSV').requiredOption('--spec <file>', 'a JSON file with the builder and its settings').requiredOption('--output <file>', 'the hierarchy to write')
      .action(async (options: HierarchyArguments & { readonly spec: string; readonly output: string }) => {
        if (existsSync(options.output)) throw cliErrors.FILE_EXISTS({ file: options.output })
        const spec = hierarchySpecDocument.parse(readJsonFile(options.spec)) as HierarchySpec
        const source = buildHierarchy(options.column, (await columnOption(options)).dictionary, spec)
        writeFileSync(options.output, hierarchyCsv(source), { flag: 'wx' })
        const made = { values: source.table.rows, levels: source.table.columns.length }
        outputOf(options).result(made, [`${made.values} values, ${made.levels} levels: ${options.output}`])
      }),
  ).addCommand(
    of('check', 'does a hierarchy cover the column?').requiredOption('--hierarchy <file>', 'the hierarchy')
      .action(async (options: HierarchyArguments & { readonly hierarchy: string }) => {
        const source = readHierarchyFile(options.column, options.hierarchy)
        const coverage = coverageOf(source, await columnOption(options))
        outputOf(options).result(coverage, [`${coverage.values} values in the column, ${coverage.missingValues} of them missing in the hierarchy (${coverage.missingRows} rows${coverage.firstMissingRow === undefined ? '' : `, the first in data row ${coverage.firstMissingRow}`}); ${coverage.unusedValues} values of the hierarchy don't occur`])
        if (coverage.missingValues > 0) process.exitCode = exitCodes.forbidden
      }),
  )
}

async function columnOption({ input, column: name, delimiter }: HierarchyArguments): Promise<Column> {
  const column = columnNamed((await readTable(input, delimiter)).table, name)
  if (column === undefined) throw riskErrors.UNKNOWN_COLUMN({ column: name })
  return column
}

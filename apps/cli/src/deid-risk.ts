// Commands that measure: the risk of a table, a release against its job, a hierarchy against its column.
import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fromBase64Url } from '@mhmd/base'
import { columnNamed } from '@mhmd/columns'
import type { Column } from '@mhmd/columns'
import { buildHierarchy, checkRelease, coverageOf, hierarchyCsv, riskErrors, riskPreset, riskPresets, riskReport, specialUniques, suggestHierarchy } from '@mhmd/deid'
import type { CheckReport, HierarchySpec, Job, RiskReport } from '@mhmd/deid'
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
  readonly json?: boolean
}

/** `mhmd deid risk`: of the job's input, or of any table with its quasi-identifiers. */
export function riskCommand(): Command {
  return command('risk', 'what an attacker may find in a table, with the roles of a job')
    .requiredOption('--config <file>', 'the job: its quasi-identifiers and sensitive columns')
    .option('--input <file>', 'the table to measure; default the job\'s input')
    .option('--threshold <share>', 'a row is at risk above this; default 0.2')
    .option('--preset <id>', `a threshold with its source: ${riskPresets.map(({ id }) => id).join(', ')}`)
    .option('--population <file>', 'the population\'s table at the same levels, for the journalist')
    .option('--population-size <n>', 'people in the population, to estimate who is unique in it')
    .option('--special-uniques', 'rows unique by few columns (SUDA)')
    .action(async (options: RiskArguments) => {
      const { job, folder } = readJob(options.config)
      const { table: data } = await readTable(options.input ?? resolve(folder, job.input.path), job.input.delimiter)
      const quasiIdentifiers = named(job, 'quasi-identifying')
      const report = riskReport(data, {
        quasiIdentifiers, sensitive: named(job, 'sensitive').filter((name) => columnNamed(data, name) !== undefined), threshold: thresholdOf(options),
        ...(options.populationSize !== undefined && { populationSize: numberOption('--population-size', options.populationSize) }),
        ...(options.population !== undefined && { population: (await readTable(options.population, job.input.delimiter)).table }),
      })
      const special = options.specialUniques === true ? specialUniques(data, quasiIdentifiers) : undefined
      const preset = options.preset === undefined ? undefined : riskPreset(options.preset)
      const extra = special && { specialUniques: { bySize: special.bySize, rowsWithMsu: special.rowsWithMsu, contribution: special.contribution } }
      outputOf(options).result({ ...report, ...(preset && { preset }), ...extra }, [...riskLines(report), ...(preset === undefined ? [] : [`Threshold of ${preset.title}. ${preset.remark} Source: ${preset.source}.`]), ...(special === undefined ? [] : [`Special uniques: ${special.rowsWithMsu} rows; minimal sets by size ${special.bySize.slice(1).join(', ')}`])])
    })
}

const named = (job: Job, role: string): string[] => Object.entries(job.columns).flatMap(([name, spec]) => (spec.role === role ? [name] : []))

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

function riskLines({ sample, suppressedRows, attackers, uniqueness, attributes }: RiskReport): string[] {
  return [
    `${sample.rows} rows in ${sample.classes} classes (${sample.smallestClassSize} to ${sample.largestClassSize} rows, mean ${sample.meanClassSize.toFixed(3)}); ${suppressedRows} rows suppressed, counted apart`,
    ...table([
      ['attacker', 'highest', 'average', `above ${share(sample.threshold)}`, 'basis'],
      ['prosecutor', share(attackers.prosecutor.highestRisk), share(attackers.prosecutor.averageRisk), share(attackers.prosecutor.recordsAtRisk), 'the table'],
      ['journalist', share(attackers.journalist.highestRisk), share(attackers.journalist.averageRisk), share(attackers.journalist.recordsAtRisk), attackers.journalist.basis],
      ['marketer', '', share(attackers.marketer.averageRisk), '', attackers.marketer.basis],
    ]),
    `Rows alone in their class: ${share(sample.sampleUniques)}`,
    ...(uniqueness === undefined ? [] : [`Unique in a population of ${uniqueness.populationSize}: ${share(uniqueness.dankar.share)} (estimated, ${uniqueness.dankar.estimator}); by Zayatz ${share(uniqueness.zayatz.share)}`]),
    ...Object.entries(attributes).map(([name, found]) => `${name}: certain for ${share(found.certainRows)} of rows; guessed right for ${share(found.guessedRight)}, without classes ${share(found.guessedRightWithoutClasses)}`),
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

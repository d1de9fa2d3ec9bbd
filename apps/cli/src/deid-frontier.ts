// mhmd deid frontier: alternatives of models and parameters, carried out: risk against utility, what each attribute pays, who pays; each with its job.
import { defaultGrid, frontier } from '@mhmd/deid'
import type { Frontier, Grid } from '@mhmd/deid'
import type { Command } from 'commander'
import { command } from './action.ts'
import { cliErrors } from './errors.ts'
import { secondsOf, startOf, timer, writeJobs } from './deid-recommend.ts'
import { outputOf, table } from './output.ts'

interface FrontierArguments {
  readonly config?: string
  readonly input?: string
  readonly delimiter?: string
  readonly folder?: string
  readonly timeLimit?: string
  readonly ks?: string
  readonly diversities?: string
  readonly closenesses?: string
  readonly limits?: string
  readonly json?: boolean
}

/** `mhmd deid frontier`: from a job with roles, or from a table whose roles and hierarchies are suggested. */
export function frontierCommand(): Command {
  return command('frontier', 'risk against utility of alternatives, each carried out, with its job; which no other beats, what each attribute pays, who pays')
    .option('--config <file>', 'a job with roles and hierarchies; its models are replaced, except those about sets')
    .option('--input <file>', 'a table: without a job, roles and hierarchies are suggested')
    .option('--delimiter <character>', 'of the table; default comma')
    .option('--ks <numbers>', `rows or persons of a class; default ${defaultGrid.ks.join()}`)
    .option('--diversities <numbers>', `different values of each sensitive column in a class; default ${defaultGrid.diversities.join()}`)
    .option('--closenesses <numbers>', `largest distance of a class's distribution from the table's; default ${defaultGrid.closenesses.join()}`)
    .option('--limits <shares>', `largest share of suppressed rows; default ${defaultGrid.suppressionLimits.join()}`)
    .option('--folder <folder>', 'a new folder for the alternatives\' jobs (and suggested hierarchies)')
    .option('--time-limit <seconds>', 'for each alternative')
    .action(async (options: FrontierArguments) => {
      const grid = gridOf(options)
      const start = await startOf(options)
      const seconds = secondsOf(options.timeLimit)
      const output = outputOf(options)
      const found = frontier(start, { grid, startTimer: () => timer(seconds), each: (done, total) => output.progress(`${done} of ${total} carried out`) })
      if (options.folder !== undefined) writeJobs(options.folder, start, found.alternatives)
      output.result({ ...found, roles: start.roles }, lines(found))
    })
}

function gridOf({ ks, diversities, closenesses, limits }: FrontierArguments): Grid {
  const isWhole = (value: number): boolean => Number.isInteger(value) && value >= 1
  const isShare = (value: number): boolean => value >= 0 && value <= 1
  return {
    ks: listOf('--ks', ks, isWhole) ?? defaultGrid.ks, diversities: listOf('--diversities', diversities, isWhole) ?? defaultGrid.diversities,
    closenesses: listOf('--closenesses', closenesses, isShare) ?? defaultGrid.closenesses, suppressionLimits: listOf('--limits', limits, isShare) ?? defaultGrid.suppressionLimits,
  }
}

/** Numbers between commas; an empty text leaves that protection out. */
function listOf(option: string, text: string | undefined, isAllowed: (value: number) => boolean): number[] | undefined {
  if (text === undefined) return undefined
  const values = text.split(',').map((part) => part.trim()).filter((part) => part !== '').map(Number)
  const mayBeEmpty = option === '--diversities' || option === '--closenesses'
  if (!values.every(isAllowed) || (values.length === 0 && !mayBeEmpty)) throw cliErrors.BAD_OPTION({ option, why: 'not a list of allowed numbers' })
  return values
}

function lines({ alternatives, impossible, undominated }: Frontier): string[] {
  const best = undominated['highestRisk/loss'] ?? []
  const shown = alternatives.toSorted((a, b) => a.axes.highestRisk - b.axes.highestRisk || a.axes.loss - b.axes.loss)
  return [
    ...table([
      ['', 'alternative', 'highest risk', 'average risk', 'loss (± standard error)', 'pairs', 'accuracy lost', 'suppressed'],
      ...shown.map(({ name, axes, utility: { whole }, suppressedRows }) => [best.includes(name) ? '*' : '', name, axes.highestRisk.toFixed(4), axes.averageRisk.toFixed(4), `${axes.loss.toFixed(4)} ± ${whole.lossStandardError.toFixed(4)}`, axes.pairs.toFixed(4), axes.accuracyLost.toFixed(4), String(suppressedRows)]),
    ]),
    '* no other has both less risk and less loss',
    ...impossible.map(({ name, code }) => `${name}: ${code}`),
  ]
}

// `mhmd ledger verify`: replays a stopped ledger from genesis with every contract, and names the block where anything differs.
import { existsSync } from 'node:fs'
import { verifyFindings } from '@mhmd/ledger'
import { checkpointOrigin, parseCheckpoint } from '@mhmd/proof'
import type { VerifyFinding, VerifyReport } from '@mhmd/ledger'
import type { Checkpoint } from '@mhmd/proof'
import { homePaths, readNetwork } from '@mhmd/node/home'
import type { Command } from 'commander'
import { command } from './action.ts'
import { cliErrors } from './errors.ts'
import { readText } from './files.ts'
import { outputOf } from './output.ts'

interface Options {
  readonly home: string
  readonly checkpoint: string[]
  readonly json?: boolean
}

const SAID_EVERY_BLOCKS = 1000

export function ledgerVerifyCommand(): Command {
  return command('verify', 'replay a stopped ledger from genesis and compare blocks, signatures, contracts, state and log')
    .requiredOption('--home <folder>', 'the operator\'s folder, or a copy of it')
    .option('--checkpoint <file>', 'a checkpoint the log must agree with, as any member keeps it; may be repeated', (file: string, before: string[]) => [...before, file], [])
    .action(async (options: Options) => {
      const { id } = readNetwork(options.home)
      const output = outputOf(options)
      if (!existsSync(homePaths(options.home).ledger)) throw cliErrors.BAD_OPTION({ option: '--home', why: 'there is no ledger in this folder; name the operator\'s' })
      // LevelDB is loaded for this command alone.
      const { verifyFolder } = await import('@mhmd/ledger-embedded')
      const report = await verifyFolder(homePaths(options.home).ledger, {
        networkId: id, checkpoints: options.checkpoint.map((file) => checkpointOf(file, id)),
        onProgress: (height) => height > 0 && height % SAID_EVERY_BLOCKS === 0 && output.progress(`${height} blocks …`),
      })
      output.result(report, linesOf(report))
      if (!report.ok) process.exitCode = 3
    })
}

function checkpointOf(file: string, network: string): Checkpoint {
  const text = readText(file)
  const end = text.indexOf('\n\n')
  const checkpoint = parseCheckpoint(end < 0 ? text : text.slice(0, end + 1))
  if (checkpoint?.origin !== checkpointOrigin(network)) throw cliErrors.BAD_OPTION({ option: '--checkpoint', why: `${file} is not a checkpoint of this network` })
  return checkpoint
}

function linesOf(report: VerifyReport): string[] {
  const counted = `${report.transactions} transactions in ${report.height + 1} blocks, ${report.signatures} signatures, every contract run again`
  const root = `Log of ${report.logSize} leaves, root ${report.logRoot}; digest of the state ${report.stateDigest}`
  return report.ok ? [`The ledger holds: ${counted}.`, root] : ['THE LEDGER DOES NOT HOLD.', ...report.findings.map(lineOf), `Looked at: ${counted}.`]
}

const lineOf = ({ code, height, index, size }: VerifyFinding): string =>
  `  ${code}${height === undefined ? '' : ` at block ${height}`}${index === undefined ? '' : `, transaction ${index}`}${size === undefined ? '' : ` (checkpoint of size ${size})`}: ${verifyFindings[code]}`

// `mhmd ledger export` and `mhmd ledger repair`: a stopped ledger's blocks as a file, and a damaged folder built anew from them.
import { createWriteStream, existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { homePaths, readNetwork } from '@mhmd/node/home'
import type { RepairReport } from '@mhmd/ledger-embedded'
import type { Command } from 'commander'
import { command } from './action.ts'
import { cliErrors } from './errors.ts'
import { outputOf } from './output.ts'

const SAID_EVERY_BLOCKS = 1000

export function ledgerExportCommand(): Command {
  return command('export', 'write a stopped ledger\'s blocks to a file, a line each, as members are given them; ends at the first that is damaged')
    .requiredOption('--home <folder>', 'the operator\'s folder, or a copy of it')
    .requiredOption('--out <file>', 'where to write the lines')
    .action(async (options: { home: string; out: string; json?: boolean }) => {
      const { id, folder } = ledgerOf(options.home)
      if (existsSync(options.out)) throw cliErrors.FILE_EXISTS({ file: options.out })
      const { exportFolder } = await import('@mhmd/ledger-embedded')
      let blocks = 0
      await pipeline(Readable.from(counted(exportFolder(folder, id), () => blocks++)), createWriteStream(options.out, { flags: 'wx', mode: 0o600 }))
      outputOf(options).result({ blocks, file: options.out }, [`${blocks} blocks in ${options.out}, each with the hash that its bytes give.`])
    })
}

async function* counted(lines: AsyncIterable<string>, count: () => void): AsyncGenerator<string> {
  for await (const line of lines) {
    count()
    yield `${line}\n`
  }
}

export function ledgerRepairCommand(): Command {
  return command('repair', 'build a stopped ledger\'s folder anew from its blocks, every contract run again; the damaged folder is kept beside it')
    .requiredOption('--home <folder>', 'the operator\'s folder')
    .option('--blocks <file>', 'an export of a copy, for blocks that are damaged or missing here')
    .action(async (options: { home: string; blocks?: string; json?: boolean }) => {
      const { id, folder } = ledgerOf(options.home)
      const output = outputOf(options)
      const { repairFolder } = await import('@mhmd/ledger-embedded')
      const blocks = options.blocks === undefined ? undefined : linesOf(options.blocks)
      const report = await repairFolder(folder, {
        networkId: id, ...(blocks === undefined ? {} : { blocks }),
        onProgress: (height) => height > 0 && height % SAID_EVERY_BLOCKS === 0 && output.progress(`${height} blocks …`),
      })
      output.result(report, said(report))
    })
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const handle = await open(file).catch(() => { throw cliErrors.BAD_OPTION({ option: '--blocks', why: `${file} can't be read` }) })
  yield* handle.readLines()
}

/** A ledger's folder, or what a repair that was killed left of one. */
function ledgerOf(home: string): { id: string; folder: string } {
  const { id } = readNetwork(home)
  const folder = homePaths(home).ledger
  if (!existsSync(folder) && !existsSync(`${folder}.rebuilt`)) throw cliErrors.BAD_OPTION({ option: '--home', why: 'there is no ledger in this folder; name the operator\'s' })
  return { id, folder }
}

const said = ({ height, transactions, restored, privateValues, privateValuesLost, kept }: RepairReport): string[] => [
  `The ledger holds again: ${transactions} transactions in ${height + 1} blocks, every contract run again; ${privateValues} private values taken over.`,
  ...(restored.length === 0 ? [] : [`From the export: ${restored.length} blocks, the first ${restored[0]}.`]),
  ...(privateValuesLost === 0 ? [] : [`${privateValuesLost} private values were damaged and are left out: their members submit them again.`]),
  `The damaged folder is kept as ${kept}. Compare the end of the log with a member's checkpoint before the ledger runs again: mhmd ledger verify --checkpoint FILE`,
]

// The options of `npm start`.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { devnetErrors } from './errors.ts'
import { LEDGERS } from './folder.ts'
import type { LedgerKind } from './folder.ts'
import { defaultPatients } from './patients.ts'

export interface Options {
  readonly help: boolean
  readonly fresh: boolean
  readonly folder: string
  /** Only if it was asked for: a network that exists has its own. */
  readonly port?: number
  /** Only if it was asked for, likewise. */
  readonly ledger?: LedgerKind
  readonly patients: number
  readonly data: string
}

export const usage = `Usage: npm start [-- OPTIONS]

Starts a whole network on this machine, seeded with synthetic people. Ctrl-C stops everything; the data stay.

  --fresh         delete the network that is there and make another
  --folder DIR    where it keeps its data (.devnet)
  --port N        the first of its 150 ports (7400)
  --ledger KIND   embedded (one process of the ledger office), or fabric: Hyperledger Fabric with four orderers of four
                  organisations and three peers of three; its programs are built on first use, which needs Go 1.24 or newer
  --patients N    how many synthetic patients (300)
  --data DIR      a folder of Synthea R4 bundles (.json or .json.gz)
`

export const DEFAULT_PORT = 7400
const DEFAULT_FOLDER = '.devnet'

/** What starts the same network again: its folder knows the rest. */
export const startOf = ({ folder }: Pick<Options, 'folder'>): string => folder === DEFAULT_FOLDER ? 'npm start' : `npm start -- --folder ${folder}`

const LAST_PORT = 65_535 - 149

/** Throws DEVNET_BAD_OPTION, DEVNET_NO_PATIENTS. */
export function optionsOf(args: readonly string[]): Options {
  const { help, fresh, folder, port, ledger, patients, data } = parsed(args)
  if (data !== undefined && !existsSync(data)) throw devnetErrors.NO_PATIENTS({ folder: data })
  return {
    help: help === true,
    fresh: fresh === true,
    folder: folder ?? DEFAULT_FOLDER,
    ...(port === undefined ? {} : { port: wholeNumber('--port', port, { from: 1024, to: LAST_PORT }) }),
    ...(ledger === undefined ? {} : { ledger: ledgerOf(ledger) }),
    patients: wholeNumber('--patients', patients ?? '300', { from: 1, to: 1_000_000 }),
    data: data ?? defaultPatients(),
  }
}

function parsed(args: readonly string[]): { help?: boolean; fresh?: boolean; folder?: string; port?: string; ledger?: string; patients?: string; data?: string } {
  const text = { type: 'string' } as const
  try {
    return parseArgs({ args: [...args], options: { help: { type: 'boolean', short: 'h' }, fresh: { type: 'boolean' }, folder: text, port: text, ledger: text, patients: text, data: text } }).values
  } catch (cause) {
    throw devnetErrors.BAD_OPTION({ why: cause instanceof Error ? cause.message.split('. ')[0] ?? '' : '' }, { cause })
  }
}

function ledgerOf(text: string): LedgerKind {
  const found = LEDGERS.find((kind) => kind === text)
  if (found === undefined) throw devnetErrors.BAD_OPTION({ why: `--ledger must be ${LEDGERS.join(' or ')}` })
  return found
}

function wholeNumber(option: string, text: string, { from, to }: { from: number; to: number }): number {
  const value = Number(text)
  if (!/^[0-9]+$/.test(text) || value < from || value > to) throw devnetErrors.BAD_OPTION({ why: `${option} must be a whole number from ${from} to ${to}` })
  return value
}

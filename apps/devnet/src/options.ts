// The options of `npm start`.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { devnetErrors } from './errors.ts'
import { defaultPatients } from './patients.ts'

export interface Options {
  readonly help: boolean
  readonly fresh: boolean
  readonly folder: string
  /** Only if it was asked for: a network that exists has its own. */
  readonly port?: number
  readonly patients: number
  readonly data: string
}

export const usage = `Usage: npm start [-- OPTIONS]

Starts a whole network on this machine, seeded with synthetic people. Ctrl-C stops everything; the data stay.

  --fresh         delete the network that is there and make another
  --folder DIR    where it keeps its data (.devnet)
  --port N        the first of its 100 ports (7400)
  --patients N    how many synthetic patients (300)
  --data DIR      a folder of Synthea R4 bundles (.json or .json.gz)
`

export const DEFAULT_PORT = 7400
const LAST_PORT = 65_535 - 99

/** Throws DEVNET_BAD_OPTION, DEVNET_NO_PATIENTS. */
export function optionsOf(args: readonly string[]): Options {
  const { help, fresh, folder, port, patients, data } = parsed(args)
  if (data !== undefined && !existsSync(data)) throw devnetErrors.NO_PATIENTS({ folder: data })
  return {
    help: help === true,
    fresh: fresh === true,
    folder: folder ?? '.devnet',
    ...(port === undefined ? {} : { port: wholeNumber('--port', port, { from: 1024, to: LAST_PORT }) }),
    patients: wholeNumber('--patients', patients ?? '300', { from: 1, to: 1_000_000 }),
    data: data ?? defaultPatients(),
  }
}

function parsed(args: readonly string[]): { help?: boolean; fresh?: boolean; folder?: string; port?: string; patients?: string; data?: string } {
  const text = { type: 'string' } as const
  try {
    return parseArgs({ args: [...args], options: { help: { type: 'boolean', short: 'h' }, fresh: { type: 'boolean' }, folder: text, port: text, patients: text, data: text } }).values
  } catch (cause) {
    throw devnetErrors.BAD_OPTION({ why: cause instanceof Error ? cause.message.split('. ')[0] ?? '' : '' }, { cause })
  }
}

function wholeNumber(option: string, text: string, { from, to }: { from: number; to: number }): number {
  const value = Number(text)
  if (!/^[0-9]+$/.test(text) || value < from || value > to) throw devnetErrors.BAD_OPTION({ why: `${option} must be a whole number from ${from} to ${to}` })
  return value
}

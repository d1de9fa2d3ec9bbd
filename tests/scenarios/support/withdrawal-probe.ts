// The outside client of the scenario `withdrawal`: acts as a citizen, and looks at her hospital's and her provider's doors every 50 ms until they show it.
import { randomBytes } from 'node:crypto'
import { keep, openDevice, readProfile } from '@mhmd/cli'
import { onLedger, peopleClient, send, status, uses, withdraw } from '@mhmd/client'
import type { Device } from '@mhmd/client'

const POLL_MILLISECONDS = 50
const ASK_EVERY_MILLISECONDS = 300
const LIMIT_MILLISECONDS = 30_000

/** Moments by this client's clock, in milliseconds after she pressed return. */
export interface Measured {
  readonly folder: string
  /** When she acted, since 1970. */
  readonly acted: number
  /** The hospital's acknowledgement. */
  readonly acknowledged: number
  /** Her own view there shows that every open request is denied. */
  readonly viewClosed: number
  /** Her provider shows it valid on the ledger. */
  readonly onLedger: number
}

/** Withdraws at `holder` and polls until it shows everywhere. `closed` resolves when the hospital's doors are closed; the ledger may come later. */
export async function measuredWithdrawal(folder: string, holder: string): Promise<{ readonly measured: Promise<Measured> }> {
  const opened = openDevice(folder)
  const signed = withdraw(opened, { holder })
  keep(folder, signed)
  const device: Device = { ...opened, state: signed }
  const decision = signed.decisions.at(-1)
  if (decision === undefined) throw new Error('nothing was signed')
  const acted = Date.now()
  const since = (): number => Date.now() - acted
  const acknowledged = send(device).then(({ state, sendings }) => {
    keep(folder, state)
    if (sendings.some(({ errors }) => errors.length > 0)) throw new Error('a side did not take it')
    return since()
  })
  const viewClosed = polled(async () => {
    const { view } = await status(device, { holder })
    return (view.preview as { verdict: { answer: string } }[]).every(({ verdict }) => verdict.answer !== 'permit')
  }, since)
  const ledger = polled(async () => (await onLedger(device, decision)).code === 'VALID', since)
  const measured = Promise.all([acknowledged, viewClosed, ledger]).then(([first, second, third]): Measured => ({ folder, acted, acknowledged: first, viewClosed: second, onLedger: third }))
  await viewClosed
  return { measured }
}

async function polled(holds: () => Promise<boolean>, since: () => number): Promise<number> {
  for (let at = since(); at < LIMIT_MILLISECONDS; at = since()) {
    if (await holds()) return since()
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
  }
  return Number.POSITIVE_INFINITY
}

export interface UseSeen {
  readonly release: string
  readonly at: number
  readonly recall: { readonly sent: number; readonly answered: number | null; readonly late: boolean } | null
}

/** Releases that considered her, newest first. */
export const usesSeen = async (folder: string, holder: string): Promise<readonly UseSeen[]> => (await uses(openDevice(folder), { holder })).uses as unknown as UseSeen[]

/** The institute's steward at her own program, asking again and again until aborted; gives how often. */
export async function askUntil(profile: string, request: string, signal: AbortSignal): Promise<number> {
  const { node, key } = readProfile(profile)
  const client = peopleClient({ baseUrl: node, key, clock: { now: () => Date.now() }, randomness: { bytes: (length) => randomBytes(length) } })
  let asks = 0
  for (; !signal.aborted; asks++) {
    await client.post(`/staff/1/requests/${request}/asks`, {})
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MILLISECONDS))
  }
  return asks
}

/** What her hospital says of its doors: open, or closed and why. */
export async function doorsOf(folder: string, holder: string): Promise<string> {
  const { view } = await status(openDevice(folder), { holder })
  return (view as unknown as { doors: string }).doors
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN
export const summary = (values: readonly number[]): string => `median ${Math.round(median(values))} ms, worst ${Math.round(Math.max(...values))} ms of ${values.length}`

// What she does at her hospitals: link, agree, take back, opt out, erase. Signed here, kept, then sent to each hospital and to her account provider.
import type { DecisionKind, DeviceState } from '@mhmd/accounts'
import { decide, declareOptOut, enrol, erase, isActive, memberOf, onLedger, replaceKey, send, sendThroughRelay, status, withdraw, withdrawOptOut } from '@mhmd/client'
import type { Device, Notice } from '@mhmd/client'
import { MhmdError } from '@mhmd/base'
import type { ConsentTerms } from '@mhmd/schema'
import { statusNow } from './next-key.ts'
import { act, deviceNow, directoryNow } from './session.ts'

export type Act =
  | { readonly kind: 'agree'; readonly terms: ConsentTerms; readonly notice: string | undefined }
  | { readonly kind: 'withdraw' | 'opt-out' | 'opt-in' }

/** Links her record at a hospital. Gives the notices to read before deciding. */
export async function link(holder: string, code: string): Promise<readonly Notice[]> {
  let read: readonly Notice[] = []
  await act(async (device) => {
    const { state, notices } = await enrol(device, { holder, code })
    read = notices
    return state
  })
  return read
}

/** What she signed, by its number, at each hospital. */
export interface Signed {
  readonly holder: string
  readonly kind: DecisionKind
  readonly operationId: string
  readonly version: number
}

/** Signs the act for each hospital, keeps all, then sends all. What could not be sent yet stays kept, and goes with the next act or visit. */
export async function declare(holders: readonly string[], what: (holder: string) => Act): Promise<readonly Signed[]> {
  const made: Signed[] = []
  await act(async (device, keepNow) => {
    let present = device
    for (const holder of holders) {
      const known = await withNewestVersions(present, holder)
      const signed = sign({ ...present, state: known }, holder, what(holder))
      const last = signed.decisions.at(-1)
      if (last !== undefined) made.push({ holder, kind: last.kind, operationId: last.statement.operationId, version: last.statement.version })
      present = keepNow(signed)
    }
    return (await send(present)).state
  })
  return made
}

/** She may decide while a hospital can't be reached; its newer versions, if any, are met when it is. */
async function withNewestVersions(device: Device, holder: string): Promise<DeviceState> {
  try {
    return (await statusNow(device, holder)).state
  } catch (error) {
    if (MhmdError.isInstance(error) && error.kind === 'unavailable') return device.state
    throw error
  }
}

function sign(device: Device, holder: string, what: Act): DeviceState {
  switch (what.kind) {
    case 'agree': return decide(device, { holder, terms: what.terms, ...(what.notice === undefined ? {} : { notice: what.notice }) })
    case 'withdraw': return withdraw(device, { holder })
    case 'opt-out': return declareOptOut(device, { holder })
    case 'opt-in': return withdrawOptOut(device, { holder })
  }
}

/** Sends what did not arrive everywhere yet. */
export const sendAgain = (): Promise<DeviceState> => act(async (device) => (await send(device)).state)

/** The key at one hospital, replaced by her recovery key: also whoever holds the old device can't sign with it then. */
export const newKeyAt = (holder: string): Promise<DeviceState> => act(async (device) => {
  const state = await replaceKey(device, { holder, by: 'recovery' })
  // What was signed with the old key and not recorded yet is signed anew, or put aside.
  return (await status({ ...device, state }, { holder }).catch(() => ({ state }))).state
})

/** Hands what did not reach its hospital to the first member's node that takes it, her own provider's last. Gives whose it was. */
export async function carryByAnother(): Promise<string> {
  const [device, directory] = [deviceNow(), directoryNow()]
  const missed = new Set(device.state.decisions.filter(({ sent, over }) => !sent.holder && over === undefined).map(({ statement }) => statement.holder))
  const carriers = directory.members.filter(isActive).filter(({ id, roles }) => !missed.has(id) && !roles.includes('ledger-operator')).map(({ id }) => id).sort((a, b) => Number(a === directory.self) - Number(b === directory.self))
  let failure: unknown
  for (const relay of carriers) {
    const carried = await sendThroughRelay(device, { relay, messageKeyOf: (holder) => memberOf(directory, holder).messageKey }).then(() => true, (error: unknown) => {
      failure = error
      return false
    })
    if (carried) return relay
  }
  throw failure
}

export const eraseAt = (holder: string): Promise<{ readonly erasure: string }> => erase(deviceNow(), { holder })

/** How far a decision has come: with the hospital, and on the ledger. */
export interface Arrival {
  readonly holder: string
  readonly atHolder: boolean
  readonly atProvider: boolean
  /** `VALID` once it stands, with its height; the contracts' refusal where they refused it. */
  readonly ledger: { readonly code: string; readonly height?: number } | undefined
}

export async function arrivals(signed: readonly Signed[]): Promise<readonly Arrival[]> {
  const device = deviceNow()
  return Promise.all(signed.map(async ({ holder, operationId }) => {
    const kept = device.state.decisions.find(({ statement }) => statement.operationId === operationId)
    const ledger = kept === undefined || !kept.sent.provider ? undefined : await onLedger(device, kept).catch(() => undefined)
    return { holder, atHolder: kept?.sent.holder ?? false, atProvider: kept?.sent.provider ?? false, ledger }
  }))
}

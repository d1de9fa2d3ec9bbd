// Her device in this browser: how it is opened, and its acts, one at a time, each kept in the sealed box before it is sent.
import { newDeviceState, newRecoverySecret, newSeed, parseRecoveryCode, recoveryCodeOf } from '@mhmd/accounts'
import type { DeviceState, Seed } from '@mhmd/accounts'
import { MhmdError } from '@mhmd/base'
import { deviceAmong, holdersOf, holdersOfAccount, openAccount, recoverSeed, relink } from '@mhmd/client'
import type { Device, Directory, WrapSecret } from '@mhmd/client'
import { dialledFrom, directoryHere } from '../device/directory.ts'
import { portalErrors } from '../device/errors.ts'
import { makePasskey, usePasskey } from '../device/passkey.ts'
import { clock, randomness } from '../device/ports.ts'
import { keep, keptState } from './kept-state.ts'
import { become, current } from './opened.ts'
import type { Opened } from './opened.ts'

const deviceOf = (seed: Seed, state: DeviceState, directory: Directory): Device => deviceAmong({ state, seed, directory, dial: dialledFrom(directory), clock, randomness })

export async function signInWithPasskey(): Promise<void> {
  await signIn({ kind: 'passkey', secret: await usePasskey() })
}

/** Throws ACCOUNTS_CODE_…, CLIENT_NOTHING_WRAPPED, NODE_KEY_UNKNOWN. */
export const signInWithCode = (code: string): Promise<void> => signIn({ kind: 'recovery-kit', secret: parseRecoveryCode(code) })

async function signIn(secret: WrapSecret): Promise<void> {
  const directory = await directoryHere()
  const blank = newDeviceState({ network: directory.network, provider: directory.self })
  const seed = await recoverSeed(deviceOf(new Uint8Array(32), blank, directory), secret)
  await openWith(seed, keptState(seed) ?? blank, directory)
}

/** Links that another device made are found by asking the hospitals that her provider names; the others needn't hear that she looks. */
async function openWith(seed: Seed, kept: DeviceState, directory: Directory): Promise<void> {
  const known = await holdersOfAccount(deviceOf(seed, kept, directory))
  const { state, unreached } = await linksAt(deviceOf(seed, kept, directory), known)
  keep(seed, state)
  become({ device: deviceOf(seed, state, directory), directory, unreached })
}

/** Asks each of these hospitals that this device has no link with whether it knows a key of hers. */
async function linksAt(device: Device, holders: readonly string[]): Promise<{ readonly state: DeviceState; readonly unreached: readonly string[] }> {
  const asked = holders.filter((holder) => !device.state.links.some((link) => link.holder === holder))
  const found = await Promise.all(asked.map(async (id) => ({ id, state: await relink(device, { holder: id }).catch(unknownOrUnreached) })))
  const links = found.flatMap(({ id, state }) => typeof state === 'string' ? [] : state.links.filter((link) => link.holder === id))
  return { state: { ...device.state, links: [...device.state.links, ...links] }, unreached: found.filter(({ state }) => state === 'unreached').map(({ id }) => id) }
}

/** Asks every hospital, also those that her provider doesn't name. Gives how many know her beside those that are here. */
export async function lookEverywhere(): Promise<number> {
  const { directory, device: { state: { links: before } } } = required()
  const after = await act(async (device) => {
    const { state, unreached } = await linksAt(device, holdersOf(directory).map(({ id }) => id))
    become({ ...required(), unreached })
    return state
  })
  return after.links.length - before.length
}

function unknownOrUnreached(error: unknown): 'unknown' | 'unreached' {
  if (MhmdError.isInstance(error) && error.code === 'NODE_KEY_UNKNOWN') return 'unknown'
  if (MhmdError.isInstance(error) && error.kind !== 'bug') return 'unreached'
  throw error
}

/** A new account with its recovery code, to be written down before anything else; the device opens with it. */
export interface NewAccount {
  readonly code: string
  finish(): void
}

export async function newAccount(): Promise<NewAccount> {
  const directory = await directoryHere()
  const secret = newRecoverySecret(randomness)
  const seed = newSeed(randomness)
  const device = deviceOf(seed, newDeviceState({ network: directory.network, provider: directory.self }), directory)
  const state = await openAccount(device, { kind: 'recovery-kit', secret })
  keep(seed, state)
  return { code: recoveryCodeOf(secret), finish: () => become({ device: { ...device, state }, directory, unreached: [] }) }
}

/** Lets a passkey of this device open the account from now on. */
export async function addPasskey(name: string): Promise<void> {
  const secret = await makePasskey(name)
  await act((device) => openAccount(device, { kind: 'passkey', secret }))
}

const required = (): Opened => {
  const opened = current()
  if (opened === undefined) throw portalErrors.LOCKED()
  return opened
}

/** Her device as it is now. Throws PORTAL_LOCKED. */
export const deviceNow = (): Device => required().device

/** Throws PORTAL_LOCKED. */
export const directoryNow = (): Directory => required().directory

/**
 * One act at a time, in all tabs of this browser: the state is read from the box, changed, and kept before the act is over. Gives the state.
 * `change` may keep an earlier state itself, before it sends what was signed.
 */
export function act(change: (device: Device, keepNow: (state: DeviceState) => Device) => Promise<DeviceState>): Promise<DeviceState> {
  return navigator.locks.request('mhmd-device', async () => {
    const { device } = required()
    const present = { ...device, state: keptState(device.seed) ?? device.state }
    const keepNow = (state: DeviceState): Device => {
      keep(device.seed, state)
      const next = { ...present, state }
      const now = current()
      if (now?.device.seed === device.seed) become({ ...now, device: next })
      return next
    }
    const state = await change(present, keepNow)
    keepNow(state)
    return state
  })
}

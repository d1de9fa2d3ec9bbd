// A citizen's device on the command line: a folder with her seed, her state and the addresses of the members she deals with.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex, toHex } from '@mhmd/base'
import { accessKey, accountKey, deviceStateDocument, newDeviceState, newRecoverySecret, newSeed, recoveryCodeOf } from '@mhmd/accounts'
import type { DeviceState, RecoverySecret, Seed } from '@mhmd/accounts'
import { openAccount, peopleClient, recoverSeed } from '@mhmd/client'
import type { Device } from '@mhmd/client'
import { clock, randomness } from './action.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile, readText, writeNew } from './files.ts'
import { dialled } from './loopback.ts'

/** A member as the network's directory lists it for people. */
export interface DirectoryEntry {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly roles: readonly string[]
  readonly peopleEndpoint: string
  readonly signingKey: string
  /** What is sealed to this member is sealed to this key. */
  readonly messageKey: string
}

export interface Directory {
  readonly network: string
  readonly self: string
  readonly members: readonly DirectoryEntry[]
}

const files = (folder: string): { seed: string; state: string; directory: string } => ({ seed: join(folder, 'seed'), state: join(folder, 'device.json'), directory: join(folder, 'directory.json') })

/** Makes an account: a fresh seed on this device, opened at the provider, with a recovery code to write down. */
export async function newDevice(folder: string, providerUrl: string): Promise<{ device: Device; recoveryCode: string }> {
  const at = files(folder)
  if (existsSync(at.state)) throw cliErrors.FILE_EXISTS({ file: at.state })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // A seed without a state is of an account whose opening broke off: it goes on with that seed.
  const isBrokenOff = existsSync(at.seed)
  const seed = isBrokenOff ? fromHex(readText(at.seed).trim()) : newSeed(randomness)
  // Any key may read the directory; this one is used for nothing else.
  const directory = await peopleClient({ baseUrl: dialled(providerUrl), key: accountKey(seed, 'directory'), clock, randomness }).get<Directory>('/people/1/directory')
  if (!isBrokenOff) writeNew(at.seed, `${toHex(seed)}\n`)
  writeFileSync(at.directory, JSON.stringify(directory), { mode: 0o600 })
  const secret = newRecoverySecret(randomness)
  const device = deviceOf(seed, newDeviceState({ network: directory.network, provider: directory.self }), directory)
  const state = await openAccount(device, { kind: 'recovery-kit', secret })
  keep(folder, state)
  return { device: { ...device, state }, recoveryCode: recoveryCodeOf(secret) }
}

/** Makes the device again from the recovery secret alone: the seed rests sealed with the provider. On a device that has this very seed, it goes on with what is there. Throws CLI_FILE_EXISTS. */
export async function recoverDevice(folder: string, { providerUrl, secret }: { providerUrl: string; secret: RecoverySecret }): Promise<Device> {
  const at = files(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const directory = await peopleClient({ baseUrl: dialled(providerUrl), key: accessKey(secret, 'recovery-kit'), clock, randomness }).get<Directory>('/people/1/directory')
  const state = newDeviceState({ network: directory.network, provider: directory.self })
  const blank = deviceOf(new Uint8Array(0), state, directory)
  const seed = await recoverSeed(blank, { kind: 'recovery-kit', secret })
  if (existsSync(at.seed) && readText(at.seed).trim() !== toHex(seed)) throw cliErrors.FILE_EXISTS({ file: at.seed })
  if (!existsSync(at.seed)) writeNew(at.seed, `${toHex(seed)}\n`)
  writeFileSync(at.directory, JSON.stringify(directory), { mode: 0o600 })
  if (existsSync(at.state)) return openDevice(folder)
  keep(folder, state)
  return deviceOf(seed, state, directory)
}

/** Throws CLI_NO_DEVICE. */
export function openDevice(folder: string): Device {
  const at = files(folder)
  if (!existsSync(at.state)) throw cliErrors.NO_DEVICE({ folder })
  return deviceOf(fromHex(readText(at.seed).trim()), deviceStateDocument.parse(readJsonFile(at.state)) as DeviceState, readJsonFile(at.directory) as Directory)
}

function deviceOf(seed: Seed, state: DeviceState, directory: Directory): Device {
  const addressOf = (member: string): string => {
    const entry = directory.members.find((candidate) => candidate.id === member)
    if (entry === undefined) throw cliErrors.BAD_OPTION({ option: member, why: 'there is no such member in the directory' })
    return dialled(entry.peopleEndpoint)
  }
  return { state, seed, addressOf, clock, randomness }
}

/** Keeps the state: written beside and renamed, so that a crash leaves the old or the new one. */
export function keep(folder: string, state: DeviceState): void {
  const { state: file } = files(folder)
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}

/** A member by the device's copy of the directory. Throws CLI_BAD_OPTION. */
export function entryOf(folder: string, member: string): DirectoryEntry {
  const entry = (readJsonFile(files(folder).directory) as Directory).members.find((candidate) => candidate.id === member)
  if (entry === undefined) throw cliErrors.BAD_OPTION({ option: member, why: 'there is no such member in the directory' })
  return entry
}

/** Takes the provider's present directory over, if it can be reached and is of the same network. */
export async function refreshDirectory(folder: string): Promise<void> {
  const { state, seed, addressOf } = openDevice(folder)
  try {
    const directory = await peopleClient({ baseUrl: addressOf(state.provider), key: accountKey(seed, 'directory'), clock, randomness, timeoutMs: 5000 }).get<Directory>('/people/1/directory')
    if (directory.network === state.network) writeFileSync(files(folder).directory, JSON.stringify(directory), { mode: 0o600 })
  } catch {
    // The copy that is here is used.
  }
}

export const readDirectory = (folder: string): Directory => readJsonFile(files(folder).directory) as Directory

// A citizen's device on the command line: a folder with her seed, her state and the addresses of the members she deals with.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex, toHex } from '@mhmd/base'
import { accessKey, accountKey, deviceStateDocument, newDeviceState, newRecoverySecret, newSeed, recoveryCodeOf } from '@mhmd/accounts'
import type { DeviceState, RecoverySecret, Seed } from '@mhmd/accounts'
import { deviceAmong, directoryDocument, memberOf, openAccount, peopleClient, readDirectory, recoverSeed } from '@mhmd/client'
import type { Device, Directory, Member } from '@mhmd/client'
import { clock, randomness } from './action.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile, readText, writeNew } from './files.ts'
import { dialled } from './loopback.ts'

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
  const directory = await readDirectory(peopleClient({ baseUrl: dialled(providerUrl), key: accountKey(seed, 'directory'), clock, randomness }))
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
  const directory = await readDirectory(peopleClient({ baseUrl: dialled(providerUrl), key: accessKey(secret, 'recovery-kit'), clock, randomness }))
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
  return deviceOf(fromHex(readText(at.seed).trim()), deviceStateDocument.parse(readJsonFile(at.state)) as DeviceState, keptDirectory(folder))
}

const deviceOf = (seed: Seed, state: DeviceState, directory: Directory): Device => deviceAmong({ seed, state, directory, dial: ({ peopleEndpoint }) => dialled(peopleEndpoint), clock, randomness })

/** Keeps the state: written beside and renamed, so that a crash leaves the old or the new one. */
export function keep(folder: string, state: DeviceState): void {
  const { state: file } = files(folder)
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}

/** A member by the device's copy of the directory. Throws CLIENT_NO_SUCH_MEMBER. */
export const entryOf = (folder: string, member: string): Member => memberOf(keptDirectory(folder), member)

/** Takes the provider's present directory over, if it can be reached and is of the same network. */
export async function refreshDirectory(folder: string): Promise<void> {
  const { state, seed, addressOf } = openDevice(folder)
  try {
    const directory = await readDirectory(peopleClient({ baseUrl: addressOf(state.provider), key: accountKey(seed, 'directory'), clock, randomness, timeoutMs: 5000 }))
    if (directory.network === state.network) writeFileSync(files(folder).directory, JSON.stringify(directory), { mode: 0o600 })
  } catch {
    // The copy that is here is used.
  }
}

export const keptDirectory = (folder: string): Directory => directoryDocument.parse(readJsonFile(files(folder).directory))

// One citizen of the devnet: her account on her own device, her links and her choices; a second run does what the first left undone.
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { MhmdError } from '@mhmd/base'
import { keep, newDevice, openDevice, readProfile } from '@mhmd/cli'
import { decide, declareOptOut, enrol, peopleClient, relink, send } from '@mhmd/client'
import type { Device } from '@mhmd/client'
import type { ChoiceProfile } from './choices.ts'
import { keepCode } from './links.ts'
import { clock, randomness } from './machine.ts'
import type { DevNetwork } from './network.ts'
import type { PatientFile } from './patients.ts'

/** A citizen of the devnet, as tests need her: her folder, her patient's file, where she is linked, and what she chose. */
export interface SeededCitizen {
  readonly folder: string
  readonly patient: PatientFile
  readonly hospitals: readonly string[]
  readonly profile: ChoiceProfile
}

const ATTEMPTS = 50
const PAUSE_MILLISECONDS = 200

/** Aborting stops between two steps. */
export async function settleCitizen(network: DevNetwork, citizen: SeededCitizen, signal?: AbortSignal): Promise<void> {
  const { device: found, isNew } = await deviceOf(network, citizen.folder)
  let device = found
  const step = (state: Device['state']): void => {
    device = { ...device, state }
    keep(citizen.folder, state)
    signal?.throwIfAborted()
  }
  for (const holder of citizen.hospitals) {
    if (!device.state.links.some((link) => link.holder === holder)) step(await link(device, { network, holder, citizen, isNew }))
    for (const next of choicesLeft(device, holder, citizen.profile)) step(next(device))
  }
  // Enrolment must be seen by the holder before it takes a decision: tried again until everything arrived.
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (device.state.decisions.every((decision) => decision.sent.holder && decision.sent.provider)) return
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS))
    step((await send(device)).state)
  }
  throw new Error('a citizen\'s decisions did not arrive')
}

async function deviceOf(network: DevNetwork, folder: string): Promise<{ device: Device; isNew: boolean }> {
  if (existsSync(join(folder, 'device.json'))) return { device: openDevice(folder), isNew: false }
  // Stopped between the seed and the account: nobody knows that seed yet.
  rmSync(folder, { recursive: true, force: true })
  const provider = network.plan.organisations.find((organisation) => organisation.roles.includes('account-provider'))?.id ?? ''
  const { device, recoveryCode } = await newDevice(folder, network.url(provider))
  keepCode(folder, recoveryCode)
  return { device, isNew: true }
}

/** By the link that the first run may have made without noting it, else by a code from the hospital's desk. */
async function link(device: Device, { network, holder, citizen, isNew }: { network: DevNetwork; holder: string; citizen: SeededCitizen; isNew: boolean }): Promise<Device['state']> {
  const relinked = (): Promise<Device['state'] | undefined> => relink(device, { holder }).catch((error: unknown) => {
    if (MhmdError.isInstance(error) && error.code === 'NODE_KEY_UNKNOWN') return undefined
    throw error
  })
  const found = isNew ? undefined : await relinked()
  if (found !== undefined) return found
  const { node, key } = readProfile(network.profile(holder))
  const { code } = await peopleClient({ baseUrl: node, key, clock, randomness }).post<{ code: string }>('/staff/1/link-codes', citizen.patient.identifier)
  try {
    return (await enrol(device, { holder, code })).state
  } catch (error) {
    if (!isEnrolled(error)) throw error
    // The first run's enrolment has reached the ledger; the holder hears of it within moments.
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS))
      const state = await relinked()
      if (state !== undefined) return state
    }
    throw error
  }
}

const isEnrolled = (error: unknown): boolean => MhmdError.isInstance(error) && error.code === 'NODE_LEDGER_REFUSED' && error.details['refusal'] === 'CONTRACT_SUBJECT_EXISTS'

function choicesLeft({ state }: Device, holder: string, { terms, optsOut }: ChoiceProfile): ((device: Device) => Device['state'])[] {
  const has = (kind: 'consent' | 'opt-out'): boolean => state.decisions.some((decision) => decision.kind === kind && decision.statement.holder === holder)
  return [
    ...(terms !== null && !has('consent') ? [(device: Device) => decide(device, { holder, terms: terms(clock.now()) })] : []),
    ...(optsOut && !has('opt-out') ? [(device: Device) => declareOptOut(device, { holder })] : []),
  ]
}

// What every command shares: `--json`, and the profile of who acts.
import { randomBytes } from 'node:crypto'
import { MhmdError } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { peopleClient } from '@mhmd/client'
import type { PeopleClient } from '@mhmd/client'
import { Command } from 'commander'
import { cliErrors } from './errors.ts'
import { readProfile } from './files.ts'
import { outputOf } from './output.ts'
import type { Output } from './output.ts'

export const clock: Clock = { now: () => Date.now() }
export const randomness: Randomness = { bytes: (length) => randomBytes(length) }

/** A command with `--json`. */
export const command = (name: string, description: string): Command => new Command(name).description(description).option('--json', 'print the result as one JSON document')

/** A command that acts as a member of staff. */
export const staffAction = (name: string, description: string): Command => command(name, description).option('--profile <file>', 'who acts: a JSON file with `node` and `keyFile` (or MHMD_PROFILE)')

interface StaffOptions {
  readonly json?: boolean
  readonly profile?: string
}

/** The node's client in the name of the profile's key. */
export const clientOf = (options: StaffOptions): PeopleClient => {
  const profile = readProfile(options.profile)
  return peopleClient({ baseUrl: profile.node, key: profile.key, clock, randomness })
}

/** Wraps an action: its options, the client, and where it prints. */
export const asStaff = <O extends StaffOptions>(act: (client: PeopleClient, options: O, output: Output) => Promise<void>) =>
  async (options: O): Promise<void> => act(clientOf(options), options, outputOf(options))

const PATIENCE_MILLISECONDS = 120_000

/** Asks again while the node does not answer, telling so once: what it has begun goes on when it is back. Throws what is wrong otherwise, or for two minutes. */
export async function patiently<T>(ask: () => Promise<T>, output: Output): Promise<T> {
  const until = Date.now() + PATIENCE_MILLISECONDS
  for (let isTold = false; ; isTold = true) {
    try {
      return await ask()
    } catch (error) {
      if (!MhmdError.isInstance(error) || error.code !== 'CLIENT_UNREACHABLE' || Date.now() > until) throw error
      if (!isTold) output.progress('The node does not answer; waiting for it.')
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS))
    }
  }
}

const TRIES = 3
const PAUSE_MILLISECONDS = 500

/** Calls again where no answer came: the id within what is sent makes it take effect once. */
export async function repeated<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (error) {
      if (attempt === TRIES || !MhmdError.isInstance(error) || error.code !== 'CLIENT_UNREACHABLE') throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS))
    }
  }
}

export function numberOf(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw cliErrors.BAD_OPTION({ option, why: 'it must be a whole number, zero or more' })
  return value
}

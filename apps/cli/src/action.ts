// What every command shares: `--json`, and the profile of who acts.
import { randomBytes } from 'node:crypto'
import { MhmdError } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { peopleClient } from '@mhmd/client'
import type { PeopleClient } from '@mhmd/client'
import { Command } from 'commander'
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

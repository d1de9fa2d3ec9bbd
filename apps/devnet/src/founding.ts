// The ceremony that makes a network: keys at each organisation, network.json agreed by the founders, the others admitted by two of them, staff registered.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MhmdError } from '@mhmd/base'
import { newKeyFile, readProfile } from '@mhmd/cli'
import { peopleClient } from '@mhmd/client'
import type { PeopleClient } from '@mhmd/client'
import { networkId } from '@mhmd/contracts'
import { initHome, joinHome, readApplication } from '@mhmd/node/home'
import { foundNetwork } from '@mhmd/node/network'
import { clock, randomness } from './machine.ts'
import { addressOf, isLedger } from './roster.ts'
import type { Place } from './roster.ts'

/** What `mhmd key new`, `mhmd node init`, `mhmd network found` and `mhmd node join` do, for all organisations in one process. Gives the network's hash. */
export async function makeFolders(folder: string, places: readonly Place[]): Promise<string> {
  for (const name of ['nodes', 'staff', 'logs', 'citizens']) mkdirSync(join(folder, name), { recursive: true, mode: 0o700 })
  const records = await Promise.all(places.map(makeNode))
  const document = foundNetwork('MHMD devnet', records.filter((_, at) => places[at]?.founder), { now: clock.now(), randomness })
  const hash = networkId(document)
  writeFileSync(join(folder, 'network.json'), `${JSON.stringify(document, null, 2)}\n`)
  for (const place of places) joinHome(place.home, document, hash)
  return hash
}

async function makeNode(place: Place): ReturnType<typeof initHome> {
  mkdirSync(place.staff, { recursive: true, mode: 0o700 })
  const node = `http://127.0.0.1:${place.ports.people}`
  const [admin] = ['admin', 'colleague'].map((name) => {
    writeFileSync(join(place.staff, `${name}.json`), `${JSON.stringify({ node, keyFile: `${name}.key` }, null, 2)}\n`)
    return newKeyFile(join(place.staff, `${name}.key`))
  })
  const host = '127.0.0.1'
  return initHome(place.home, {
    id: place.id, name: place.name, country: place.country, roles: place.roles,
    member: { host, port: place.ports.member, serverName: `${place.id}.localhost` }, people: { host, port: place.ports.people, origin: addressOf(place) },
  }, { now: clock.now(), adminKey: admin?.publicKey ?? '' })
}

/** Two founders admit each of the others, as `mhmd member admit` does; then everyone registers its staff. Runs over what an earlier start left. */
export async function admitEveryone(places: readonly Place[], say: (line: string) => void): Promise<void> {
  const admitters = places.filter((place) => place.founder && !isLedger(place)).slice(0, 2)
  await Promise.all(places.filter((place) => !place.founder).map(async (joining) => {
    const application = readApplication(joining.home)
    for (const admitter of admitters) await admit(staffClient(admitter), application)
    say(`${joining.name} was admitted by ${admitters.map((place) => place.name).join(' and ')}`)
  }))
  await Promise.all(places.filter((place) => !isLedger(place)).map(async (place) => {
    await seenByAll(place, places.length)
    await registerStaff(place)
  }))
}

async function admit(client: PeopleClient, application: ReturnType<typeof readApplication>): Promise<void> {
  try {
    await client.post('/staff/1/members/admissions', application)
  } catch (error) {
    const refusal = MhmdError.isInstance(error) ? error.details['refusal'] : undefined
    if (refusal !== 'CONTRACT_MEMBER_EXISTS' && refusal !== 'CONTRACT_ALREADY_VOTED') throw error
  }
}

const PATIENCE_MILLISECONDS = 30_000
const POLL_MILLISECONDS = 50

/** Waits until a node, on the ledger by now, knows every member: it then can do all that members can. */
async function seenByAll(place: Place, members: number): Promise<void> {
  const client = staffClient(place)
  const until = clock.now() + PATIENCE_MILLISECONDS
  while ((await client.get<{ members: number }>('/staff/1/status')).members < members) {
    if (clock.now() > until) throw new Error(`${place.id} does not see every member`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
  }
}

/** In the devnet one person is administrator, steward and desk in turn; a colleague witnesses at the desk. */
async function registerStaff(place: Place): Promise<void> {
  const client = staffClient(place)
  const [admin, colleague] = ['admin', 'colleague'].map((name) => readProfile(join(place.staff, `${name}.json`)).key.publicKey)
  const isHolder = place.roles.includes('data-holder')
  await client.post('/staff/1/staff', { key: admin, roles: ['admin', 'steward', 'dpo', ...(isHolder ? ['desk'] : []), ...(place.roles.includes('access-body') ? ['officer'] : [])] })
  if (isHolder) await client.post('/staff/1/staff', { key: colleague, roles: ['desk'] })
}

function staffClient(place: Place): PeopleClient {
  const { node, key } = readProfile(join(place.staff, 'admin.json'))
  return peopleClient({ baseUrl: node, key, clock, randomness })
}

// Attacks with every file and key of a hospital, the account provider and the ledger's operator: no acceptable decision for an enrolled citizen, no second history unnoticed, no effect made up.
// Usage: npm run scenario -- attacks [--patients N] [--port N] [--keep]
import { decisionKey } from '@mhmd/accounts'
import { openDevice } from '@mhmd/cli'
import { profileOf, runCommand, runJson } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { createFollower } from '@mhmd/ledger'
import { openSqliteStore } from '@mhmd/store-sqlite'
import { join } from 'node:path'
import { closeAndReturn, forgeriesOf, replaysOf, statedLimits, victimAt } from './support/forgeries.ts'
import type { Forgery, Victim } from './support/forgeries.ts'
import { option, until } from './support/on-network.ts'
import { FOREIGN, watchOpenFiles } from './support/open-files.ts'
import type { OpenFiles } from './support/open-files.ts'
import { atHerDoors, byMessage, inAnothersName } from './support/other-ways.ts'
import { send } from './support/outside.ts'
import { acceptedRequest, requestView, untilAgreed } from './support/requests.ts'
import { secretsBelow, secretsInMemory } from './support/secrets.ts'
import { onSmallNetwork, untilOnLedger } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'
import { splitView } from './support/split-view.ts'
import { spoilsOf } from './support/spoils.ts'
import type { Spoils } from './support/spoils.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('attacks')
const { say, check, finish } = log

/** Those who are attacked, by their place among the citizens; the others permit, so that there are enough to count. */
const places = { permits: 0, withdraws: 1, undecided: 3, optedOut: 7, laterWithdraws: 9 } as const
const kinds = ['subject', 'key', 'consent', 'opt-out'] as const
type Entries = readonly { readonly key: readonly string[]; readonly value: unknown }[]

async function scenario({ network, folder, seeded }: SmallNetwork): Promise<void> {
  const watch = watchOpenFiles(folder, network.plan.organisations.map(({ id }) => ({ id, pid: () => network.process(id).pid, home: network.home(id) })))
  for (const { folder: device } of seeded.citizens) await untilOnLedger(openDevice(device))
  const deviceOf = (who: keyof typeof places): string => seeded.citizens[places[who]]?.folder ?? ''
  await runCommand(['citizen', 'withdraw', '--device', deviceOf('withdraws'), '--holder', 'rome', '--wait'])
  await runCommand(['citizen', 'withdraw', '--device', deviceOf('withdraws'), '--holder', 'berlin', '--wait'])
  const networkId = openDevice(deviceOf('permits')).state.network
  const spoils = spoilsOf(network, networkId)
  const victim = (who: keyof typeof places, holder = 'rome'): Promise<Victim> => victimAt(spoils, holder, subjectOf(deviceOf(who), holder))
  const request = await acceptedRequest({ network, folder }, { holders: ['rome', 'berlin'], title: 'How many are women?', fhirTypes: ['Patient'], question: { all: [{ type: 'sex', value: 'female' }] } })

  const before = await entriesOf(spoils)
  await tryAll('Against one who permits, through the ledger, with real keys and certificates', forgeriesOf(spoils, await victim('permits')))
  await tryAll('Against one who withdrew', forgeriesOf(spoils, await victim('withdraws')))
  await tryAll('Against one who opted out', forgeriesOf(spoils, await victim('optedOut')).filter(({ what }) => !what.includes('desk')))
  await tryAll('With what she signed before', await replaysOf(spoils, await victim('withdraws')))
  const hers = await victim('withdraws', 'berlin')
  await tryAll('At the people port of berlin', atHerDoors(network, spoils, hers))
  await tryAll('By messages to berlin', byMessage(network, spoils, hers))
  await tryAll('By a member\'s connection', inAnothersName(network, spoils, hers))
  const after = await entriesOf(spoils)
  check('of all decisions and keys on the ledger, none has changed', before.length > 0 && before.every((entry) => after.some((other) => JSON.stringify(other) === JSON.stringify(entry))))
  await tryAll('Against one whose key they closed', await closeAndReturn(spoils, await victim('undecided')))
  await tryAll('What they can do together, as docs/limits.md says', statedLimits(spoils, 'rome'))
  check(`her own device is told at once that her key is closed: ${await herView(network, deviceOf('undecided'))}`, await herView(network, deviceOf('undecided')) === 'NODE_KEY_UNKNOWN')
  await checkCount(network, { request, permitting: seeded.citizens.length - 3, victims: [deviceOf('withdraws'), deviceOf('optedOut')] })
  checkMemory(network)

  const onLedger = await entriesOf(spoils)
  const goOn = async (): Promise<void> => {
    const { operation } = await runJson<{ operation?: string }>(['citizen', 'withdraw', '--device', deviceOf('laterWithdraws'), '--holder', 'rome', '--wait'])
    check(`a withdrawal at rome goes its way meanwhile${operation === undefined ? '' : `: ${operation}`}`, (await victim('laterWithdraws')).versions.consent === 2)
  }
  await splitView({ network, folder, networkId, victim: subjectOf(deviceOf('permits'), 'berlin'), goOn }, log)
  checkOpenFiles(watch)
  await network.stop()
  await checkAnotherNode(network, networkId, onLedger.filter(({ key }) => key[2] !== subjectOf(deviceOf('laterWithdraws'), 'rome')))
}

const subjectOf = (device: string, holder: string): string => openDevice(device).state.links.find((link) => link.holder === holder)?.subject ?? ''
const entriesOf = async (spoils: Spoils): Promise<Entries> => (await Promise.all(['rome', 'berlin'].flatMap((holder) => kinds.map((kind) => spoils.range(kind, holder))))).flat()

async function tryAll(title: string, forgeries: readonly Forgery[]): Promise<void> {
  say(title)
  for (const { what, expected, attempt } of forgeries) {
    const found = await attempt()
    check(`${what}: ${found}${found === expected ? '' : ` (expected ${expected})`}`, found === expected)
  }
}

/** What her hospital answers to her own key. */
const herView = async (network: DevNetwork, device: string): Promise<string> => (await send({ url: `${network.url('rome')}/people/1/me`, key: decisionKey(openDevice(device).seed, 'rome') })).code

/** Both hospitals count exactly those who permit; the others see no use of their records. */
async function checkCount(network: DevNetwork, { request, permitting, victims }: { request: string; permitting: number; victims: readonly string[] }): Promise<void> {
  const institute = network.profile('institute')
  await untilAgreed(network, request, 2)
  const { ask } = await runJson<{ ask: string }>(['request', 'ask', '--profile', institute, '--request', request])
  await until('both have answered', async () => (await requestView(network, request)).answered.filter((row) => row.ask === ask).length === 2)
  for (const hospital of ['rome', 'berlin']) {
    const [release] = await runJson<{ considered: number }[]>(['release', 'list', '--profile', network.profile(hospital)])
    check(`${hospital} considered ${release?.considered ?? 'nobody'} people, those who permit it`, release?.considered === permitting)
    for (const device of victims) {
      const { text } = await send({ url: `${network.url(hospital)}/people/1/uses`, key: decisionKey(openDevice(device).seed, hospital) })
      check(`and shows ${device.slice(-3)} no use of her record`, (JSON.parse(text) as { uses: object[] }).uses.length === 0)
    }
  }
}

/** No process has another's secrets in its memory, staff's or citizens' none of them; its own are found, or the search would be worth nothing. */
function checkMemory(network: DevNetwork): void {
  const secrets = secretsBelow(network.plan.folder)
  say(`${secrets.length} secrets of ${new Set(secrets.map(({ owner }) => owner)).size} owners, searched for in the memory of every process`)
  for (const { id } of network.plan.organisations) {
    const { found, bytes } = secretsInMemory(network.process(id).pid, secrets)
    const foreign = [...found].filter(({ owner }) => owner !== id).map(({ file }) => file)
    check(`${id} has none of the others' (${Math.round(bytes / 1e6)} MB read, ${[...found].filter(({ owner }) => owner === id).length} of its own)${foreign.length === 0 ? '' : `: ${foreign.join(' ')}`}`, foreign.length === 0 && [...found].some(({ owner }) => owner === id))
  }
}

function checkOpenFiles(watch: OpenFiles): void {
  watch.stop()
  for (const [id, categories] of watch.seen) {
    const foreign = [...categories.get(FOREIGN) ?? []]
    check(`in ${watch.looks} looks ${id} had nothing of another's folder open${foreign.length === 0 ? '' : `: ${foreign.join(' ')}`}`, foreign.length === 0 && (categories.get('own data')?.size ?? 0) > 0)
  }
}

/** As the institute's stopped node holds it, checked block by block: what the ledger showed before the operator lied, and nothing that was made up. */
async function checkAnotherNode(network: DevNetwork, networkId: string, expected: Entries): Promise<void> {
  const store = await openSqliteStore(join(network.home('institute'), 'data', 'store.db'))
  try {
    const none = { head: () => Promise.reject(new Error('stopped')), blocks: () => { throw new Error('stopped') } }
    const follower = await createFollower({ ledger: none, store, clock: { now: () => Date.now() }, networkId })
    const held = new Map((await Promise.all(['rome', 'berlin'].flatMap((holder) => kinds.map((kind) => follower.latestBelow([kind, holder]))))).flat().map(({ key, value }) => [key.join('/'), JSON.stringify(value)]))
    const differing = expected.filter(({ key, value }) => held.get(key.join('/')) !== JSON.stringify(value))
    check(`the institute's own copy of ${expected.length} keys and decisions is what it was before the operator lied`, expected.length > 0 && differing.length === 0)
    check('and holds nothing that was made up', held.size >= expected.length && held.size <= expected.length + 4)
  } finally {
    await store.close()
  }
}

const runArguments = Object.fromEntries(['rome', 'berlin', 'institute', 'accounts'].map((id) => [id, ['--compare-every', '1']]))
const choiceAt: Readonly<Record<number, number>> = { [places.undecided]: 3, [places.optedOut]: 7 }
await onSmallNetwork('attacks', { patients: Number(option('--patients') ?? '40'), transcript: log, runArguments, profileOf: (index) => profileOf(choiceAt[index] ?? 0) }, scenario)
finish()

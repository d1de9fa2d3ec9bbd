// Attacks with every file and key of a hospital, the account provider and the ledger's operator: no acceptable decision for an enrolled citizen, no second history unnoticed, no effect made up.
// Usage: npm run scenario -- attacks [--patients N] [--keep]
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DECISION_CONTENT } from '@mhmd/accounts'
import { fromUtf8, newId } from '@mhmd/base'
import { openDevice, readProfile } from '@mhmd/cli'
import { consentDecisionStatement, signTransaction, signed, stateKeys, statementKinds, transactionId } from '@mhmd/contracts'
import { commit, newSalt, newSigningKey } from '@mhmd/crypto'
import { runCommand, runJson } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { openNote, parseCheckpoint } from '@mhmd/ledger'
import type { Committed, ForkEvidence } from '@mhmd/ledger'
import { openSqliteStore } from '@mhmd/store-sqlite'
import { randomBytes } from 'node:crypto'
import { memberPortOf } from './support/bad-members.ts'
import { closeAndReturn, forgeriesOf, replaysOf, victimAt } from './support/forgeries.ts'
import type { Forgery, Victim } from './support/forgeries.ts'
import { send } from './support/outside.ts'
import { appendBlock, copyHome, forwarder, runLedger, verifyHome } from './support/second-ledger.ts'
import { argument, onSmallNetwork, until, untilOnLedger } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'
import { spoilsOf } from './support/spoils.ts'
import type { Spoils } from './support/spoils.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('attacks')
const { say, check, finish } = log
const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }

async function scenario({ network, folder, seeded }: SmallNetwork): Promise<void> {
  for (const { folder: device } of seeded.citizens) await untilOnLedger(openDevice(device))
  const [open, withdrawing, , undecided] = seeded.citizens.map((citizen) => citizen.folder)
  const optedOut = seeded.citizens.find((citizen) => citizen.profile.name === 'opted-out')?.folder
  if (open === undefined || withdrawing === undefined || undecided === undefined || optedOut === undefined) throw new Error('too few citizens')
  await runCommand(['citizen', 'withdraw', '--device', withdrawing, '--holder', 'rome', '--wait'])
  const networkId = openDevice(open).state.network
  const spoils = spoilsOf(network, networkId)
  const victim = (device: string): Promise<Victim> => victimAt(spoils, 'rome', subjectOf(device, 'rome'))

  const before = await decisionsOn(spoils)
  await tryAll('one who permits', forgeriesOf(spoils, await victim(open)))
  await tryAll('one who withdrew', forgeriesOf(spoils, await victim(withdrawing)))
  await tryAll('one who opted out', forgeriesOf(spoils, await victim(optedOut)).filter(({ what }) => !what.includes('desk')))
  await tryAll('what she signed before', await replaysOf(spoils, await victim(withdrawing)))
  check('of all decisions and keys on the ledger, none has changed', await decisionsOn(spoils) === before)
  await tryAll('one whose key is closed', await closeAndReturn(spoils, await victim(undecided)))
  await tryHerDoors(network, { spoils, her: await victim(withdrawing) })

  await splitView({ network, folder, networkId, victim: subjectOf(open, 'berlin') })
}

const subjectOf = (device: string, holder: string): string => openDevice(device).state.links.find((link) => link.holder === holder)?.subject ?? ''
const decisionsOn = async (spoils: Spoils): Promise<string> => JSON.stringify(await Promise.all(['rome', 'berlin'].flatMap((holder) => ['subject', 'key', 'consent', 'opt-out'].map((kind) => spoils.range(kind, holder)))))

async function tryAll(whom: string, forgeries: readonly Forgery[]): Promise<void> {
  say(`Against ${whom}, through the ledger, with real keys and certificates`)
  for (const { what, expected, attempt } of forgeries) {
    const found = await attempt()
    check(`${what}: ${found}${found === expected ? '' : ` (expected ${expected})`}`, found === expected)
  }
}

/** The hospital's and provider's keys at the doors that only her own key opens. */
async function tryHerDoors(network: DevNetwork, { spoils, her }: { spoils: Spoils; her: Victim }): Promise<void> {
  const decision = madeUpConsent(spoils.network, her, spoils.key('accounts'))
  for (const [who, key] of [['the hospital', spoils.key('rome')], ['the provider', spoils.key('accounts')], ['the operator', spoils.key('ledger')], ['her hospital\'s administrator', spoils.staff('rome')[0]]] as const) {
    for (const path of ['/people/1/me', '/people/1/uses']) {
      const { code } = await send({ url: `${network.url('berlin')}${path}`, key })
      check(`${who} at her door ${path} of berlin: ${code}`, code === 'NODE_KEY_UNKNOWN')
    }
    const { code } = await send({ url: `${network.url('berlin')}/people/1/decisions`, body: decision, key })
    check(`${who} with a decision for her at berlin: ${code}`, code === 'NODE_KEY_UNKNOWN')
  }
}

function madeUpConsent(network: string, { holder, subject, versions }: Victim, key: ReturnType<Spoils['key']>): object {
  const now = Date.now()
  const content = { terms: { format: 'mhmd-consent-terms/1', from: now, until: now + 1e9, permissions: [], prohibitions: [], despiteOptOut: false, returnsWanted: [] }, notice: 'A'.repeat(43) }
  const salt = newSalt(randomness)
  const statement = consentDecisionStatement({ network, holder, subject, operation: 'set', version: versions.consent + 1, content: commit(DECISION_CONTENT, content, salt), expires: now + 1e9, operationId: newId(randomness) })
  return { kind: 'consent', ...signed(statementKinds.consentDecision, statement, key), opening: { content, salt } }
}

interface Split {
  readonly network: DevNetwork
  readonly folder: string
  readonly networkId: string
  /** A citizen's subject at berlin. */
  readonly victim: string
}

/** Two ledgers with one past and one key: berlin is led to the second. Then the first gets a block with an effect made up. */
async function splitView(split: Split): Promise<void> {
  const { network, folder, networkId } = split
  say('The operator runs two ledgers from one folder and shows berlin the second one')
  const home = network.home('ledger')
  const address = memberPortOf(home)
  await network.process('ledger').stop()
  copyHome(home, join(folder, 'second'))
  const first = await runLedger(home, address + 5)
  const second = await runLedger(join(folder, 'second'), address + 6)
  const server = await forwarder(address, (pid) => pid === network.process('berlin').pid ? second.port : first.port)
  const stopAll = async (): Promise<void> => {
    server.close()
    await Promise.allSettled([first.stop(), second.stop()])
  }
  try {
    const height = async (id: string): Promise<number> => (await statusOf(network, id)).height
    const beforeSplit = await height('berlin')
    for (let n = 0; n < 3; n++) await diverge(spoilsOf(network, networkId, second.port))
    await until('berlin follows the second ledger', async () => await height('berlin') === beforeSplit + 3)
    check('berlin follows the second ledger and has noticed nothing yet', !(await statusOf(network, 'berlin')).forked)
    check('the two ledgers show different histories', JSON.stringify(await spoilsOf(network, networkId, first.port).blocks()) !== JSON.stringify((await spoilsOf(network, networkId, second.port).blocks()).slice(0, -2)))
    await fileRequest(network, folder)
    await until('berlin has noticed, by the checkpoint in a message', async () => (await statusOf(network, 'berlin')).forked)
    say('berlin noticed: the institute\'s message carried a checkpoint of the first ledger')
    await checkClosed(network, 'berlin')
    check('the institute and rome, who hold the same history, follow on', !(await statusOf(network, 'rome')).forked && !(await statusOf(network, 'institute')).forked)

    say('The operator puts a block into the first ledger: a consent for her at berlin, and a key of its own in her place')
    await first.stop()
    const falseHead = await appendBlock(home, madeUpBlock(split))
    const again = await runLedger(home, address + 5)
    await until('rome has stopped before the false block', async () => (await statusOf(network, 'rome')).forked)
    check('rome stays below the false block', await height('rome') === falseHead.height - 1)
    await checkClosed(network, 'rome')
    await again.stop()
    const { code, said } = await verifyHome(home)
    check(`a replay of the operator's folder does not hold, and names block ${falseHead.height}`, code === 3 && said.includes(`at block ${falseHead.height}`))
  } finally {
    await stopAll()
  }
  await network.stop()
  await checkEvidence(split)
}

const statusOf = (network: DevNetwork, id: string): Promise<{ height: number; forked: boolean }> => runJson(['status', '--profile', network.profile(id)])

/** Any transaction of the operator's friends: here the provider registers a staff key. */
async function diverge(spoils: Spoils): Promise<void> {
  const code = await spoils.submit('accounts', { contract: 'participants@1', operation: 'staff', operationId: newId(randomness), payload: { keys: [{ key: newSigningKey().key.publicKey, state: 'active' }] } })
  if (code !== 'VALID') throw new Error(`the second ledger refused: ${code}`)
}

async function fileRequest(network: DevNetwork, folder: string): Promise<string> {
  const document = join(folder, 'request.json')
  writeFileSync(document, JSON.stringify({
    holders: ['rome', 'berlin'], class: 'research-organisation', title: 'How many are women?', summary: 'A count.', purpose: 'health-research', categories: ['a'], fhirTypes: ['Patient'],
    question: { all: [{ type: 'sex', value: 'female' }] }, days: 30,
  }))
  return (await runJson<{ request: string }>(['request', 'file', '--profile', network.profile('institute'), '--document', document])).request
}

/** A steward's answer would open a door: it is refused at once, with the code of blindness. */
async function checkClosed(network: DevNetwork, id: string): Promise<void> {
  const { key } = readProfile(network.profile(id))
  const { code, status } = await send({ url: `${network.url(id)}/staff/1/inbox/${'0'.repeat(26)}/answer`, body: { state: 'accepted' }, key })
  check(`${id}'s doors are closed: ${status} ${code}`, code === 'NODE_BLIND' && status === 503)
}

function madeUpBlock({ network, networkId, victim }: Split): Committed {
  const thief = newSigningKey().key
  const statement = consentDecisionStatement({ network: networkId, holder: 'berlin', subject: victim, operation: 'set', version: 50, content: 'A'.repeat(43), expires: Date.now() + 1e9, operationId: newId(randomness) })
  const operator = spoilsOf(network, networkId).key('ledger')
  const transaction = signTransaction({ network: networkId, contract: 'consents@1', operation: 'decide', operationId: statement.operationId, submitter: 'ledger', time: Date.now(), payload: signed(statementKinds.consentDecision, statement, thief) }, operator)
  const now = Date.now()
  return {
    transaction, code: 'VALID', events: [],
    writes: [
      { key: stateKeys.operation(statement.operationId), value: { transaction: transactionId(transaction), contract: 'consents@1', operation: 'decide' } },
      { key: stateKeys.subject('berlin', victim), value: { key: thief.publicKey, provider: 'accounts', recovery: 'A'.repeat(43), version: 9, state: 'active', time: now } },
      { key: stateKeys.subjectKey('berlin', thief.publicKey), value: { subject: victim } },
      { key: stateKeys.consent('berlin', victim), value: { version: 50, state: 'active', content: statement.content, expires: statement.expires, time: now, by: 'subject' } },
    ],
  }
}

/** What each node kept, read from its stopped store. */
async function checkEvidence({ network, networkId }: Split): Promise<void> {
  const berlin = await evidenceOf(network.home('berlin'))
  const note = berlin !== undefined && 'note' in berlin.theirs ? berlin.theirs.note : ''
  const founders = (JSON.parse(readFileSync(join(network.home('berlin'), 'network.json'), 'utf8')) as { founders: { id: string; signingKey: string }[] }).founders
  const institute = JSON.parse(readFileSync(join(network.home('institute'), 'application.json'), 'utf8')) as { signingKey: string }
  const keys = [...founders.map(({ id, signingKey }) => ({ name: `mhmd/${networkId}/${id}`, publicKey: signingKey })), { name: `mhmd/${networkId}/institute`, publicKey: institute.signingKey }]
  const opened = openNote(note, keys)
  const theirs = opened.ok ? parseCheckpoint(opened.value.text) : undefined
  const own = parseCheckpoint(berlin?.checkpoint ?? '')
  check(`berlin keeps both checkpoints: its own of size ${own?.size ?? '?'}, and one of size ${theirs?.size ?? '?'} signed by ${opened.ok ? opened.value.signedBy.map(({ name }) => name.split('/').at(-1)).join() : 'nobody'}`, own !== undefined && theirs !== undefined && opened.ok && opened.value.signedBy.length === 1 && berlin?.expected !== berlin?.found)
  const rome = await evidenceOf(network.home('rome'))
  check(`rome keeps the false block: ${rome?.finding ?? 'nothing'} at height ${rome?.height ?? '?'}`, rome?.finding !== undefined && 'committed' in rome.theirs)
}

async function evidenceOf(home: string): Promise<ForkEvidence | undefined> {
  const store = await openSqliteStore(join(home, 'data', 'store.db'))
  try {
    const bytes = await store.read((tx) => tx.get('ledger-fork', ['evidence']))
    return bytes === undefined ? undefined : JSON.parse(fromUtf8(bytes)) as ForkEvidence
  } finally {
    await store.close()
  }
}

await onSmallNetwork('attacks', { patients: Number(argument('--patients') ?? '8'), transcript: log }, scenario)
finish()

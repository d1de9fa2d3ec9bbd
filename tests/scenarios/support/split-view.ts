// The ledger's operator lies with its own keys: it shows one node a second history, then everybody a block with an effect that it made up.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { newId } from '@mhmd/base'
import { readProfile } from '@mhmd/cli'
import { consentDecisionStatement, signTransaction, signed, stateKeys, statementKinds, transactionId } from '@mhmd/contracts'
import { newSigningKey } from '@mhmd/crypto'
import { runCommand, runJson } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { openNote, parseCheckpoint } from '@mhmd/proof'
import type { Committed, ForkEvidence } from '@mhmd/ledger'
import { randomBytes } from 'node:crypto'
import { memberPortOf } from './bad-members.ts'
import { send } from './outside.ts'
import { appendBlock, copyHome, forwarder, runLedger, verifyHome } from './second-ledger.ts'
import { until } from './on-network.ts'
import { spoilsOf } from './spoils.ts'
import type { Spoils } from './spoils.ts'
import type { Transcript } from './transcript.ts'

const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }

export interface Split {
  readonly network: DevNetwork
  readonly folder: string
  readonly networkId: string
  /** A citizen's subject at berlin. */
  readonly victim: string
  /** Acts of everyday life that the members who hold one history go on with. */
  readonly goOn: () => Promise<void>
}

interface Kept {
  readonly disputes: readonly { readonly member: string; readonly theirs: string; readonly own: string; readonly agreeing: number; readonly members: number; readonly stopped: boolean }[]
  readonly stopped: ForkEvidence | null
}

const statusOf = (network: DevNetwork, id: string): Promise<{ height: number; forked: boolean; disputes: number }> => runJson(['status', '--profile', network.profile(id)])
const keptBy = (network: DevNetwork, id: string): Promise<Kept> => runJson(['ledger', 'checkpoints', '--profile', network.profile(id)])
const OTHERS = ['rome', 'institute', 'accounts'] as const

/** Two ledgers with one past and one key: berlin is led to the second. Then the first gets a block with an effect made up. */
export async function splitView(split: Split, { say, check }: Transcript): Promise<void> {
  const { network, folder, networkId } = split
  say('The operator runs two ledgers from one folder and shows berlin the second one')
  const home = network.home('ledger')
  const address = memberPortOf(home)
  await network.process('ledger').stop()
  copyHome(home, join(folder, 'second'))
  const first = await runLedger(home, address + 5)
  const second = await runLedger(join(folder, 'second'), address + 6)
  const server = await forwarder(address, (pid) => pid === network.process('berlin').pid ? second.port : first.port)
  try {
    const height = async (id: string): Promise<number> => (await statusOf(network, id)).height
    const [beforeSplit, atFirst] = [await height('berlin'), spoilsOf(network, networkId, first.port)]
    for (let n = 0; n < 2; n++) await diverge(spoilsOf(network, networkId, second.port))
    await until('berlin follows the second ledger', async () => await height('berlin') === beforeSplit + 2)
    check('berlin follows the second ledger, and nothing contradicts it yet', !(await statusOf(network, 'berlin')).forked)
    await diverge(atFirst)
    await until('berlin has noticed', async () => (await statusOf(network, 'berlin')).forked)
    say('berlin noticed: a member showed it a checkpoint of the first ledger')
    await until('the others have settled it', async () => (await Promise.all(OTHERS.map((id) => statusOf(network, id)))).every(({ disputes }) => disputes > 0))
    check(`berlin's doors are closed: ${await doorOf(network, 'berlin')}`, await doorOf(network, 'berlin') === '503 NODE_FORKED')
    for (const id of OTHERS) await checkWentOn(network, id, check)
    await checkBerlin(split, check)
    await split.goOn()

    say('The operator puts a block into the first ledger: a consent for her at berlin, and a key of its own in her place')
    await first.stop()
    const falseHead = await appendBlock(home, madeUpBlock(split))
    const again = await runLedger(home, address + 5)
    await until('rome has stopped before the false block', async () => (await statusOf(network, 'rome')).forked)
    check('rome stays below the false block', await height('rome') === falseHead.height - 1)
    check(`rome's doors are closed: ${await doorOf(network, 'rome')}`, await doorOf(network, 'rome') === '503 NODE_FORKED')
    const { stopped } = await keptBy(network, 'rome')
    check(`rome keeps and shows the false block: ${stopped?.finding ?? 'nothing'} at height ${stopped?.height ?? '?'}`, stopped?.finding !== undefined && stopped.height === falseHead.height && 'committed' in stopped.theirs)
    await again.stop()
    const { code, said } = await verifyHome(home)
    check(`a replay of the operator's folder does not hold, and names block ${falseHead.height}`, code === 3 && said.includes(`at block ${falseHead.height}`))
  } finally {
    server.close()
    await Promise.allSettled([first.stop(), second.stop()])
  }
}

/** Any transaction of the operator's friends: here the provider registers a staff key. */
async function diverge(spoils: Spoils): Promise<void> {
  const code = await spoils.submit('accounts', { contract: 'participants@1', operation: 'staff', operationId: newId(randomness), payload: { keys: [{ key: newSigningKey().key.publicKey, state: 'active' }] } })
  if (code !== 'VALID') throw new Error(`the ledger refused: ${code}`)
}

/** What a steward gets whose answer would open a door. */
async function doorOf(network: DevNetwork, id: string): Promise<string> {
  const { key } = readProfile(network.profile(id))
  const { code, status } = await send({ url: `${network.url(id)}/staff/1/inbox/${'0'.repeat(26)}/answer`, body: { state: 'accepted' }, key })
  return `${status} ${code}`
}

async function checkWentOn(network: DevNetwork, id: string, check: Transcript['check']): Promise<void> {
  const { disputes, stopped } = await keptBy(network, id)
  const [dispute, ...more] = disputes
  check(`${id} goes on: ${dispute?.agreeing ?? 0} of ${dispute?.members ?? 0} members hold its history, and it names ${dispute?.member ?? 'nobody'}`, stopped === null && more.length === 0 && dispute?.member === 'berlin' && dispute.agreeing === 3 && dispute.members === 4 && !dispute.stopped)
}

/** Both checkpoints over one size, each signed; by the command, and on disk in berlin's folder. */
async function checkBerlin({ network, networkId }: Split, check: Transcript['check']): Promise<void> {
  const { disputes, stopped } = await keptBy(network, 'berlin')
  const [dispute] = disputes
  const application = (id: string): { signingKey: string } => JSON.parse(readFileSync(join(network.home(id), 'application.json'), 'utf8')) as { signingKey: string }
  const read = (note: string): { size: number | undefined; root: string; by: string } => {
    const opened = openNote(note, network.plan.organisations.map(({ id }) => ({ name: `mhmd/${networkId}/${id}`, publicKey: application(id).signingKey })))
    const checkpoint = opened.ok ? parseCheckpoint(opened.value.text) : undefined
    return { size: checkpoint?.size, root: Buffer.from(checkpoint?.root ?? []).toString('base64'), by: opened.ok ? opened.value.signedBy.map(({ name }) => name.split('/').at(-1)).join() : 'nobody' }
  }
  const [own, theirs] = [read(dispute?.own ?? ''), read(dispute?.theirs ?? '')]
  check(`berlin keeps both checkpoints of size ${own.size ?? '?'}, its own signed by ${own.by}, the other by ${theirs.by}`, own.size !== undefined && own.size === theirs.size && own.root !== theirs.root && own.by === 'berlin' && theirs.by === dispute?.member && dispute.agreeing === 1)
  check('berlin stopped on that very note', stopped !== null && 'note' in stopped.theirs && stopped.theirs.note === dispute?.theirs)
  const shown = await runCommand(['ledger', 'checkpoints', '--profile', network.profile('berlin')])
  check('mhmd ledger checkpoints shows both', own.root !== '' && [own.root, theirs.root, 'STOPPED'].every((text) => shown.includes(text)))
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

// The life of a real Fabric network: its state in plain words, organisations and orderers that come and go, certificates, versions of the contracts, copies of a peer.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { MhmdError } from '@mhmd/base'
import type { Log } from '@mhmd/base'
import { privateHashes } from '@mhmd/contracts'
import type { Head, Ledger } from '@mhmd/ledger'
import { CHAINCODE, addOrderer, addOrganisation, backUpPeer, catchUpContracts, commitContracts, fabricLedger, joinBySnapshot, mismatches, networkState, rebuildPeer, removeOrderer, removeOrganisation, restorePeer, rotateOrderer, rotatePeer, snapshotPeer, storedBlocks, voteForContracts } from '../src/index.ts'
import { MarkFile } from '../src/client/marks.ts'
import { changeConfiguration, readConfiguration } from '../src/network/configuration.ts'
import { databasesOf } from '../src/network/databases.ts'
import { orderersOf, peersOf } from '../src/network/layout.ts'
import { applicationOf, orderingOf } from '../src/network/membership.ts'
import { ordererOf, peerOf } from '../src/network/site.ts'
import { MEMBERS, openGround } from './ground.ts'
import type { Ground } from './ground.ts'
import { invokeDirectly } from './invoke.ts'

const anyTime = new URL('./chaincode-any-time.ts', import.meta.url).pathname
const HOUR = 3_600_000
let ground: Ground

/** Passes connections on to a port of this machine, and counts what comes back. */
async function relayTo(to: number): Promise<{ readonly port: number; received(): number; close(): void }> {
  let received = 0
  const open = new Set<Socket>()
  const server = createServer((inside) => {
    const outside = connect(to, '127.0.0.1')
    for (const socket of [inside, outside]) open.add(socket.on('error', () => undefined).on('close', () => { inside.destroy(); outside.destroy() }))
    outside.on('data', (bytes) => { received += bytes.length })
    inside.pipe(outside).pipe(inside)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port, received: () => received,
    close: () => {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}

/** Of ten blocks from a height on. */
async function hashesFrom(ledger: Ledger, from: number): Promise<string[]> {
  const hashes: string[] = []
  const enough = new AbortController()
  for await (const { hash } of ledger.blocks(from, enough.signal)) if (hashes.push(hash) === 10) break
  enough.abort()
  return hashes
}

/** One decision goes through each member, and all peers agree. */
async function works(): Promise<void> {
  for (const member of MEMBERS) await ground.acknowledged(member, ground.decide(member))
  await ground.agreed()
}

/** The network's state once everybody has every block: of four orderers one may fail only while the other three are level. */
async function level(): Promise<Awaited<ReturnType<typeof networkState>>> {
  for (let second = 0; second < 90; second++) {
    const state = await networkState(ground.fabric.site)
    if (state.processes.every(({ healthy, lag }) => healthy && lag === 0)) return state
    await sleep(1000)
  }
  assert.fail('somebody lags after a minute and a half')
}

suite('life of a Fabric network', () => {
  before(async () => { ground = await openGround(200) })
  after(() => ground.close())

  test('its state: members, rules in plain words, heights, certificates; four orderers of four organisations, each with roots of its own', async () => {
    const state = await level()
    assert.deepEqual(state.members.peers, ['accountsMSP', 'instituteMSP', 'romeMSP'])
    assert.equal(state.members.orderers.length, 4)
    assert.deepEqual(state.processes.map(({ kind }) => kind).sort(), [...Array.from({ length: 4 }, () => 'orderer'), ...Array.from({ length: 3 }, () => 'peer')])
    assert.match(state.rules.join('\n'), /2 of 3 organisations with peers found the same outcome[^]*4 orderers of 4 organisations and signed by 3 of them: 1 may fail or lie[^]*after 200ms[^]*3 of 4 of their administrators/)
    assert.equal(state.contracts.version, 1)
    assert.ok(state.certificates.every(({ until }) => until.getTime() > Date.now() + 300 * 24 * HOUR))
    const roots = Object.values(orderingOf((await readConfiguration(ground.fabric.site)).channel_group).groups).map((group) => JSON.stringify((group.values['MSP']?.value['config'] as { root_certs: string[] }).root_certs))
    assert.equal(new Set(roots).size, 4)
  })

  test('mhmd network status says the same, with what is wrong', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [new URL('../../../apps/cli/src/main.ts', import.meta.url).pathname, 'network', 'status', '--folder', ground.fabric.plan.folder])
    assert.match(stdout, /Channel mhmd, contracts version 1[^]*peer of rome at localhost:[0-9]+: healthy[^]*ALARM: accessbodyOrderersMSP/)
  })

  test('the channel\'s members and the participants contract are compared: whoever is on the channel alone is an alarm', async () => {
    const state = await networkState(ground.fabric.site)
    const members = (await ground.ledgerOf('rome').range(['member'])).map(({ value }) => value as { id: string; state: string })
    assert.deepEqual(mismatches(state, members), ['accessbodyOrderersMSP orders on the channel, and no active member of the participants contract goes by that name'])
    const suspended = members.map((member) => member.id === 'institute' ? { ...member, state: 'suspended' } : member)
    assert.match(mismatches(state, suspended).join('\n'), /instituteMSP endorses/)
  })

  test('an orderer of a fifth organisation joins, by the signatures of a majority and no fewer; blocks are then signed by four', async () => {
    const group = structuredClone(await readConfiguration(ground.fabric.site)).channel_group
    await assert.rejects(changeConfiguration(ground.fabric.site, orderersOf(ground.fabric.plan).slice(0, 2), (channel) => {
      const size = orderingOf(channel).values['BatchSize']
      if (size !== undefined) size.value = { ...orderingOf(group).values['BatchSize']?.value, max_message_count: 7 }
    }), { code: 'FABRIC_PROGRAM_FAILED' })
    await addOrderer(ground.fabric, 'university')
    await works()
    const state = await level()
    assert.match(state.rules.join('\n'), /5 orderers of 5 organisations and signed by 4/)
    // One of the founding orderers may fail now: the newcomer is needed, and counts.
    await ground.fabric.end('orderer access-body')
    await works()
    await ground.fabric.revive('orderer access-body')
  })

  test('an orderer leaves: not while too few of the others are there, never below four, and what is done twice changes nothing', async () => {
    for (const name of ['orderer accounts', 'orderer institute']) await ground.fabric.end(name)
    await assert.rejects(removeOrderer(ground.fabric, 'access-body'), { code: 'FABRIC_ORDERERS_AWAY' })
    await Promise.all(['orderer accounts', 'orderer institute'].map((name) => ground.fabric.revive(name)))
    await works()
    await assert.rejects(addOrderer(ground.fabric, 'university'), { code: 'FABRIC_ALREADY_MEMBER' })
    await removeOrderer(ground.fabric, 'access-body')
    await works()
    const state = await networkState(ground.fabric.site)
    assert.match(state.rules.join('\n'), /4 orderers of 4 organisations and signed by 3/)
    assert.deepEqual(state.members.orderers, ['accountsOrderersMSP', 'instituteOrderersMSP', 'romeOrderersMSP', 'universityOrderersMSP'])
    assert.deepEqual(state.unfinished, [])
    // One of those who stay may fail: the one that left is missed by nobody.
    await level()
    await ground.fabric.end('orderer accounts')
    try {
      await works()
    } finally {
      await ground.fabric.revive('orderer accounts')
    }
    await assert.rejects(removeOrderer(ground.fabric, 'university'), { code: 'FABRIC_TOO_FEW_ORDERERS' })
    await assert.rejects(removeOrderer(ground.fabric, 'berlin'), { code: 'FABRIC_NO_MEMBER' })
  })

  test('an operation whose block is no longer in a client\'s memory has its receipt, by its peer\'s own indexes', async () => {
    const transaction = ground.decide('rome')
    await ground.acknowledged('rome', transaction)
    const receipt = await ground.ledgerOf('rome').outcome(transaction.operationId)
    assert.equal(receipt?.status, 'committed')
    // Twice as many as it keeps.
    for (let seen = 0; seen < 40;) seen += (await ground.underLoad(MEMBERS, () => sleep(2000))).acknowledged
    assert.deepEqual(await ground.ledgerOf('rome').outcome(transaction.operationId), receipt)
    assert.deepEqual(await ground.ledgerOf('rome').submit(transaction), receipt)
    await ground.forget('rome')
    assert.deepEqual(await ground.ledgerOf('rome').outcome(transaction.operationId), receipt)
    assert.equal(await ground.ledgerOf('rome').outcome(ground.decide('rome').operationId), undefined)
    await ground.agreed()
  })

  test('certificates of an orderer and of a peer are rotated under load; nothing acknowledged is lost', async () => {
    const serial = async (): Promise<string[]> => (await networkState(ground.fabric.site)).certificates.filter(({ until }) => until.getTime() < Date.now() + 100 * 24 * HOUR).map(({ msp, what }) => `${msp} ${what}`)
    assert.deepEqual(await serial(), [])
    await ground.underLoad(['accounts', 'institute'], async () => {
      await rotateOrderer(ground.fabric, 'rome', { days: 90 })
      await rotatePeer(ground.fabric, 'rome', { days: 90 })
    })
    await ground.forget('rome')
    await works()
    assert.deepEqual((await serial()).sort(), ['romeMSP TLS of the peer', 'romeMSP administrator', 'romeMSP client of the node', 'romeMSP identity of the peer', 'romeOrderersMSP TLS of the orderer', 'romeOrderersMSP administrator', 'romeOrderersMSP identity of the orderer'])
  })

  test('an organisation joins under load, counts towards the majority, and leaves again', async () => {
    await assert.rejects(removeOrganisation(ground.fabric, 'berlin'), { code: 'FABRIC_NO_MEMBER' })
    await assert.rejects(changeConfiguration(ground.fabric.site, peersOf(ground.fabric.plan).slice(0, 1), (channel) => { delete applicationOf(channel).groups['instituteMSP'] }), { code: 'FABRIC_PROGRAM_FAILED' })
    await ground.underLoad(MEMBERS, () => addOrganisation(ground.fabric, 'berlin'))
    for (const member of MEMBERS) await ground.forget(member)
    await works()
    assert.match(await invokeDirectly(ground.fabric, ground.decide('rome'), ['rome', 'accounts']), /ENDORSEMENT_POLICY_FAILURE/)
    assert.match((await networkState(ground.fabric.site)).rules[0] ?? '', /3 of 4/)
    assert.equal((await level()).processes.filter(({ member }) => member === 'berlin').length, 1)
    await removeOrganisation(ground.fabric, 'berlin')
    for (const member of MEMBERS) await ground.forget(member)
    await works()
    assert.match((await networkState(ground.fabric.site)).rules[0] ?? '', /2 of 3/)
  })

  test('a backup of a peer is put back: it catches up, and a value that was purged since cannot be read from it', async () => {
    const [key, value] = [['note', randomBytes(16).toString('hex')], new Uint8Array(randomBytes(32))] as const
    const hashes = privateHashes(key, value)
    const put = ground.network.transaction('rome', { contract: 'private@1', operation: 'put', payload: hashes, operationId: randomBytes(16).toString('hex').slice(0, 26) })
    const receipt = await ground.ledgerOf('rome').submit(put, { key, value })
    assert.equal(receipt.status, 'committed', JSON.stringify(receipt))
    assert.deepEqual(Buffer.from(await ground.ledgerOf('rome').privateGet(key) ?? []), Buffer.from(value))
    const backup = join(ground.folder, 'backup')
    await backUpPeer(ground.fabric, 'rome', backup)
    await ground.ledgerOf('rome').privatePurge(key)
    await works()
    await restorePeer(ground.fabric, 'rome', backup)
    await works()
    assert.equal(await ground.ledgerOf('rome').privateGet(key), undefined)
    const bytes = readdirSync(ground.folder, { recursive: true }).map((name) => join(ground.folder, String(name))).filter((file) => statSync(file).isFile()).some((file) => readFileSync(file).includes(Buffer.from(value)))
    assert.equal(bytes, false)
  })

  test('the blocks in a stopped peer\'s files are those that its ledger gave; one torn at the end is not there yet, a spoiled one is named', async () => {
    const { fabric, network } = ground
    await works()
    const head = await ground.ledgerOf('rome').head()
    const copy = { ...fabric.plan, folder: join(ground.folder, 'files') }
    await fabric.end('peer rome')
    cpSync(peerOf(fabric.plan, 'rome').data, peerOf(copy, 'rome').data, { recursive: true })
    await fabric.revive('peer rome')
    const stored = async (): Promise<Head[]> => {
      const heads: Head[] = []
      for await (const { height, hash } of storedBlocks(copy, 'rome', network.id)) heads.push({ height, hash })
      return heads
    }
    const whole = await stored()
    assert.deepEqual(whole.at(-1), head)
    const file = join(peerOf(copy, 'rome').data, 'data/ledgersData/chains/chains', copy.channel, 'blockfile_000000')
    truncateSync(file, statSync(file).size - 10)
    assert.deepEqual(await stored(), whole.slice(0, -1))
    const bytes = readFileSync(file)
    bytes.write('Consents', bytes.indexOf('consents@1', bytes.length / 2))
    writeFileSync(file, bytes)
    await assert.rejects(stored(), { code: 'LEDGER_CORRUPT_BLOCK' })
    await works()
  })

  test('a peer is emptied and rebuilt from the ordering service; another starts from a snapshot and endorses', async () => {
    await rebuildPeer(ground.fabric, 'institute')
    await ground.forget('institute')
    await works()
    await assert.rejects(joinBySnapshot(ground.fabric, 'institute', ground.folder), { code: 'FABRIC_NO_COPY' })
    await assert.rejects(restorePeer(ground.fabric, 'institute', ground.folder), { code: 'FABRIC_NO_COPY' })
    const snapshot = await snapshotPeer(ground.fabric, 'rome')
    await joinBySnapshot(ground.fabric, 'institute', snapshot)
    const transaction = ground.decide('rome')
    await ground.acknowledged('rome', transaction)
    await level()
    const direct = ground.decide('rome')
    assert.equal(await invokeDirectly(ground.fabric, direct, ['institute', 'accounts']), 'VALID')
    await ground.acknowledged('rome', direct)
    await rebuildPeer(ground.fabric, 'institute')
    await ground.forget('institute')
    await works()
  })

  test('a peer and an orderer whose first start was killed while it made its databases start on new ones', async () => {
    for (const name of ['peer institute', 'orderer institute']) {
      const kind = name.startsWith('peer') ? peerOf : ordererOf
      const folder = databasesOf(kind(ground.fabric.plan, 'institute'))
      await ground.fabric.end(name)
      renameSync(folder, `${folder}.before`)
      const begun = ground.fabric.revive(name).catch(() => undefined)
      await ground.fabric.processes.get(name)?.kill('SIGKILL')
      await begun
      // What such a kill left, seen once in a hundred: a file that says nothing of where a database begins.
      for (const each of ['ledgersData/historyLeveldb', 'ledgersData/ledgerProvider', 'index']) {
        mkdirSync(join(folder, each), { recursive: true })
        writeFileSync(join(folder, each, 'CURRENT'), '')
      }
      await ground.fabric.revive(name)
      // A copy put in the place of new databases stays.
      await ground.fabric.end(name)
      rmSync(folder, { recursive: true })
      renameSync(`${folder}.before`, folder)
      await ground.fabric.revive(name)
      await works()
    }
  })

  test('the contracts\' next version takes over by the votes of a majority, on the state as it stands; who did not vote cannot endorse until it catches up', async () => {
    const before = await ground.agreed()
    await voteForContracts(ground.fabric, 'rome', [anyTime])
    await assert.rejects(commitContracts(ground.fabric, ['rome']), (error) => MhmdError.isInstance(error) && error.code === 'FABRIC_PROGRAM_FAILED')
    await works()
    await voteForContracts(ground.fabric, 'accounts', [anyTime])
    await commitContracts(ground.fabric, ['rome', 'accounts'])
    for (const member of ['rome', 'accounts'] as const) await ground.acknowledged(member, ground.decide(member))
    assert.notEqual(await invokeDirectly(ground.fabric, ground.decide('rome'), ['institute']), 'VALID')
    await catchUpContracts(ground.fabric, 'institute', [anyTime])
    await works()
    assert.ok(await ground.agreed() > before)
    assert.equal((await networkState(ground.fabric.site)).contracts.version, 2)
  })

  test('a client that starts again reads what is new, and little else; lost marks, torn ones and another channel\'s cost reading and nothing else', async () => {
    for (let { height } = await ground.ledgerOf('rome').head(); height < 150; { height } = await ground.ledgerOf('rome').head()) await ground.underLoad(MEMBERS, () => sleep(2000))
    const connection = ground.fabric.connection('rome')
    const relay = await relayTo(Number(connection.address.split(':')[1]))
    const marksFile = join(ground.folder, 'marks')
    const startsAgain = async (): Promise<{ bytes: number; said: string; height: number }> => {
      const before = relay.received()
      let said = ''
      const log: Log = (event, details) => { if (/resumed|refused/.test(event)) said = `${event} ${details?.['height']}` }
      const ledger = fabricLedger({ connection: { ...connection, address: `localhost:${relay.port}` }, channel: ground.fabric.plan.channel, chaincode: CHAINCODE, networkId: ground.network.id, privateFolder: join(ground.folder, 'private', 'again'), randomness: { bytes: (length: number) => randomBytes(length) }, log, marksFile })
      try {
        const head = await ledger.head()
        assert.deepEqual(head, await ground.ledgerOf('rome').head())
        const bytes = relay.received() - before
        assert.deepEqual(await hashesFrom(ledger, 60), await hashesFrom(ground.ledgerOf('rome'), 60))
        return { bytes, said, height: head.height }
      } finally {
        await ledger.close()
      }
    }
    try {
      const first = await startsAgain()
      assert.equal(first.said, '')
      const newest = Math.floor(first.height / 64) * 64 - 1
      const second = await startsAgain()
      assert.deepEqual([second.said, second.height], [`fabric-resumed ${newest}`, first.height])
      assert.ok(second.bytes < first.bytes * 0.9, `${second.bytes} of ${first.bytes} bytes`)
      const whole = readFileSync(marksFile, 'utf8')
      const others = new MarkFile(marksFile, { networkId: ground.network.id, channel: ground.fabric.plan.channel, chaincode: CHAINCODE })
      others.replace(others.read().map((mark) => ({ ...mark, fabricHash: new Uint8Array(32) })))
      assert.equal((await startsAgain()).said, `fabric-marks-refused ${newest}`)
      assert.equal(readFileSync(marksFile, 'utf8'), whole)
      writeFileSync(marksFile, whole.slice(0, -30))
      assert.equal((await startsAgain()).said, `fabric-resumed ${newest - 64}`)
      rmSync(marksFile)
      assert.equal((await startsAgain()).said, '')
      assert.equal(readFileSync(marksFile, 'utf8'), whole)
    } finally {
      relay.close()
    }
  })
})

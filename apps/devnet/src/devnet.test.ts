// The launcher as a user meets it: a small network of real processes, made, stopped, killed, and started again.
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { forgetNetwork, hospitalsOf, patientsOf, rosters, runJson, seedPeople, startNetwork } from './index.ts'
import type { DevNetwork, NetworkPlan } from './index.ts'
import { claimFolder, readMade, releaseFolder } from './folder.ts'
import { optionsOf } from './options.ts'

const main = join(import.meta.dirname, 'main.ts')
const seedSet = join(import.meta.dirname, '../seed')
const base = 28_000 + 100 * (process.pid % 29)
const folder = mkdtempSync(join(tmpdir(), 'mhmd-devnet-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const quiet = (): void => undefined

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const limit = Date.now() + 60_000; !holds();) {
    if (Date.now() > limit) throw new Error(`it took more than 60 s until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

test('options are read, and a wrong one is told with its code', () => {
  assert.deepEqual(optionsOf(['--fresh', '--port', '9000', '--patients', '12', '--folder', 'x', '--data', seedSet]), { help: false, fresh: true, folder: 'x', port: 9000, patients: 12, data: seedSet })
  for (const wrong of [['--prot', '1'], ['--port'], ['--port', '80'], ['--port', '65500'], ['--port', '7e3'], ['--patients', '0'], ['--patients', '1.5'], ['--fresh=yes'], ['more']]) assert.throws(() => optionsOf(wrong), { code: 'DEVNET_BAD_OPTION' }, wrong.join(' '))
  assert.throws(() => optionsOf(['--data', '/nonexistent']), { code: 'DEVNET_NO_PATIENTS' })
  assert.throws(() => patientsOf(folder, 3), { code: 'DEVNET_NO_PATIENTS' })
  const { status, stderr } = spawnSync(process.execPath, [main, '--patients', 'all'], { encoding: 'utf8' })
  assert.equal(status, 2)
  assert.match(stderr, /^DEVNET_BAD_OPTION: .*--patients.*\n {2}→ /)
})

test('patients are spread over the hospitals, some known at two', () => {
  const at = Array.from({ length: 30 }, (_, index) => hospitalsOf(index, ['rome', 'berlin', 'paris']))
  assert.equal(at.filter((hospitals) => hospitals.length === 2).length, 3)
  assert.deepEqual(new Set(at.flat()), new Set(['rome', 'berlin', 'paris']))
  assert.deepEqual(hospitalsOf(9, ['rome']), ['rome'])
})

test('a folder that is somebody\'s is never taken or deleted', () => {
  const theirs = join(folder, 'theirs')
  mkdirSync(theirs)
  writeFileSync(join(theirs, 'thesis.txt'), 'years of work')
  assert.throws(() => claimFolder(theirs), { code: 'DEVNET_FOREIGN_FOLDER' })
  assert.throws(() => forgetNetwork(theirs), { code: 'DEVNET_FOREIGN_FOLDER' })
  assert.deepEqual(readdirSync(theirs), ['thesis.txt'])
  const used = join(folder, 'used')
  mkdirSync(used)
  writeFileSync(join(used, 'lock'), String(process.ppid))
  assert.throws(() => claimFolder(used), { code: 'DEVNET_RUNNING' })
  assert.throws(() => forgetNetwork(used), { code: 'DEVNET_RUNNING' })
  for (const impossible of ['/proc/x', '/proc/x/y', join(theirs, 'thesis.txt', 'net')]) assert.throws(() => claimFolder(impossible), { code: 'DEVNET_BAD_FOLDER' }, impossible)
  releaseFolder(used)
  claimFolder(used)
  assert.equal(readFileSync(join(used, 'lock'), 'utf8'), String(process.pid))
})

const plan: NetworkPlan = { folder: join(folder, 'net'), basePort: base, organisations: rosters.thread }
const seeding = (network: DevNetwork, signal?: AbortSignal): ReturnType<typeof seedPeople> => seedPeople(network, { patients: 6, data: seedSet, citizens: 4, say: quiet, ...(signal === undefined ? {} : { signal }) })
const statusOf = (network: DevNetwork, id: string): Promise<{ height: number; logSize: number; members: number }> => runJson(['status', '--profile', network.profile(id)])
const peopleAt = async (network: DevNetwork, id: string): Promise<number> => (await runJson<{ subjects: number }>(['records', 'status', '--profile', network.profile(id)])).subjects

test('a stop in the middle of the making leaves a folder from which the next start goes on; data persist', async () => {
  const stopped = new AbortController()
  await assert.rejects(startNetwork(plan, (line) => { if (line.includes('is up')) stopped.abort() }, stopped.signal))
  assert.equal(readFileSync(join(plan.folder, 'lock'), 'utf8'), '0')
  assert.equal(readMade(plan.folder)?.admitted, false)

  const network = await startNetwork(plan, quiet)
  try {
    assert.equal((await statusOf(network, 'rome')).members, rosters.thread.length)
    await assert.rejects(startNetwork(plan, quiet), { code: /DEVNET_RUNNING|DEVNET_PORT_TAKEN/ })
    // Seeding is cut off after the import, with some citizens in the middle of their choices.
    const cut = new AbortController()
    const first = seeding(network, cut.signal)
    void until('a citizen has an account', () => existsSync(join(plan.folder, 'citizens', '002', 'device.json'))).then(() => cut.abort())
    await assert.rejects(first)
    const { citizens } = await seeding(network)
    assert.equal(citizens.length, 4)
    for (const { folder: device } of citizens) {
      const state = JSON.parse(readFileSync(join(device, 'device.json'), 'utf8')) as { links: unknown[]; decisions: { sent: { holder: boolean; provider: boolean } }[] }
      assert.ok(state.links.length > 0 && state.decisions.every(({ sent }) => sent.holder && sent.provider))
    }
  } finally {
    await network.stop()
  }
})

test('what was recorded stays over a restart, and a killed node is missed and comes back', async () => {
  const before = await startNetwork(plan, quiet)
  const seen = { rome: await peopleAt(before, 'rome'), ...await statusOf(before, 'berlin') }
  await before.stop()
  const network = await startNetwork(plan, quiet)
  try {
    assert.equal(network.isNew, false)
    assert.equal(seen.rome, 3)
    assert.equal(await peopleAt(network, 'rome'), seen.rome)
    const now = await statusOf(network, 'berlin')
    assert.ok(now.height >= seen.height && now.logSize >= seen.logSize && seen.logSize > 4)
    network.process('rome').kill('SIGKILL')
    assert.equal(await network.process('rome').ended, 'SIGKILL')
    await network.restart('rome')
    assert.equal(await peopleAt(network, 'rome'), seen.rome)
  } finally {
    await network.stop()
  }
  await assert.rejects(startNetwork({ ...plan, basePort: base + 50 }, quiet), { code: 'DEVNET_OTHER_PLAN' })
})

test('a taken port is named, after a moment of patience', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(base, '127.0.0.1', resolve))
  await assert.rejects(startNetwork(plan, quiet), { code: 'DEVNET_PORT_TAKEN', message: new RegExp(String(base)) })
  server.close()
})

test('when the launcher is killed its processes stop, and the next start is as ever; Ctrl-C ends it all', async () => {
  // The launcher proper has the whole roster: another folder, made by itself, without people.
  const whole = join(folder, 'whole')
  mkdirSync(whole)
  writeFileSync(join(whole, 'lock'), '0')
  const launch = (): { child: ChildProcess; said: () => string } => {
    const child = spawn(process.execPath, [main, '--folder', whole, '--port', String(base), '--patients', '3', '--data', seedSet])
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { text += chunk.toString() })
    return { child, said: () => text }
  }
  const first = launch()
  await until('every node is up', () => (first.said().match(/is up/g) ?? []).length === rosters.whole.length)
  const pids = [...first.said().matchAll(/is up \(process (\d+)\)/g)].map(([, pid]) => Number(pid))
  first.child.kill('SIGKILL')
  await until('the orphans have noticed', () => !pids.some(isAlive))
  const second = launch()
  await until('it is ready', () => second.said().includes('Ready.'))
  assert.match(second.said(), /rome +Rome Hospital +data-holder +http:\/\/rome\.localhost:\d+ +\d+/)
  assert.equal(readMade(whole)?.people?.done, true)
  second.child.kill('SIGINT')
  second.child.kill('SIGINT')
  const code = await new Promise((resolve) => second.child.on('exit', resolve))
  assert.equal(code, 0)
  assert.match(second.said(), /Everything is stopped/)
})

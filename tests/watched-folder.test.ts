// A watched folder, by the command line: each file is imported once, whatever it is called and whenever the watcher was killed; what is refused is moved apart.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { toHex } from '@mhmd/base'
import { newSigningKey } from '@mhmd/crypto'
import { smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

const mhmd = join(import.meta.dirname, '../apps/cli/bin/mhmd.mjs')
let network: SmallNetwork
let folder: string
let profile: string
before(async () => {
  network = await smallNetwork()
  folder = join(network.folder, 'watched')
  mkdirSync(folder)
  const { key, seed } = newSigningKey()
  writeFileSync(join(network.folder, 'steward.key'), `${toHex(seed)}\n`)
  profile = join(network.folder, 'steward.json')
  writeFileSync(profile, JSON.stringify({ node: network.url('rome'), keyFile: 'steward.key' }))
  await network.staff('rome').post('/staff/1/staff', { key: key.publicKey, roles: ['steward'] })
})
after(() => network.close())

const patient = (id: string): string => `${JSON.stringify({ resourceType: 'Patient', id, gender: 'female' })}\n`
/** A file that nobody has written to for a minute. */
const put = (name: string, text: string): void => {
  writeFileSync(join(folder, name), text)
  settle(name)
}
/** A file that is being written, however long the watcher takes to start. */
const stillWritten = (name: string, text: string): void => {
  writeFileSync(join(folder, name), text)
  utimesSync(join(folder, name), Date.now() / 1000 + 3600, Date.now() / 1000 + 3600)
}
const settle = (name: string): void => utimesSync(join(folder, name), Date.now() / 1000 - 60, Date.now() / 1000 - 60)
const folders = (): Record<string, string[]> => Object.fromEntries(['.', 'imported', 'refused'].map((name) => [name, readdirSync(join(folder, name), { withFileTypes: true }).filter((one) => one.isFile()).map((one) => one.name).sort()]))
const imports = async (): Promise<number> => (await network.staff('rome').get<{ jobs: { kind: string }[] }>('/staff/1/jobs')).jobs.filter(({ kind }) => kind === 'import').length

interface Taken { readonly file: string; readonly code?: string; readonly state?: { readonly report: { readonly added: number; readonly quarantined: number } } }
/** The network runs in this process: the command may not be waited for synchronously. */
async function watchOnce(...more: string[]): Promise<Taken[]> {
  const child = spawn(process.execPath, [mhmd, 'records', 'watch', folder, '--once', '--json', ...more], { env: { ...process.env, MHMD_PROFILE: profile }, stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  for await (const part of child.stdout) text += String(part)
  return JSON.parse(text) as Taken[]
}

test('files are imported in the order they came, moved away, and sent once; empty ones are refused and others left alone', async () => {
  put('a.ndjson', patient('a') + patient('b'))
  put('empty.json', '')
  put('notes.txt', 'not a record')
  stillWritten('still-written.ndjson', patient('c'))
  const taken = await watchOnce()
  assert.deepEqual(taken.map(({ file, code, state }) => [file, code, state?.report.added]).sort(), [['a.ndjson', undefined, 2], ['empty.json', 'CLI_BAD_OPTION', undefined]])
  assert.deepEqual(folders(), { '.': ['notes.txt', 'still-written.ndjson'], 'imported': ['a.ndjson'], 'refused': ['empty.json'] })
  settle('still-written.ndjson')
  assert.equal((await watchOnce())[0]?.state?.report.added, 1)
})

test('the same bytes under another name, or put back by a kill between import and move, are not imported again', async () => {
  put('twice.ndjson', patient('twice'))
  await watchOnce()
  const before = await imports()
  copyFileSync(join(folder, 'imported/twice.ndjson'), join(folder, 'again.ndjson'))
  renameSync(join(folder, 'imported/twice.ndjson'), join(folder, 'twice.ndjson'))
  settle('again.ndjson')
  settle('twice.ndjson')
  assert.equal((await watchOnce()).length, 2)
  assert.deepEqual([await imports(), folders()['.']?.filter((name) => name.endsWith('.ndjson'))], [before, []])
})

test('with --full a broken invariant keeps a resource out', async () => {
  put('full.ndjson', `${JSON.stringify({ resourceType: 'Patient', id: 'd', contact: [{ gender: 'male' }] })}\n`)
  assert.equal((await watchOnce('--full'))[0]?.state?.report.quarantined, 1)
})

test('a watcher takes what comes while it runs, and one that was killed is followed by another', async () => {
  for (const name of ['first', 'second']) {
    const child = spawn(process.execPath, [mhmd, 'records', 'watch', folder], { env: { ...process.env, MHMD_PROFILE: profile }, stdio: 'ignore' })
    try {
      put(`${name}.ndjson`, patient(name))
      await until(`${name} is imported`, async () => existsSync(join(folder, 'imported', `${name}.ndjson`)))
    } finally {
      child.kill('SIGKILL')
    }
  }
})

test('a folder that is not there is said so', () => {
  const { status, stderr } = spawnSync(process.execPath, [mhmd, 'records', 'watch', join(folder, 'nowhere'), '--once'], { encoding: 'utf8', env: { ...process.env, MHMD_PROFILE: profile } })
  assert.notEqual(status, 0)
  assert.match(stderr, /^CLI_FILE_MISSING/)
})

// The ceremony as operators do it, by the command line alone, and what each command says to bad input.
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const mhmd = join(import.meta.dirname, '../bin/mhmd.mjs')
const folder = mkdtempSync(join(tmpdir(), 'mhmd-cli-'))
after(() => rmSync(folder, { recursive: true, force: true }))
const at = (...names: string[]): string => join(folder, ...names)
const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } => spawnSync(process.execPath, [mhmd, ...args], { encoding: 'utf8', env: { ...process.env, MHMD_PROFILE: undefined } })
const json = (...args: string[]): any => {
  const { status, stdout, stderr } = run(...args, '--json')
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}
const refused = (code: string, status: number, ...args: string[]): void => {
  const done = run(...args)
  assert.match(done.stderr, new RegExp(`^${code}: .+\\n {2}→ `), args.join(' '))
  assert.equal(done.status, status, args.join(' '))
}
// Below the ports of outgoing connections.
const base = 31_500 + 2 * (process.pid % 45)
const init = (id: string, role: string, key: string): string[] => ['node', 'init', '--home', at(id), '--id', id, '--name', `The ${id}`, '--country', 'IT', '--role', role, '--admin-key', key, '--server-name', `${id}.localhost`, '--member-port', String(base), '--people-port', String(base + 1)]

test('keys, folders, network file, pinning, application: each with its refusals', () => {
  const { key } = json('key', 'new', '--out', at('admin.key'))
  refused('CLI_FILE_EXISTS', 5, 'key', 'new', '--out', at('admin.key'))
  for (const [id, role] of [['ledger', 'ledger-operator'], ['rome', 'data-holder']] as const) assert.equal(json(...init(id, role, key)).id, id)
  refused('NODE_HOME_EXISTS', 5, ...init('rome', 'data-holder', key))
  refused('SCHEMA_NOT_VALID', 2, ...init('paris', 'emperor', key))
  assert.equal(existsSync(at('paris')), false, 'a refused one leaves nothing')
  refused('CLI_BAD_OPTION', 2, ...init('paris', 'data-holder', key).with(-1, '70000'))
  const found = json('network', 'found', '--name', 'test', '--out', at('network.json'), '--application', at('ledger', 'application.json'), '--application', at('rome', 'application.json'))
  refused('CLI_FILE_EXISTS', 5, 'network', 'found', '--name', 'test', '--out', at('network.json'), '--application', at('rome', 'application.json'))
  refused('NODE_NOT_JOINED', 5, 'node', 'application', '--home', at('rome'))
  refused('NODE_NETWORK_HASH', 3, 'node', 'join', '--home', at('rome'), '--network', at('network.json'), '--hash', 'A'.repeat(43))
  for (const id of ['ledger', 'rome']) assert.equal(json('node', 'join', '--home', at(id), '--network', at('network.json'), '--hash', found.hash).network, found.hash)
  assert.equal(json('node', 'application', '--home', at('rome')).member.id, 'rome')
})

test('a process that was started by another stops when that one is gone, and leaves its port', async () => {
  const child = spawn(process.execPath, [mhmd, 'ledger', 'run', '--home', at('ledger'), '--until-input-ends'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  let said = ''
  await new Promise<void>((resolve) => child.stdout.on('data', (chunk: Buffer) => { if ((said += chunk.toString()).includes('"ready"')) resolve() }))
  refused('TRANSPORT_PORT_TAKEN', 5, 'node', 'run', '--home', at('rome'))
  child.stdin.end()
  assert.equal(await ended, 0)
  assert.match(said, /"event":"stopped"/)
})

test('a stopped ledger is exported and built anew by commands; another\'s folder is refused', () => {
  const { blocks } = json('ledger', 'export', '--home', at('ledger'), '--out', at('blocks.ndjson')) as { blocks?: unknown }
  assert.equal(readFileSync(at('blocks.ndjson'), 'utf8').split('\n').length - 1, blocks)
  refused('CLI_FILE_EXISTS', 5, 'ledger', 'export', '--home', at('ledger'), '--out', at('blocks.ndjson'))
  refused('CLI_BAD_OPTION', 2, 'ledger', 'repair', '--home', at('rome'))
  refused('CLI_BAD_OPTION', 2, 'ledger', 'repair', '--home', at('ledger'), '--blocks', at('nowhere'))
  const { height, kept } = json('ledger', 'repair', '--home', at('ledger'), '--blocks', at('blocks.ndjson')) as { height?: unknown; kept?: string }
  assert.equal(Number(height) + 1, blocks)
  assert.ok(existsSync(String(kept)))
  assert.equal(run('ledger', 'verify', '--home', at('ledger')).status, 0)
})

test('wrong use and bad files have a code, a remedy and their exit code', () => {
  assert.equal(run('--help').status, 0)
  assert.equal(run('nonsense').status, 2)
  assert.equal(run('node', 'join').status, 2)
  refused('CLI_NO_PROFILE', 2, 'status')
  refused('CLI_FILE_MISSING', 2, 'status', '--profile', at('nobody.json'))
  writeFileSync(at('broken.json'), '{"node":')
  refused('CLI_NOT_JSON', 2, 'status', '--profile', at('broken.json'))
  writeFileSync(at('bad.key'), 'not a key\n')
  writeFileSync(at('profile.json'), JSON.stringify({ node: `http://127.0.0.1:${base + 1}`, keyFile: 'bad.key' }))
  refused('CLI_BAD_KEY_FILE', 2, 'status', '--profile', at('profile.json'))
  writeFileSync(at('profile.json'), JSON.stringify({ node: `http://127.0.0.1:${base + 1}`, keyFile: 'admin.key' }))
  refused('CLIENT_UNREACHABLE', 6, 'status', '--profile', at('profile.json'))
  refused('CLI_NO_DEVICE', 2, 'citizen', 'show', '--device', at('nobody'))
  refused('CLI_FILE_UNUSABLE', 2, 'key', 'new', '--out', at('nowhere', 'key'))
  refused('CLI_BAD_OPTION', 2, 'citizen', 'enrol', '--device', at('nobody'), '--holder', 'rome', '--code', 'wrong')
  for (const [option, command] of [['--state', ['request', 'answer', '--request', 'x']], ['--by', ['citizen', 'replace-key', '--device', 'x', '--holder', 'rome']]] as const) assert.equal(run(...command, option, 'maybe').status, 2)
  refused('NODE_HOME_MISSING', 4, 'node', 'run', '--home', at('nobody'))
  const { error } = JSON.parse(run('status', '--profile', at('nobody.json'), '--json').stderr) as { error: { code: string } }
  assert.equal(error.code, 'CLI_FILE_MISSING')
})

test('on a Node that is too old, the project\'s own is found, or it is told what to do', () => {
  const pretend = ['--import', 'data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.1.0" } })']
  const { status, stdout, stderr } = spawnSync(process.execPath, [...pretend, mhmd, 'key', '--help'], { encoding: 'utf8' })
  const own = existsSync(join(import.meta.dirname, `../../../node_modules/node-${process.platform}-${process.arch}`))
  assert.equal(status, own ? 0 : 2, stderr)
  assert.match(own ? stdout : stderr, own ? /Usage: mhmd key/ : /^SETUP_NO_NODE_24/)
  assert.match(readFileSync(mhmd, 'utf8'), /^#!\/usr\/bin\/env node\n/)
})

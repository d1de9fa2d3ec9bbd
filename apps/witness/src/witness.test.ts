// A witness over HTTP, held to the requests and answers of two other implementations, and to what it must never forget.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { fromHex, toBase64Url } from '@mhmd/base'
import { newSigningKey, signingKeyFromSeed } from '@mhmd/crypto'
import { addCheckpointText, checkpointText, cosignedBy, emptyRoot, leafHash, nodeHash, noteOf, noteSignature, openNote, parseCheckpoint, parseNote, parsePolicy, parseVerifierKey, signNote, verifierKeyText } from '@mhmd/proof'
import type { NoteSigner } from '@mhmd/proof'
import { initFolder, openState, policyLine, startWitness, trustLog } from './index.ts'
import type { RunningWitness } from './index.ts'

const vectors = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../../../vectors/witness/${name}.json`, import.meta.url), 'utf8')) as T
const main = new URL('main.ts', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'mhmd-witness-test-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const freePort = (): Promise<number> => new Promise((resolve) => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const { port } = probe.address() as AddressInfo
    probe.close(() => resolve(port))
  })
})

interface Place {
  readonly home: string
  readonly url: string
}

let made = 0
async function place(log: { readonly origin: string; readonly members: readonly string[]; readonly quorum: number }): Promise<Place> {
  const home = join(folder, `w${made++}`)
  const port = await freePort()
  initFolder(home, { name: 'witness.example/w1', host: '127.0.0.1', port })
  trustLog(home, { format: 'mhmd-roots/1', name: 'log', witnesses: '', ...log })
  return { home, url: `http://127.0.0.1:${port}` }
}

const start = ({ home }: Place): Promise<RunningWitness> => startWitness({ home, clock: { now: () => 1_790_000_000_000 }, log: () => undefined })
interface Answer { readonly status: number; readonly body: string; readonly type: string | null }
async function add({ url }: Place, body: string): Promise<Answer> {
  const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body })
  return { status: response.status, body: await response.text(), type: response.headers.get('content-type') }
}

/** A log whose leaves are numbers, of up to four: enough for two histories. */
const log = (signers: readonly NoteSigner[], origin = 'mhmd/test') => {
  const leaf = (text: string): Uint8Array => leafHash(Buffer.from(text))
  const note = (size: number, root: Uint8Array, by = signers): string => signNote(checkpointText({ origin, size, root }), by)
  return { leaf, note, pair: (a: string, b: string): Uint8Array => nodeHash(leaf(a), leaf(b)) }
}
const members = ['rome', 'berlin', 'accounts'].map((id): NoteSigner => ({ name: `mhmd/test/${id}`, key: newSigningKey().key }))
const vkeys = members.map(({ name, key }) => verifierKeyText({ name, publicKey: key.publicKey }))
const ours = { origin: 'mhmd/test', members: vkeys, quorum: 2 }

test('it answers litewitness\'s requests as litewitness does, and cosigns what it takes', async () => {
  const { log: origin, logPublicKeyHex, calls } = vectors<{ log: string; logPublicKeyHex: string; calls: { body: string; status: number; answer?: string }[] }>('litewitness')
  const at = await place({ origin, members: [verifierKeyText({ name: origin, publicKey: toBase64Url(fromHex(logPublicKeyHex)) })], quorum: 1 })
  const running = await start(at)
  const policy = parsePolicy(`${policyLine(at.home, 'w1')}\nquorum w1\n`)
  assert.ok(policy.ok)
  try {
    assert.equal(calls.length, 9)
    for (const [index, { body, status, answer }] of calls.entries()) {
      const got = await add(at, body)
      assert.equal(got.status, status, `request ${index}: ${got.body}`)
      if (answer !== undefined) assert.equal(got.body, answer)
      if (status === 409) assert.equal(got.type, 'text/x.tlog.size')
      if (status !== 200) continue
      const text = body.slice(body.indexOf('\n\n') + 2, body.lastIndexOf('\n\n') + 1)
      const counted = cosignedBy(text, parseNote(`${text}\n${got.body}`)!.lines, policy.value.witnesses.map(({ key }) => key))
      assert.deepEqual(counted.ok && counted.value.map(({ seconds }) => seconds), [1_790_000_000])
    }
  } finally {
    await running.stop()
  }
})

test('it judges as the witness of transparency.dev does', async () => {
  const v = vectors<{ log: string; logVerifierKey: string; logPrivateKey: string; initial: string; next: string; consistencyHex: string[]; otherRootHex: string }>('monkeys')
  const consistency = v.consistencyHex.map(fromHex)
  const monkey = { name: v.log, key: signingKeyFromSeed(Buffer.from(v.logPrivateKey, 'base64').subarray(1)) }
  assert.deepEqual(parseVerifierKey(v.logVerifierKey), { name: monkey.name, publicKey: monkey.key.publicKey })
  const signed = (size: number, root: Uint8Array): string => signNote(checkpointText({ origin: v.log, size, root }), [monkey])
  const root5 = parseCheckpoint(v.initial.split('\n\n')[0]! + '\n')!.root
  const cases: readonly { readonly what: string; readonly initial: string; readonly old: number; readonly note: string; readonly proof: readonly Uint8Array[]; readonly status: number }[] = [
    { what: 'vanilla consistency happy path', initial: v.initial, old: 5, note: v.next, proof: consistency, status: 200 },
    { what: 'oldSize doesn\'t match current state', initial: v.initial, old: 2, note: v.next, proof: consistency, status: 409 },
    { what: 'vanilla consistency starting from tree size 0 with proof', initial: signed(0, emptyRoot()), old: 0, note: signed(5, root5), proof: consistency, status: 422 },
    { what: 'starting from tree size 0 with a proof of one hash', initial: signed(0, emptyRoot()), old: 0, note: signed(5, root5), proof: [new Uint8Array(32).fill(2)], status: 422 },
    { what: 'vanilla resubmit known CP', initial: v.initial, old: 5, note: signed(5, root5), proof: [], status: 200 },
    { what: 'resubmit known CP with changed root', initial: v.initial, old: 5, note: signed(5, fromHex(v.otherRootHex)), proof: [], status: 422 },
    { what: 'missing proof', initial: signed(4, root5), old: 4, note: signed(5, root5), proof: [], status: 422 },
    { what: 'submit smaller checkpoint', initial: v.next, old: 8, note: v.initial, proof: consistency, status: 400 },
    { what: 'vanilla consistency garbage proof', initial: v.initial, old: 5, note: v.next, proof: consistency.map(() => new Uint8Array(32)), status: 422 },
    { what: 'an empty tree with a root of its own', initial: '', old: 0, note: signed(0, root5), proof: [], status: 422 },
  ]
  for (const { what, initial, old, note, proof, status } of cases) {
    const at = await place({ origin: v.log, members: [v.logVerifierKey], quorum: 1 })
    const running = await start(at)
    try {
      if (initial !== '') assert.equal((await add(at, addCheckpointText({ oldSize: 0, proof: [], note: initial }))).status, 200, what)
      assert.equal((await add(at, addCheckpointText({ oldSize: old, proof, note }))).status, status, what)
    } finally {
      await running.stop()
    }
  }
})

test('it asks for as many members\' signatures as its roots do, each held, and passes over those of strangers', async () => {
  const at = await place(ours)
  const running = await start(at)
  const { leaf, note } = log(members)
  const request = (signers: readonly NoteSigner[]): Promise<Answer> => add(at, addCheckpointText({ oldSize: 0, proof: [], note: note(1, leaf('a'), signers) }))
  const stranger = { name: 'stranger', key: newSigningKey().key }
  try {
    assert.equal((await request(members.slice(0, 1))).status, 403)
    assert.equal((await request([members[0]!, members[0]!, stranger])).status, 403, 'one member twice is one member')
    const text = checkpointText({ origin: 'mhmd/test', size: 1, root: leaf('a') })
    const mixed = noteOf(text, [...members.slice(0, 2).map((member) => noteSignature(text, member)), noteSignature(`${text}x\n`, members[2]!)])
    assert.equal((await add(at, addCheckpointText({ oldSize: 0, proof: [], note: mixed }))).status, 403, 'a wrong signature of a known key spoils the note')
    const { status } = await request([...members.slice(0, 2), stranger])
    assert.equal(status, 200)
    const kept = await (await fetch(`${at.url}/${Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from('mhmd/test'))).toString('hex')}/checkpoint`)).text()
    assert.deepEqual(parseNote(kept)?.lines.map(({ name }) => name), ['mhmd/test/rome', 'mhmd/test/berlin', 'witness.example/w1'])
    assert.ok(openNote(kept, members.map(({ name, key }) => ({ name, publicKey: key.publicKey }))).ok)
    assert.equal((await fetch(`${at.url}/${'0'.repeat(64)}/checkpoint`)).status, 404)
    assert.equal((await fetch(at.url)).status, 404)
  } finally {
    await running.stop()
  }
})

test('what is no request is refused, and cosigns nothing', async () => {
  const at = await place(ours)
  const running = await start(at)
  const { leaf, note } = log(members)
  const good = note(1, leaf('a'))
  try {
    for (const [what, body] of Object.entries({
      empty: '', 'no old size': `\n${good}`, 'an old size with a zero before it': `old 00\n\n${good}`, 'a negative one': `old -1\n\n${good}`, 'no empty line': `old 0\n${good.replace('\n\n', '\n')}`, 'a short hash': `old 0\nAAAA\n\n${good}`,
      'too many hashes': `old 0\n${`${'A'.repeat(43)}=\n`.repeat(64)}\n${good}`, 'no note': 'old 0\n\nmhmd/test\n', 'no signature': `old 0\n\n${good.slice(0, good.indexOf('\n\n') + 2)}`,
      'too long': `old 0\n\n${good}${good.slice(good.indexOf('\u2014')).repeat(400)}`,
    })) assert.equal((await add(at, body)).status, 400, what)
    assert.equal((await fetch(`${at.url}/add-checkpoint`, { method: 'POST', body: Buffer.from([0x6f, 0xff, 0xfe]) })).status, 400)
    assert.equal(openState(at.home).latest('mhmd/test'), undefined)
  } finally {
    await running.stop()
  }
})

test('a second history is refused and kept as evidence, whatever order it comes in', async () => {
  const at = await place(ours)
  const running = await start(at)
  const { leaf, note, pair } = log(members)
  try {
    assert.equal((await add(at, addCheckpointText({ oldSize: 0, proof: [], note: note(1, leaf('a')) }))).status, 200)
    assert.equal((await add(at, addCheckpointText({ oldSize: 1, proof: [leaf('b')], note: note(2, pair('a', 'b')) }))).status, 200)
    // The operator's other history, signed by the members who were shown it.
    const other = note(2, pair('a', 'c'))
    assert.equal((await add(at, addCheckpointText({ oldSize: 2, proof: [], note: other }))).status, 422)
    assert.equal((await add(at, addCheckpointText({ oldSize: 1, proof: [leaf('c')], note: other }))).status, 409)
    const again = note(2, pair('x', 'b'))
    assert.equal((await add(at, addCheckpointText({ oldSize: 2, proof: [], note: again }))).status, 422)
    const state = openState(at.home)
    assert.deepEqual(state.contradictions().map((kept) => kept.note), [other], 'the first of each size')
    state.close()
  } finally {
    await running.stop()
  }
})

test('of two histories asked for at once, one is cosigned', async () => {
  const at = await place(ours)
  const running = await start(at)
  const { leaf, note } = log(members)
  try {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => add(at, addCheckpointText({ oldSize: 0, proof: [], note: note(1, leaf(`history ${n}`)) }))))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array.from({ length: 19 }, () => 409)])
  } finally {
    await running.stop()
  }
})

/** The witness as its own process, killed without a chance to say goodbye. */
async function process_(home: string): Promise<{ kill: () => Promise<void> }> {
  const child = spawn(process.execPath, [main, 'run', '--home', home], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => line.includes('"event":"ready"') && resolve())
    child.on('exit', () => reject(new Error('it ended')))
  })
  return { kill: async () => { child.kill('SIGKILL'); await ended } }
}

test('what it cosigned it knows after a kill; what it answered was durable before', async () => {
  const at = await place(ours)
  const { leaf, note, pair } = log(members)
  for (const [old, proof, size, root] of [[0, [], 1, leaf('a')], [1, [leaf('b')], 2, pair('a', 'b')]] as const) {
    const running = await process_(at.home)
    const { status } = await add(at, addCheckpointText({ oldSize: old, proof, note: note(size, root) }))
    // Another connection to the folder sees it at the moment of the answer.
    const state = openState(at.home)
    const kept = state.latest('mhmd/test')
    state.close()
    await running.kill()
    assert.equal(status, 200)
    assert.equal(kept?.size, size)
  }
  const running = await process_(at.home)
  try {
    assert.deepEqual(await add(at, addCheckpointText({ oldSize: 1, proof: [leaf('c')], note: note(2, pair('a', 'c')) })), { status: 409, body: '2\n', type: 'text/x.tlog.size' })
  } finally {
    await running.kill()
  }
})

test('a folder is made once, and without one nothing starts', async () => {
  const at = await place(ours)
  assert.throws(() => initFolder(at.home, { name: 'again', host: '127.0.0.1', port: 1 }), { code: 'WITNESS_FOLDER_EXISTS' })
  assert.throws(() => trustLog(at.home, { format: 'other' }), { code: 'WITNESS_BAD_ROOTS' })
  await assert.rejects(startWitness({ home: join(folder, 'nowhere'), clock: { now: () => 0 }, log: () => undefined }), { code: 'WITNESS_FOLDER_MISSING' })
  const running = await start(at)
  await assert.rejects(start(at), { code: 'WITNESS_PORT_TAKEN' })
  await running.stop()
  writeFileSync(join(at.home, 'logs.json'), '{')
  await assert.rejects(start(at), { code: 'WITNESS_FOLDER_UNUSABLE' })
})

// A citizen's proof, from her hospital to a stranger: several members signed it, nothing in it can be changed, another ledger's is worth nothing, and no one gets somebody else's.
import { after, before, test } from 'node:test'
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onLedger, proofOf } from '@mhmd/client'
import { newSigningKey } from '@mhmd/crypto'
import { checkpointOrigin, checkpointText, hashOfLeaf, memberKeyName, noteSignature, parseCheckpoint, signNote, verifyProof } from '@mhmd/proof'
import type { Proof, TrustRoots } from '@mhmd/proof'
import { readSecrets } from '@mhmd/node/home'
import { memberClient } from '@mhmd/transport-https'
import { Citizen, importPatients, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

const mhmd = join(import.meta.dirname, '../apps/cli/bin/mhmd.mjs')
const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } => spawnSync(process.execPath, [mhmd, ...args], { encoding: 'utf8' })

let network: SmallNetwork
let anna: Citizen
let bea: Citizen
let proof: Proof
let roots: TrustRoots
let networkFile: string
before(async () => {
  network = await smallNetwork()
  await importPatients(network, 2)
  anna = await Citizen.settle(network, 0)
  bea = await Citizen.settle(network, 1)
  for (const citizen of [anna, bea]) await until('it is on the ledger', async () => (await onLedger(citizen.device, citizen.device.state.decisions[0]!)).code === 'VALID')
  await until('the hospital has it', async () => proofOf(anna.device, { holder: 'rome', operationId: operationOf(anna) }).then(() => true, () => false))
  proof = await proofOf(anna.device, { holder: 'rome', operationId: operationOf(anna) }) as Proof
  networkFile = join(network.home('rome'), 'network.json')
  const { founders } = JSON.parse(readFileSync(networkFile, 'utf8')) as { founders: { id: string; signingKey: string }[] }
  // Everyone but the ledger's operator, who follows nothing: three.
  const keys = founders.filter(({ id }) => id !== 'ledger').map(({ id, signingKey }) => ({ name: memberKeyName(network.id, id), publicKey: signingKey }))
  roots = { origin: checkpointOrigin(network.id), keys, quorum: 3 }
})
after(() => network.close())

const operationOf = (citizen: Citizen): string => citizen.device.state.decisions[0]!.statement.operationId
const refusalOf = (value: unknown, by = roots): string => {
  const result = verifyProof(value, by)
  return result.ok ? 'PROVEN' : result.refusal.code
}

test('her proof carries the signatures of all members, over one checkpoint', () => {
  const result = verifyProof(proof, roots)
  assert.ok(result.ok, refusalOf(proof))
  assert.deepEqual([...result.value.signedBy].sort(), ['accounts', 'institute', 'rome'].map((id) => memberKeyName(network.id, id)))
  const { subject } = anna.device.state.links[0]!
  const hers = result.value.writes.find(({ key }) => key[0] === 'consent' && key[2] === subject)
  assert.equal((hers?.value as { state: string } | undefined)?.state, 'active')
  assert.equal(refusalOf(proof, { ...roots, quorum: 4 }), 'PROOF_TOO_FEW_SIGNATURES')
  assert.ok(result.value.writes.every(({ key }) => key[0] === 'operation' || key[2] === subject), 'nothing about anybody else is shown')
})

test('she gets proofs of what is about her, and nobody else does', async () => {
  await assert.rejects(proofOf(anna.device, { holder: 'rome', operationId: '0'.repeat(26) }), { code: 'LEDGER_NOT_IN_LOG' })
  const enrolled = (await proofOf(anna.device, { holder: 'rome', operationId: operationOf(anna) }) as Proof)
  assert.equal(enrolled.leaf.height, proof.leaf.height)
  const alone = bea.device.state.decisions[0]!.statement
  // Two decisions of one batch stand in one transaction; only one that is hers alone can be refused to the other.
  const wasApart = (await network.staff('institute').get<Proof>(`/staff/1/proofs/${operationOf(anna)}`)).writes.every((write) => typeof write !== 'string' && write.key[2] !== alone.subject)
  if (wasApart) await assert.rejects(proofOf(anna.device, { holder: 'rome', operationId: alone.operationId }), { code: 'LEDGER_NOT_IN_LOG' })
  await assert.rejects(network.staff('rome').get(`/people/1/proofs/${operationOf(anna)}`), { code: 'NODE_KEY_UNKNOWN' })
  assert.equal(refusalOf(await network.staff('institute').get(`/staff/1/proofs/${operationOf(anna)}`)), 'PROVEN', 'any member can prove it')
})

test('every byte of it counts', () => {
  const bytes = Buffer.from(JSON.stringify(proof))
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] as number) ^ 1
    let value: unknown
    try {
      value = JSON.parse(changed.toString('utf8'))
    } catch {
      continue
    }
    assert.notEqual(refusalOf(value), 'PROVEN', `byte ${at} of ${bytes.length}: ${changed.subarray(Math.max(0, at - 20), at + 20).toString()}`)
  }
})

test('a perfect proof of a foreign ledger is worth nothing under our roots, nor ours under theirs', () => {
  const foreign = ['rome', 'accounts', 'institute'].map((id) => ({ name: memberKeyName(network.id, id), key: newSigningKey().key }))
  const text = checkpointText({ origin: roots.origin, size: 1, root: hashOfLeaf(proof.leaf) })
  const theirs: Proof = { ...proof, logIndex: 0, inclusion: [], checkpoint: text, signatures: foreign.map((signer) => noteSignature(text, signer)) }
  const theirRoots: TrustRoots = { ...roots, keys: foreign.map(({ name, key }) => ({ name, publicKey: key.publicKey })) }
  assert.equal(refusalOf(theirs, theirRoots), 'PROVEN', 'it is perfect in itself')
  assert.equal(refusalOf(theirs), 'PROOF_TOO_FEW_SIGNATURES')
  assert.equal(refusalOf(proof, theirRoots), 'PROOF_TOO_FEW_SIGNATURES')
  assert.equal(refusalOf(proof, { ...roots, origin: checkpointOrigin('A'.repeat(43)) }), 'PROOF_OTHER_LOG')
  assert.equal(refusalOf({ ...proof, inclusion: theirs.inclusion, logIndex: 0 }), 'PROOF_NOT_INCLUDED')
})

test('mhmd verify needs no node, says what is proven and what is not, and fails with a code', () => {
  const file = join(network.folder, 'proof.json')
  writeFileSync(file, JSON.stringify(proof))
  const good = run('verify', file, '--roots', networkFile, '--operation', operationOf(anna))
  assert.equal(good.status, 0, good.stderr)
  assert.match(good.stdout, /^PROVEN\n[^]*consent of [0-9a-z]{26} at rome: version 1, active[^]*NOT PROVEN\n/)
  assert.equal(run('verify', file, '--roots', networkFile, '--quorum', '4').status, 3)
  assert.match(run('verify', file, '--roots', networkFile, '--operation', '0'.repeat(26)).stderr, /PROOF_OTHER_OPERATION/)
  writeFileSync(file, JSON.stringify({ ...proof, leaf: { ...proof.leaf, height: proof.leaf.height + 1 } }))
  const bad = run('verify', file, '--roots', networkFile)
  assert.equal(bad.status, 3)
  assert.match(bad.stderr, /^CLI_NOT_PROVEN: NOT PROVEN \(PROOF_NOT_INCLUDED\)/)
  assert.equal(run('verify', file, '--roots', file).status, 2, 'roots must be a network file')
  assert.equal(run('verify', file, '--roots', networkFile, '--quorum', '0').status, 2)
})

test('a member signs no checkpoint but its own log\'s; a contradiction is kept and settled with the others, and closes its doors for good where they are not on its side', async () => {
  const [accounts, institute] = [readSecrets(network.home('accounts')), readSecrets(network.home('institute'))]
  const { founders } = JSON.parse(readFileSync(networkFile, 'utf8')) as { founders: { id: string; endpoint: string; serverName: string; tlsKeys: string[]; caRoot: string }[] }
  const rome = founders.find(({ id }) => id === 'rome')!
  const clientOf = (secrets: typeof accounts): ReturnType<typeof memberClient> => memberClient({ tls: () => ({ ...secrets.tls, ca: founders.map(({ caRoot }) => caRoot) }) })
  const [client, another] = [clientOf(accounts), clientOf(institute)]
  const cosign = (text: string, name = 'accounts', key = accounts.signing): Promise<unknown> =>
    (name === 'institute' && key === institute.signing ? another : client).request({ endpoint: rome.endpoint, serverName: rome.serverName, pins: rome.tlsKeys, method: 'POST', path: '/members/1/checkpoint-signatures', body: { note: signNote(text, [{ name: memberKeyName(network.id, name), key }]) } })
  try {
    const checkpoint = parseCheckpoint(proof.checkpoint)!
    const answer = await cosign(proof.checkpoint) as { signature: string }
    assert.match(answer.signature, /rome/)
    await assert.rejects(cosign(proof.checkpoint, 'institute'), { code: 'NODE_STATE' }, 'it is the connection\'s own that is heard')
    const forked = { ...checkpoint, root: new Uint8Array(32).fill(1) }
    await assert.rejects(cosign(checkpointText(forked), 'accounts', newSigningKey().key), { code: 'NODE_STATE' })
    assert.equal((await network.staff('rome').get<{ forked: boolean }>('/staff/1/status')).forked, false, 'what a stranger signed stops nobody')
    await assert.rejects(cosign(checkpointText({ ...checkpoint, size: checkpoint.size + 1000 })), { code: 'NODE_STATE' }, 'beyond its own log')
    await assert.rejects(cosign(checkpointText(forked)), { code: 'NODE_STATE' })
    const rome1 = network.staff('rome')
    await until('it is settled', async () => (await rome1.get<{ disputes: number }>('/staff/1/status')).disputes === 1)
    assert.equal((await rome1.get<{ forked: boolean }>('/staff/1/status')).forked, false, 'all others hold its history')
    for (const name of ['institute', 'accounts'] as const) await network.stopNode(name)
    await assert.rejects(cosign(checkpointText(forked), 'institute', institute.signing), { code: 'NODE_STATE' })
    await until('it has stopped', async () => (await rome1.get<{ forked: boolean }>('/staff/1/status')).forked)
    assert.equal((await rome1.get<{ confirmedMillisecondsAgo: number | null }>('/staff/1/status')).confirmedMillisecondsAgo, null)
    await network.stopNode('rome')
    await network.start('rome')
    await until('it remembers', async () => (await rome1.get<{ forked: boolean }>('/staff/1/status')).forked)
    const kept = await rome1.get<{ disputes: { member: string; theirs: string; own: string; agreeing: number; stopped: boolean }[]; stopped: { theirs: { note: string } } }>('/staff/1/checkpoints')
    assert.deepEqual(kept.disputes.map(({ member, agreeing, stopped }) => [member, agreeing, stopped]), [['accounts', 3, false], ['institute', 1, true]])
    assert.equal(kept.stopped.theirs.note, kept.disputes[1]?.theirs)
    await assert.rejects(rome1.post(`/staff/1/inbox/${'0'.repeat(26)}/answer`, { state: 'accepted' }), { code: 'NODE_FORKED' })
  } finally {
    await Promise.all([client.close(), another.close()])
  }
})

// Last: it needs the ledger stopped.
test('mhmd ledger verify replays the stopped ledger, and knows a checkpoint that is not its own', async () => {
  const home = network.home('ledger')
  assert.equal(run('ledger', 'verify', '--home', home).status, 5, 'not while it runs')
  await network.ledger.stop()
  const file = join(network.folder, 'checkpoint')
  writeFileSync(file, `${proof.checkpoint}\n${proof.signatures.join('\n')}\n`)
  const good = run('ledger', 'verify', '--home', home, '--checkpoint', file)
  assert.equal(good.status, 0, good.stderr)
  assert.match(good.stdout, /^The ledger holds: \d+ transactions in \d+ blocks/)
  writeFileSync(file, checkpointText({ ...parseCheckpoint(proof.checkpoint)!, root: new Uint8Array(32) }))
  const bad = run('ledger', 'verify', '--home', home, '--checkpoint', file)
  assert.equal(bad.status, 3)
  assert.match(bad.stdout, /VERIFY_CHECKPOINT/)
})

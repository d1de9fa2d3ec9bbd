// Witnesses among real nodes, and an operator that shows two histories: only one of them can ever have the quorum, and where the witnesses are gone, proofs wait.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { onLedger, proofOf } from '@mhmd/client'
import { newSigningKey } from '@mhmd/crypto'
import { createFollower, createWitnessing } from '@mhmd/ledger'
import type { AskWitness, Block, Follower, Witnessed } from '@mhmd/ledger'
import { ledgerOfBlocks, madeUpChain } from '@mhmd/ledger/testing'
import { checkpointOrigin, memberKeyName, noteSignature, parsePolicy, parseRoots, rootsDocument, verifierKeyText, verifyProof } from '@mhmd/proof'
import type { NamedRoots, NoteSigner, WitnessPolicy } from '@mhmd/proof'
import { memoryStore } from '@mhmd/store/testing'
import { initFolder, openState, policyLine, startWitness, trustLog } from '@mhmd/witness'
import type { RunningWitness } from '@mhmd/witness'
import { readFileSync } from 'node:fs'
import { Citizen, clock, importPatients, smallNetwork, until } from './support/small-network.ts'

const folder = mkdtempSync(join(tmpdir(), 'mhmd-witnesses-'))
after(() => rmSync(folder, { recursive: true, force: true }))

interface Witnesses {
  readonly policyText: string
  readonly policy: WitnessPolicy
  readonly homes: readonly string[]
  start(): Promise<void>
  stop(): Promise<void>
}

/** Two of three must have cosigned. */
function witnessesOver(roots: unknown, basePort: number): Witnesses {
  const homes = [0, 1, 2].map((at) => join(folder, `${basePort + at}`))
  for (const [at, home] of homes.entries()) {
    initFolder(home, { name: `w${at}.example/witness`, host: '127.0.0.1', port: basePort + at })
    trustLog(home, roots)
  }
  const policyText = `${homes.map((home, at) => `${policyLine(home, `w${at}`)}\n`).join('')}group two 2 w0 w1 w2\nquorum two\n`
  const policy = parsePolicy(policyText)
  assert.ok(policy.ok)
  const running: RunningWitness[] = []
  return {
    policyText, policy: policy.value, homes,
    start: async () => void running.push(...await Promise.all(homes.map((home) => startWitness({ home, clock, log: () => undefined })))),
    stop: async () => void await Promise.all(running.splice(0).map((witness) => witness.stop())),
  }
}

const ask: AskWitness = async ({ url }, { path, body }) => {
  const response = await fetch(`${url ?? ''}${path}`, { ...(body === undefined ? {} : { method: 'POST', body }) })
  return { status: response.status, body: await response.text() }
}

const basePort = 16_000 + 20 * (process.pid % 40)

test('proofs of real nodes carry the quorum; with the witnesses stopped they wait, and are had again when these are back', async () => {
  // The policy must be known when nodes start, and the network when witnesses are made: the nodes are started once more.
  const network = await smallNetwork({ compareMilliseconds: 60_000 })
  const document = JSON.parse(readFileSync(join(network.home('rome'), 'network.json'), 'utf8')) as object
  const witnesses = witnessesOver(document, basePort)
  const given = parseRoots(rootsDocument(document, { quorum: 3, witnesses: witnesses.policyText }))
  assert.ok(given.ok)
  const roots = given.value
  try {
    await witnesses.start()
    for (const name of ['rome', 'institute', 'accounts'] as const) {
      await network.stopNode(name)
      await network.start(name, { witnesses: witnesses.policy, compareMilliseconds: 60_000 })
    }
    await importPatients(network, 2)
    const codeOf = async (citizen: Citizen): Promise<string> => {
      const result = verifyProof(await proofOf(citizen.device, { holder: 'rome', operationId: citizen.device.state.decisions[0]!.statement.operationId }), roots)
      return result.ok ? `PROVEN by ${result.value.witnessedBy.length}` : result.refusal.code
    }
    const anna = await Citizen.settle(network, 0)
    await until('it is on the ledger', async () => (await onLedger(anna.device, anna.device.state.decisions[0]!)).code === 'VALID')
    await until('it is proven and witnessed', async () => (await codeOf(anna).catch(() => '')) === 'PROVEN by 3')
    const anybody = await network.staff('institute').get(`/staff/1/proofs/${anna.device.state.decisions[0]!.statement.operationId}`)
    assert.equal(verifyProof(anybody, roots).ok, true, 'another node asks the same witnesses, and gets as far')

    await witnesses.stop()
    const bea = await Citizen.settle(network, 1)
    await until('hers is on the ledger', async () => (await onLedger(bea.device, bea.device.state.decisions[0]!)).code === 'VALID')
    await until('the hospital has it', async () => codeOf(bea).then(() => true, () => false))
    assert.equal(await codeOf(bea), 'PROOF_TOO_FEW_WITNESSES', 'members signed it, and that is not enough')
    assert.equal(await codeOf(anna), 'PROVEN by 3', 'what was witnessed stays so')
    await witnesses.start()
    await until('hers is witnessed', async () => await codeOf(bea) === 'PROVEN by 3')
  } finally {
    await witnesses.stop()
    await network.close()
  }
})

const networkId = Buffer.alloc(32, 9).toString('base64url')
const names = ['rome', 'berlin', 'institute', 'accounts'] as const
const signers = names.map((id): NoteSigner => ({ name: memberKeyName(networkId, id), key: newSigningKey().key }))

/** A chain of made-up transactions; two branches are the same before block 2. */
const chain = (length: number, branch: string): Block[] => madeUpChain(networkId, length, { branch, splits: 2 })

async function following(blocks: readonly Block[], stop: AbortSignal): Promise<{ follower: Follower; done: Promise<unknown> }> {
  const follower = await createFollower({ ledger: ledgerOfBlocks(networkId, blocks), store: memoryStore(), clock, networkId, pollMs: 10, check: async () => undefined })
  const done = follower.run(stop).catch(() => undefined)
  await follower.waitFor(blocks.length - 1, 5000)
  return { follower, done }
}

test('an operator shows half of the members another history: both halves sign theirs, one of them is witnessed, the other waits and is named', async () => {
  const roots = { format: 'mhmd-roots/1', name: 'forked', origin: checkpointOrigin(networkId), quorum: 2, members: signers.map(({ name, key }) => verifierKeyText({ name, publicKey: key.publicKey })) }
  const witnesses = witnessesOver({ ...roots, witnesses: '' }, basePort + 10)
  const parsed = parseRoots({ ...roots, witnesses: witnesses.policyText })
  const unwitnessed = parseRoots({ ...roots, witnesses: '' })
  assert.ok(parsed.ok && unwitnessed.ok)
  const stop = new AbortController()
  await witnesses.start()
  try {
    const shown: string[] = []
    const side = async (blocks: readonly Block[], by: readonly NoteSigner[]): Promise<{ follower: Follower; done: Promise<unknown>; gather: () => Promise<Witnessed | undefined> }> => {
      const { follower, done } = await following(blocks, stop.signal)
      const witnessing = createWitnessing({ follower, policy: witnesses.policy, ask, sign: async (text) => by.map((member) => noteSignature(text, member)), contradicted: (note) => void shown.push(note), log: () => undefined, patienceMilliseconds: 300 })
      return { follower, done, gather: witnessing.gather }
    }
    const [one, other] = [await side(chain(5, 'a'), signers.slice(0, 2)), await side(chain(5, 'b'), signers.slice(2))]
    const longer = await side(chain(7, 'b'), signers.slice(2))
    const witnessed = await one.gather()
    assert.equal(witnessed?.size, 5)
    assert.equal(codeOf(await proven(one.follower, 'operation 3 a', witnessed), parsed.value), 'PROVEN')
    for (const half of [other, longer]) {
      assert.equal(await half.gather(), undefined)
      const text = await half.follower.prove('operation 3 b', signers.slice(2))
      assert.equal(codeOf(text, parsed.value), 'PROOF_TOO_FEW_WITNESSES', 'two members signed it: without witnesses it would pass')
      assert.equal(codeOf(text, unwitnessed.value), 'PROVEN')
    }
    assert.equal(shown.length, 6, 'each witness showed each what it holds instead, signed by members')
    for (const home of witnesses.homes) {
      const state = openState(home)
      assert.deepEqual([state.latest(checkpointOrigin(networkId))?.size, state.contradictions().map(({ size }) => size)], [5, [5, 7]], 'evidence of both, under members\' signatures')
      state.close()
    }
    stop.abort()
    await Promise.all([one.done, other.done, longer.done])
  } finally {
    stop.abort()
    await witnesses.stop()
  }
})

const proven = async (follower: Follower, operationId: string, { size, signatures }: Witnessed): Promise<unknown> => ({ ...await follower.prove(operationId, [], { size }), signatures })
const codeOf = (proof: unknown, roots: NamedRoots): string => {
  const result = verifyProof(JSON.parse(JSON.stringify(proof)), roots)
  return result.ok ? 'PROVEN' : result.refusal.code
}

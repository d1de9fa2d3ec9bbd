import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from '@mhmd/base'
import { sha256, signingKeyFromSeed } from '@mhmd/crypto'
import { checkpointOrigin, checkpointText, memberKeyName } from './checkpoint.ts'
import { cosignatureLine } from './cosignature.ts'
import { hashOfLeaf, writeDigest, writesDigest } from './leaf.ts'
import type { ProvenWrite } from './leaf.ts'
import { nodeHash } from './merkle.ts'
import { noteSignature, verifierKeyText } from './note.ts'
import type { NoteSigner } from './note.ts'
import { PROOF_FORMAT, encodePath, proofRefusals, verifyProof } from './proof.ts'
import type { Proof, Proven } from './proof.ts'
import { parseRoots } from './roots.ts'
import type { NamedRoots } from './roots.ts'

const networkId = 'N'.repeat(43)
const signer = (name: string): NoteSigner => ({ name, key: signingKeyFromSeed(sha256(utf8(`proof test ${name}`))) })
const members = ['rome', 'berlin', 'accounts'].map((id) => signer(memberKeyName(networkId, id)))
const witnesses = ['w1', 'w2', 'w3'].map((id) => signer(`witness.example/${id}`))
const vkey = ({ name, key }: NoteSigner, type: 'note' | 'cosignature'): string => verifierKeyText({ name, publicKey: key.publicKey }, type)

const policy = (k: number): string => `${witnesses.map((witness, at) => `witness w${at + 1} ${vkey(witness, 'cosignature')}\n`).join('')}group g ${k} w1 w2 w3\nquorum g\n`
function rootsWith(quorum: number, witnessed = ''): NamedRoots {
  const roots = parseRoots({ format: 'mhmd-roots/1', name: 'test', origin: checkpointOrigin(networkId), members: members.map((member) => vkey(member, 'note')), quorum, witnesses: witnessed })
  assert.ok(roots.ok)
  return roots.value
}

const hidden: ProvenWrite = { key: ['consent', 'rome', 'other'], value: { state: 'active' } }
const shown: ProvenWrite = { key: ['consent', 'rome', 'hers'], value: { version: 1, state: 'active', time: 1_790_000_000_000 } }
const leaf = { operationId: 'o'.repeat(26), height: 7, index: 0, code: 'VALID', writes: writesDigest([shown, hidden]) }
const sibling = sha256(utf8('sibling'))
const text = checkpointText({ origin: checkpointOrigin(networkId), size: 2, root: nodeHash(sibling, hashOfLeaf(leaf)) })
const proofBy = (by: readonly NoteSigner[], seen: readonly NoteSigner[], over = text): Proof => ({
  format: PROOF_FORMAT, leaf, writes: [shown, writeDigest(hidden)], logIndex: 1, inclusion: encodePath([sibling]), checkpoint: over,
  signatures: [...by.map((member) => noteSignature(over, member)), ...seen.map((witness) => cosignatureLine(over, witness, 1_790_000_001))],
})
const codeOf = (proof: unknown, roots: NamedRoots): string => {
  const result = verifyProof(proof, roots)
  if (!result.ok) assert.ok(Object.hasOwn(proofRefusals, result.refusal.code), result.refusal.code)
  return result.ok ? 'PROVEN' : result.refusal.code
}

test('a proof counts with the roots\' quorums of members and of witnesses, and not below either', () => {
  const full = proofBy(members, witnesses)
  assert.equal(codeOf(full, rootsWith(3, policy(3))), 'PROVEN')
  assert.equal(codeOf(proofBy(members.slice(0, 1), witnesses), rootsWith(2, policy(1))), 'PROOF_TOO_FEW_SIGNATURES')
  assert.equal(codeOf(proofBy(members, []), rootsWith(1)), 'PROVEN', 'roots without a policy ask for no witness')
  assert.equal(codeOf(proofBy(members, []), rootsWith(3, policy(1))), 'PROOF_TOO_FEW_WITNESSES')
  assert.equal(codeOf(proofBy(members, witnesses.slice(0, 1)), rootsWith(3, policy(2))), 'PROOF_TOO_FEW_WITNESSES')
  assert.equal(codeOf(proofBy(members, [witnesses[0]!, witnesses[0]!]), rootsWith(3, policy(2))), 'PROOF_TOO_FEW_WITNESSES', 'one witness twice is one witness')
  assert.equal(codeOf(proofBy([members[0]!, members[0]!], witnesses), rootsWith(2, policy(2))), 'PROOF_TOO_FEW_SIGNATURES', 'one member twice is one member')
  const result = verifyProof(full, rootsWith(3, policy(3)))
  assert.deepEqual(result.ok && [result.value.witnessedBy, result.value.hidden], [['w1', 'w2', 'w3'].map((name) => ({ name, seconds: 1_790_000_001 })), 1])
})

test('cosignatures of another checkpoint do not count for this one', () => {
  const other = checkpointText({ origin: checkpointOrigin(networkId), size: 2, root: sibling })
  const moved = { ...proofBy(members, []), signatures: [...proofBy(members, []).signatures, ...proofBy([], witnesses, other).signatures] }
  assert.equal(codeOf(moved, rootsWith(3, policy(1))), 'PROOF_BAD_SIGNATURE')
})

test('every byte of a proof file, flipped in turn: refused, or the same in every word that it proves', () => {
  const roots = rootsWith(3, policy(3))
  const proof = proofBy(members, witnesses)
  const meaning = verifyProof(proof, roots)
  assert.ok(meaning.ok)
  const tally = { refused: 0, same: 0, unreadable: 0 }
  // The lowest bit turns a digit or letter into its neighbour, the sixth changes its case.
  for (const [file, mask] of [[JSON.stringify(proof), 1], [JSON.stringify(proof), 32], [`${JSON.stringify(proof, null, 2)}\n`, 1]] as const) {
    const bytes = Buffer.from(file)
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] as number) ^ mask
      const result = read(changed, roots)
      tally[result === undefined ? 'unreadable' : result.ok ? 'same' : 'refused']++
      if (result?.ok === true) assert.deepEqual(result.value, meaning.value, `byte ${at}: ${changed.subarray(Math.max(0, at - 20), at + 20).toString()}`)
    }
  }
  assert.ok(tally.refused > 3000 && tally.same < tally.refused / 100, JSON.stringify(tally))
})

test('below the number that signed, a lost signature is a signature less, and nothing else changes', () => {
  const roots = rootsWith(1, policy(1))
  const bytes = Buffer.from(JSON.stringify(proofBy(members, witnesses)))
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes)
    changed[at] = (changed[at] as number) ^ 1
    const result = read(changed, roots)
    if (result?.ok !== true) continue
    const { signedBy, witnessedBy, ...rest } = result.value
    assert.deepEqual(rest.leaf, leaf)
    assert.ok(signedBy.length + witnessedBy.length >= 5 && rest.hidden === 1 && rest.writes.length === 1)
  }
})

function read(bytes: Uint8Array, roots: NamedRoots): { ok: true; value: Proven } | { ok: false } | undefined {
  try {
    return verifyProof(JSON.parse(Buffer.from(bytes).toString('utf8')), roots)
  } catch (error) {
    assert.ok(error instanceof SyntaxError)
    return undefined
  }
}

test('a perfect proof of a foreign ledger is refused, whichever way its roots differ', () => {
  const roots = rootsWith(2, policy(2))
  const strangers = members.map(({ name }) => ({ name, key: signingKeyFromSeed(sha256(utf8(`foreign ${name}`))) }))
  assert.equal(codeOf(proofBy(strangers, witnesses), roots), 'PROOF_TOO_FEW_SIGNATURES', 'members of the same names')
  assert.equal(codeOf(proofBy(members, witnesses.map(({ name }) => ({ name, key: signingKeyFromSeed(sha256(utf8(`foreign ${name}`))) }))), roots), 'PROOF_TOO_FEW_WITNESSES', 'witnesses of the same names')
  const elsewhere = checkpointText({ origin: checkpointOrigin('M'.repeat(43)), size: 2, root: nodeHash(sibling, hashOfLeaf(leaf)) })
  assert.equal(codeOf(proofBy(members, witnesses, elsewhere), roots), 'PROOF_OTHER_LOG', 'our members, about another log')
  assert.equal(codeOf(proofBy(members, witnesses), { ...roots, origin: checkpointOrigin('M'.repeat(43)) }), 'PROOF_OTHER_LOG', 'swapped roots')
})

test('roots: a file of either kind, and nothing else', () => {
  const good = { format: 'mhmd-roots/1', name: 'test', origin: checkpointOrigin(networkId), members: members.map((member) => vkey(member, 'note')), quorum: 2, witnesses: '' }
  assert.ok(parseRoots(good).ok)
  for (const [what, bad] of Object.entries<unknown>({
    nothing: null, 'a text': 'roots', 'another format': { ...good, format: 'mhmd-roots/2' }, 'one member more': { ...good, extra: 1 }, 'a quorum of none': { ...good, quorum: 0 }, 'a quorum of more than there are': { ...good, quorum: 4 },
    'half a quorum': { ...good, quorum: 1.5 }, 'one member thrice': { ...good, members: [good.members[0], good.members[0], good.members[0]] }, 'a witness as member': { ...good, members: [vkey(witnesses[0]!, 'cosignature')], quorum: 1 },
    'no key': { ...good, members: ['rome'] }, 'a broken policy': { ...good, witnesses: 'quorum w1' }, 'an empty network': { format: 'mhmd-network/1', name: 'x', founders: [], admissionQuorum: 1 }, 'a network without names': { format: 'mhmd-network/1', founders: [{}] },
  })) assert.equal(parseRoots(bad).ok, false, what)
})

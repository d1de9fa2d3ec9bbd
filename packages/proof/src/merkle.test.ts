import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromHex, toHex } from '@mhmd/base'
import fc from 'fast-check'
import { consistencyProof, emptyRoot, inclusionProof, leafHash, nodeHash, treeRoot, verifyConsistency, verifyInclusion } from './merkle.ts'
import type { Hash, SubtreeReader } from './merkle.ts'

// Leaves, roots and proofs of the Certificate Transparency reference implementation, as published in
// transparency-dev/merkle `testonly/constants.go` and `proof/verify_test.go` (tree over the first n of these eight leaves).
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(fromHex)
const roots = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]
const inclusion = [
  { index: 0, size: 8, path: ['96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4'] },
  { index: 5, size: 8, path: ['bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b', 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'] },
]
const consistency = [
  { first: 1, second: 1, path: [] },
  { first: 1, second: 8, path: ['96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7', '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4'] },
  { first: 6, second: 8, path: ['0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a', 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0', 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'] },
  { first: 2, second: 5, path: ['5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e', 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b'] },
]

const readerOf = (hashes: readonly Hash[]): SubtreeReader => async function read(level, index): Promise<Hash> {
  return level === 0 ? hashes[index] as Hash : nodeHash(await read(level - 1, 2 * index), await read(level - 1, 2 * index + 1))
}

/** MTH as RFC 6962 §2.1 defines it, by recursion over the leaves: the reference for the fast form. */
function mth(hashes: readonly Hash[]): Hash {
  if (hashes.length <= 1) return hashes[0] ?? emptyRoot()
  let k = 1
  while (k * 2 < hashes.length) k *= 2
  return nodeHash(mth(hashes.slice(0, k)), mth(hashes.slice(k)))
}

const published = leaves.map(leafHash)
const read = readerOf(published)

test('roots of the published trees of 0 to 8 leaves', async () => {
  for (const [size, root] of roots.entries()) assert.equal(toHex(await treeRoot(read, size)), root)
})

test('published inclusion proofs are made and verified', async () => {
  for (const { index, size, path } of inclusion) {
    assert.deepEqual((await inclusionProof(read, index, size)).map(toHex), path)
    assert.equal(verifyInclusion({ leaf: published[index] as Hash, index, size, root: fromHex(roots[size] ?? ''), proof: path.map(fromHex) }), true)
  }
})

test('published consistency proofs are made and verified', async () => {
  for (const { first, second, path } of consistency) {
    assert.deepEqual((await consistencyProof(read, first, second)).map(toHex), path)
    assert.equal(verifyConsistency({ first, second, firstRoot: fromHex(roots[first] ?? ''), secondRoot: fromHex(roots[second] ?? ''), proof: path.map(fromHex) }), true)
  }
})

const tree = fc.integer({ min: 1, max: 70 }).map((size) => Array.from({ length: size }, (_, i) => leafHash(Buffer.from(`leaf ${i}`))))
const twoSizes = tree.chain((hashes) => fc.record({ hashes: fc.constant(hashes), at: fc.integer({ min: 0, max: hashes.length - 1 }) }))

test('every leaf of every tree has a proof that verifies, and no other leaf, place, size or root does with it', async () => {
  await fc.assert(fc.asyncProperty(twoSizes, fc.nat(), async ({ hashes, at }, which) => {
    const size = hashes.length
    const root = mth(hashes)
    assert.deepEqual(await treeRoot(readerOf(hashes), size), root)
    const claim = { leaf: hashes[at] as Hash, index: at, size, root, proof: await inclusionProof(readerOf(hashes), at, size) }
    assert.equal(verifyInclusion(claim), true)
    assert.equal(verifyInclusion({ ...claim, leaf: leafHash(Buffer.from('another')) }), false)
    assert.equal(verifyInclusion({ ...claim, root: leafHash(root) }), false)
    assert.equal(verifyInclusion({ ...claim, index: at + size }), false)
    assert.equal(verifyInclusion({ ...claim, index: -1 }), false)
    assert.equal(verifyInclusion({ ...claim, proof: [...claim.proof, root] }), false)
    if (size > 1) {
      const other = which % size
      assert.equal(verifyInclusion({ ...claim, index: other }), other === at)
      assert.equal(verifyInclusion({ ...claim, proof: claim.proof.slice(1) }), false)
      assert.equal(verifyInclusion({ ...claim, proof: claim.proof.with(which % claim.proof.length, leafHash(root)) }), false)
    }
  }))
})

test('every tree is consistent with every beginning of it, and with no other tree', async () => {
  await fc.assert(fc.asyncProperty(twoSizes, async ({ hashes, at }) => {
    const first = at + 1
    const claim = { first, firstRoot: mth(hashes.slice(0, first)), second: hashes.length, secondRoot: mth(hashes), proof: await consistencyProof(readerOf(hashes), first, hashes.length) }
    assert.equal(verifyConsistency(claim), true)
    const foreign = leafHash(claim.firstRoot)
    assert.equal(verifyConsistency({ ...claim, firstRoot: foreign }), false)
    assert.equal(verifyConsistency({ ...claim, secondRoot: foreign }), false)
    assert.equal(verifyConsistency({ ...claim, proof: [...claim.proof, foreign] }), false)
    if (claim.proof.length > 0) assert.equal(verifyConsistency({ ...claim, proof: claim.proof.slice(1) }), false)
    for (const i of claim.proof.keys()) assert.equal(verifyConsistency({ ...claim, proof: claim.proof.with(i, foreign) }), false)
    assert.equal(verifyConsistency({ ...claim, first: hashes.length + 1 }), false)
  }))
})

test('an empty tree is the beginning of every tree, by its own root only', () => {
  const secondRoot = mth(published)
  assert.equal(verifyConsistency({ first: 0, firstRoot: emptyRoot(), second: 8, secondRoot, proof: [] }), true)
  assert.equal(verifyConsistency({ first: 0, firstRoot: secondRoot, second: 8, secondRoot, proof: [] }), false)
})

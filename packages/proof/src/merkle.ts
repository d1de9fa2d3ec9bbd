// Merkle trees of RFC 6962 §2.1 over SHA-256: roots, inclusion and consistency proofs from the hashes of complete subtrees,
// and their verification after RFC 9162 §2.1.3.2 and §2.1.4.2. Sizes and indices are safe integers, so no bit operators on them.
import { sha256 } from '@mhmd/crypto'

export type Hash = Uint8Array

/** Reads the hash of the complete subtree over leaves [index·2^level, (index+1)·2^level). */
export type SubtreeReader = (level: number, index: number) => Promise<Hash>

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

export const leafHash = (leaf: Uint8Array): Hash => sha256(LEAF, leaf)
export const nodeHash = (left: Hash, right: Hash): Hash => sha256(NODE, left, right)
/** The root of the tree without leaves. */
export const emptyRoot = (): Hash => sha256()

const isOdd = (value: number): boolean => value % 2 === 1
const half = (value: number): number => Math.floor(value / 2)
const equal = (a: Hash, b: Hash): boolean => a.length === b.length && a.every((byte, at) => byte === b[at])

/** The exponent of the largest power of two that is at most `value` (one or more). */
function floorLog2(value: number): number {
  let exponent = 0
  for (let power = 2; power <= value; power *= 2) exponent++
  return exponent
}

/** The largest power of two below `value` (two or more). */
const splitPoint = (value: number): number => 2 ** floorLog2(value - 1)

/** MTH(D[from:to]) for a range that starts where the tree's structure lets one start. */
async function rangeHash(read: SubtreeReader, from: number, to: number): Promise<Hash> {
  if (from === to) return emptyRoot()
  const parts: Hash[] = []
  for (let at = from; at < to;) {
    const level = floorLog2(to - at)
    parts.push(await read(level, at / 2 ** level))
    at += 2 ** level
  }
  return parts.reduceRight((right, left) => nodeHash(left, right))
}

export const treeRoot = (read: SubtreeReader, size: number): Promise<Hash> => rangeHash(read, 0, size)

/** PATH(index, D[size]), from the leaf's sibling up. Precondition: 0 ≤ index < size. */
export async function inclusionProof(read: SubtreeReader, index: number, size: number): Promise<Hash[]> {
  const proof: Hash[] = []
  let from = 0
  let to = size
  while (to - from > 1) {
    const middle = from + splitPoint(to - from)
    proof.push(await (index < middle ? rangeHash(read, middle, to) : rangeHash(read, from, middle)))
    if (index < middle) to = middle
    else from = middle
  }
  return proof.reverse()
}

/** PROOF(first, D[second]). Precondition: 0 < first ≤ second. */
export async function consistencyProof(read: SubtreeReader, first: number, second: number): Promise<Hash[]> {
  const proof: Hash[] = []
  let from = 0
  let to = second
  while (first !== to) {
    const middle = from + splitPoint(to - from)
    proof.push(await (first <= middle ? rangeHash(read, middle, to) : rangeHash(read, from, middle)))
    if (first <= middle) to = middle
    else from = middle
  }
  if (from > 0) proof.push(await rangeHash(read, from, to))
  return proof.reverse()
}

/** From a right child or the tree's edge up past every level where it has no left sibling to be hashed with. */
function above(node: number, last: number): [node: number, last: number] {
  const [nodeAbove, lastAbove] = [half(node), half(last)]
  return isOdd(node) || node === 0 ? [nodeAbove, lastAbove] : above(nodeAbove, lastAbove)
}

/** Whether `leaf` stands at `index` of the tree of `size` leaves with `root`. */
export function verifyInclusion(claim: { readonly leaf: Hash; readonly index: number; readonly size: number; readonly root: Hash; readonly proof: readonly Hash[] }): boolean {
  if (![claim.index, claim.size].every(Number.isSafeInteger) || claim.index < 0 || claim.index >= claim.size) return false
  let node = claim.index
  let last = claim.size - 1
  let hash = claim.leaf
  for (const sibling of claim.proof) {
    if (last === 0) return false
    const isRight = isOdd(node) || node === last
    hash = isRight ? nodeHash(sibling, hash) : nodeHash(hash, sibling)
    ;[node, last] = isRight ? above(node, last) : [half(node), half(last)]
  }
  return last === 0 && equal(hash, claim.root)
}

/** Whether the tree of `second` leaves begins with the tree of `first` leaves. An empty tree is the beginning of every tree. */
export function verifyConsistency(claim: { readonly first: number; readonly firstRoot: Hash; readonly second: number; readonly secondRoot: Hash; readonly proof: readonly Hash[] }): boolean {
  const { first, second, firstRoot, secondRoot, proof } = claim
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(second) || first < 0 || first > second) return false
  if (first === second) return proof.length === 0 && equal(firstRoot, secondRoot)
  if (first === 0) return proof.length === 0 && equal(firstRoot, emptyRoot())
  const path = 2 ** floorLog2(first) === first ? [firstRoot, ...proof] : [...proof]
  return path.length > 0 && proof.length > 0 && walkConsistency(path, claim)
}

function walkConsistency(path: readonly Hash[], claim: { readonly first: number; readonly firstRoot: Hash; readonly second: number; readonly secondRoot: Hash }): boolean {
  let node = claim.first - 1
  let last = claim.second - 1
  while (isOdd(node)) [node, last] = [half(node), half(last)]
  let firstHash = path[0] as Hash
  let secondHash = firstHash
  for (const sibling of path.slice(1)) {
    if (last === 0) return false
    if (isOdd(node) || node === last) {
      firstHash = nodeHash(sibling, firstHash)
      secondHash = nodeHash(sibling, secondHash)
      ;[node, last] = above(node, last)
    } else {
      secondHash = nodeHash(secondHash, sibling)
      ;[node, last] = [half(node), half(last)]
    }
  }
  return last === 0 && equal(firstHash, claim.firstRoot) && equal(secondHash, claim.secondRoot)
}

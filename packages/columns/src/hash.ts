// Kernel: hashes of packed tuples, and lists of tuples by hash range. Cost: one pass over each word, one over the list. Allocates nothing. Deterministic.
import type { Workspace } from './workspace.ts'

/** One hash a tuple, of its first `keyWords` words. */
export function hash(words: readonly Uint32Array[], size: number, keyWords: number, hashes: Uint32Array): void {
  const first = words[0] as Uint32Array
  if (keyWords === 1) {
    for (let i = 0; i < size; i++) {
      const k = first[i] as number
      hashes[i] = Math.imul(k ^ (k >>> 15), 0x9e3779b1)
    }
    return
  }
  for (let i = 0; i < size; i++) hashes[i] = Math.imul((first[i] as number) ^ ((first[i] as number) >>> 15), 0x9e3779b1)
  for (let w = 1; w < keyWords; w++) {
    const word = words[w] as Uint32Array
    for (let i = 0; i < size; i++) {
      const mixed = (hashes[i] as number) ^ Math.imul((word[i] as number) ^ ((word[i] as number) >>> 13), 0x85ebca6b)
      hashes[i] = Math.imul(mixed ^ (mixed >>> 16), 0xc2b2ae35)
    }
  }
}

/** Divides a list of tuples into those whose hash's top three bits lie below `range`, and the others; without a branch to mispredict. */
export function divide({ hashes, chosen, others }: Workspace, list: Uint32Array, count: number, range: number): number {
  let below = 0
  for (let s = 0; s < count; s++) {
    const i = list[s] as number
    chosen[below] = i
    others[s - below] = i
    below += (((hashes[i] as number) >>> 29) - range) >>> 31
  }
  return below
}

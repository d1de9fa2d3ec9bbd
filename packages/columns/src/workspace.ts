// Buffers that the group-by kernel's calls share; in a WebAssembly memory where they are large (wasm/group-by.ts).
import { groupKernels } from './wasm/group-by.ts'
import type { GroupKernels } from './wasm/group-by.ts'

/** Workspaces below so many tuples are plain memory: making a WebAssembly memory costs more than it saves. */
const manyTuples = 1 << 17
/** WebAssembly addresses at most 4 GiB; half of it is plenty here. */
const mostBytes = 2 ** 31

/** Buffers that calls share; one a thread. After a call `groupOf[i]` is the group of source tuple i. */
export class Workspace {
  capacity = 0
  table = new Int32Array(0)
  hashes = new Uint32Array(0)
  /** 0, 1, 2, …: the list of all tuples. */
  everyone = new Uint32Array(0)
  chosen = new Uint32Array(0)
  others = new Uint32Array(0)
  mapped: Uint32Array[] = []
  words: Uint32Array[] = []
  weights: Uint32Array[] = []
  /** The first weight, where the kernels reach it. */
  weight = new Uint32Array(0)
  groupOf = new Uint32Array(0)
  /** One number a tuple; the keys and first tuples of groups. */
  key = new Uint32Array(0)
  groupKeys = new Uint32Array(0)
  heads = new Uint32Array(0)
  /** Present where the buffers lie in a WebAssembly memory. */
  kernels: GroupKernels | undefined
  private readonly fewest: number

  /** `fewest` tuples from which the WebAssembly kernels are used. */
  constructor({ fewest = manyTuples }: { readonly fewest?: number } = {}) {
    this.fewest = fewest
  }

  /** Makes room for `size` tuples of `words` words and `weights` weights. */
  reserve(size: number, words: number, weights: number): void {
    if (size <= this.capacity && words <= this.words.length && weights <= this.weights.length) return
    this.capacity = Math.max(size, this.capacity, 1024)
    const wordCount = Math.max(words, this.words.length)
    const weightCount = Math.max(weights, this.weights.length)
    const slots = slotsFor(this.capacity)
    const take = this.memoryOf(4 * (slots + this.capacity * (arrays.length + 2 * wordCount + weightCount)))
    const make = (count: number): Uint32Array<ArrayBuffer>[] => Array.from({ length: count }, () => take(this.capacity))
    this.table = new Int32Array(take(slots).buffer, 0, slots)
    this.mapped = make(wordCount)
    this.words = make(wordCount)
    this.weights = make(weightCount)
    for (const name of arrays) this[name] = take(this.capacity)
    for (let i = 0; i < this.capacity; i++) this.everyone[i] = i
  }

  /** Hands out pieces of one memory, the first from its beginning on. */
  private memoryOf(bytes: number): (length: number) => Uint32Array<ArrayBuffer> {
    const made = this.capacity >= this.fewest && bytes <= mostBytes ? groupKernels(bytes) : undefined
    this.kernels = made?.kernels
    const buffer = made?.buffer ?? new ArrayBuffer(bytes)
    let at = 0
    return (length) => {
      const piece = new Uint32Array(buffer, at, length)
      at += piece.byteLength
      return piece
    }
  }
}

const arrays = ['groupOf', 'hashes', 'chosen', 'others', 'everyone', 'key', 'groupKeys', 'heads', 'weight'] as const

/** Places of an open-addressing table for so many tuples: a power of two, at most two thirds full. */
export function slotsFor(size: number): number {
  let slots = 16
  while (2 * slots < 3 * size) slots *= 2
  return slots
}

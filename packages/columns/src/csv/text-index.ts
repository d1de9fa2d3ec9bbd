// Distinct byte strings numbered in order of first occurrence: an open-addressed hash over one arena of bytes.
// Layout: text c lies in arena[offsets[c] .. offsets[c + 1]); slots hold code + 1, 0 is free; load factor at most 1/2.
// Cost: one hash, one probe and one comparison per look-up of a text already seen; no string is made. Deterministic.

/** Start value and multiplier of the 32-bit FNV-1a hash, here over pairs of bytes. */
const HASH_START = 0x811c9dc5 | 0
const HASH_STEP = 0x01000193

function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_START
  let at = start
  for (const last = end - 1; at < last; at += 2) hash = Math.imul(hash ^ ((bytes[at] as number) | ((bytes[at + 1] as number) << 8)), HASH_STEP)
  return at < end ? Math.imul(hash ^ (bytes[at] as number), HASH_STEP) : hash
}

/** FNV's low bits are weak for short texts, and slots are taken from the low bits. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1)
  return mixed ^ (mixed >>> 13)
}

export class TextIndex {
  size = 0
  #slots = new Int32Array(64)
  #hashes = new Int32Array(32)
  #offsets = new Uint32Array(33)
  #arena = new Uint8Array(256)

  /** The code of bytes[start .. end); a text not seen before gets the next code. */
  codeOf(bytes: Uint8Array, start: number, end: number): number {
    const hash = hashOf(bytes, start, end)
    const slots = this.#slots
    const mask = slots.length - 1
    let slot = spread(hash) & mask
    for (;;) {
      const code = (slots[slot] as number) - 1
      if (code < 0) return this.#add(bytes.subarray(start, end), hash, slot)
      if (this.#hashes[code] === hash && this.#equals(code, bytes, start, end)) return code
      slot = (slot + 1) & mask
    }
  }

  /** The bytes of a code; a view that is valid until the next addition. */
  bytesOf(code: number): Uint8Array {
    return this.#arena.subarray(this.#offsets[code], this.#offsets[code + 1])
  }

  /** All texts end to end, and where each starts in them. */
  allBytes(): Uint8Array {
    return this.#arena.subarray(0, this.#offsets[this.size])
  }

  startOf(code: number): number {
    return this.#offsets[code] as number
  }

  #equals(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    let at = this.#offsets[code] as number
    const stop = this.#offsets[code + 1] as number
    if (stop - at !== end - start) return false
    const arena = this.#arena
    for (let i = start; at < stop; at++, i++) if (arena[at] !== bytes[i]) return false
    return true
  }

  #add(text: Uint8Array, hash: number, slot: number): number {
    const code = this.size++
    const from = this.#offsets[code] as number
    if (from + text.length > this.#arena.length) this.#arena = grown(this.#arena, new Uint8Array(2 * (from + text.length)))
    this.#arena.set(text, from)
    if (code + 1 >= this.#hashes.length) {
      this.#hashes = grown(this.#hashes, new Int32Array(2 * this.#hashes.length))
      this.#offsets = grown(this.#offsets, new Uint32Array(2 * this.#offsets.length))
    }
    this.#offsets[code + 1] = from + text.length
    this.#hashes[code] = hash
    this.#slots[slot] = code + 1
    if (2 * this.size > this.#slots.length) this.#rehash()
    return code
  }

  #rehash(): void {
    const slots = new Int32Array(4 * this.#slots.length)
    const mask = slots.length - 1
    for (let code = 0; code < this.size; code++) {
      let slot = spread(this.#hashes[code] as number) & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = code + 1
    }
    this.#slots = slots
  }
}

function grown<T extends Uint8Array | Int32Array | Uint32Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}

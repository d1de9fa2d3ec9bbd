// Digests of names met, each with a number: an open-addressed table in typed arrays, 17 to 34 bytes a name.

const FULL = 0.7

export class NameSet {
  #names = new BigUint64Array(1 << 12)
  /** 0 where the slot is free. */
  #numbers = new Uint32Array(1 << 12)
  #size = 0

  /** Puts the number (1 or more) to the name; gives the one it had before, or 0. */
  put(name: bigint, number: number): number {
    if (this.#size > this.#names.length * FULL) this.#grow()
    const slot = this.#slot(name)
    const before = this.#numbers[slot] as number
    if (before === 0) this.#size++
    this.#names[slot] = name
    this.#numbers[slot] = number
    return before
  }

  /** How many of its names are not in the other set. */
  countWithout(other: NameSet): number {
    let count = 0
    for (const [slot, name] of this.#names.entries()) if (this.#numbers[slot] !== 0 && other.#numbers[other.#slot(name)] === 0) count++
    return count
  }

  /** Where the name is, or would be. Digests are spread evenly, so their low bits serve as they are. */
  #slot(name: bigint): number {
    const mask = this.#names.length - 1
    let slot = Number(BigInt.asUintN(32, name)) & mask
    while (this.#numbers[slot] !== 0 && this.#names[slot] !== name) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const [names, numbers] = [this.#names, this.#numbers]
    this.#names = new BigUint64Array(2 * names.length)
    this.#numbers = new Uint32Array(2 * names.length)
    for (const [slot, name] of names.entries()) {
      if (numbers[slot] === 0) continue
      const place = this.#slot(name)
      this.#names[place] = name
      this.#numbers[place] = numbers[slot] as number
    }
  }
}

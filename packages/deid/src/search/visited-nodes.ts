// How many different nodes a search has checked: the first climbs meet some more than once.
import type { Lattice } from './lattice.ts'

/** Beyond so many nodes each check counts: those searches remember the nodes they have checked. */
const mostRemembered = 2 ** 25

export class VisitedNodes {
  count = 0
  private readonly lattice: Lattice
  private readonly bits: Uint8Array | undefined

  constructor(lattice: Lattice) {
    this.lattice = lattice
    if (lattice.size <= mostRemembered) this.bits = new Uint8Array(Math.ceil(lattice.size / 8))
  }

  note(levels: Uint8Array): void {
    const { bits, lattice: { strides, minLevels } } = this
    let node = 0
    for (let d = 0; d < strides.length; d++) node += ((levels[d] as number) - (minLevels[d] as number)) * (strides[d] as number)
    const mask = 1 << (node & 7)
    if (bits === undefined) this.count++
    else if (((bits[node >> 3] as number) & mask) === 0) {
      bits[node >> 3] = (bits[node >> 3] as number) | mask
      this.count++
    }
  }
}

// Kernel: where each of some texts stands among other, distinct texts. A Map of ten thousand texts is most of the time of a short search.
// Layout: open addressing over a power of two of slots, at most half full; a slot holds place + 1. Cost: one hash of each text's code units
// and about one comparison a look-up. Allocates the slots and the answer. Deterministic.

/** The place of each wanted text among the others, or −1. */
export function placesOf(wanted: readonly string[], among: readonly string[]): Int32Array {
  let size = 16
  while (size < 2 * among.length) size *= 2
  const [slots, last] = [new Int32Array(size), size - 1]
  for (let place = 0; place < among.length; place++) {
    let slot = hashOf(among[place] as string) & last
    while (slots[slot] !== 0) slot = (slot + 1) & last
    slots[slot] = place + 1
  }
  const places = new Int32Array(wanted.length)
  for (let i = 0; i < wanted.length; i++) {
    const text = wanted[i] as string
    let slot = hashOf(text) & last
    while (slots[slot] !== 0 && among[(slots[slot] as number) - 1] !== text) slot = (slot + 1) & last
    places[i] = (slots[slot] as number) - 1
  }
  return places
}

/** FNV-1a over code units, its high bits folded into the low ones. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1)
  return hash ^ (hash >>> 13)
}

// Kernel: applies steps to packed tuples. Layout: see cells.ts. Cost: one sequential pass for each three steps of a word. Allocates nothing. Deterministic.
import type { Cells, Step } from './cells.ts'
import type { Workspace } from './workspace.ts'

/** The source's words with the steps applied; words that no step changes are the source's own. */
export function mapWords(source: Cells, steps: readonly Step[], { mapped }: Pick<Workspace, 'mapped'>): Uint32Array[] {
  return source.words.map((word, index) => {
    const own = steps.filter(({ field, isIdentity }) => field.word === index && field.mask !== 0 && !isIdentity)
    let from = word
    for (let s = 0; s < own.length; s += 3) {
      const to = mapped[index] as Uint32Array
      replaceFields(from, to, source.size, own.slice(s, s + 3))
      from = to
    }
    return from
  })
}

function replaceFields(from: Uint32Array, to: Uint32Array, size: number, steps: readonly Step[]): void {
  const [{ field: a, map: mapA }, second, third] = steps as [Step, Step | undefined, Step | undefined]
  const [shiftA, maskA] = [a.shift, a.mask]
  const others = steps.reduce((bits, { field }) => bits & ~(field.mask << field.shift), -1)
  if (second === undefined) {
    for (let i = 0; i < size; i++) {
      const word = from[i] as number
      to[i] = (word & others) | (mapA[(word >>> shiftA) & maskA] as number)
    }
    return
  }
  const [mapB, shiftB, maskB] = [second.map, second.field.shift, second.field.mask]
  if (third === undefined) {
    for (let i = 0; i < size; i++) {
      const word = from[i] as number
      to[i] = (word & others) | (mapA[(word >>> shiftA) & maskA] as number) | (mapB[(word >>> shiftB) & maskB] as number)
    }
    return
  }
  const [mapC, shiftC, maskC] = [third.map, third.field.shift, third.field.mask]
  for (let i = 0; i < size; i++) {
    const word = from[i] as number
    to[i] = (word & others) | (mapA[(word >>> shiftA) & maskA] as number) | (mapB[(word >>> shiftB) & maskB] as number) | (mapC[(word >>> shiftC) & maskC] as number)
  }
}

// Kernel: sums over a tuple's fields of a number each code has; so also one number a tuple instead of its fields: the labels that steps lead
// to, in mixed radix, where all combinations of labels fit in 32 bits.
// Layout: see cells.ts. Neighbouring fields of a word share one table of at most 2^12 entries (an eighth of the tuples), so nine fields cost
// about four look-ups. Cost: one pass over the tuples for each four look-ups. Allocates the tables. Deterministic.
import type { Cells, Field, Step } from './cells.ts'

/** Most bits that one table of several fields answers, and by how many bits it must stay below the number of tuples. */
const [mostBits, fewerBits] = [12, 3]

/** What a field's codes count. */
export interface Part {
  readonly field: Field
  readonly values: Uint32Array
}

interface Lookup {
  readonly word: Uint32Array
  readonly shift: number
  readonly mask: number
  readonly table: Uint32Array
}

/** For each tuple the sum of what its fields' codes count; sums must stay below 2^32. */
export function sumParts(source: Cells, parts: readonly Part[], into: Uint32Array): void {
  const lookups = lookupsOf(source, parts)
  addUp(lookups.slice(0, 4), into, source.size, false)
  for (let at = 4; at < lookups.length; at += 4) addUp(lookups.slice(at, at + 4), into, source.size, true)
}

/**
 * Writes each tuple's key and returns how many keys are possible; undefined, writing nothing, where they don't fit.
 * `labels[s]` is how many labels step s leads to; the steps must cover every field of the first `keyWords` words.
 */
export function radixKeys(source: Cells, steps: readonly Step[], { labels, keyWords, key }: { labels: readonly number[]; keyWords: number; key: Uint32Array }): number | undefined {
  const parts: Part[] = []
  let space = 1
  const counted = steps.map(({ field, codes }, s) => ({ field, codes, labels: labels[s] as number })).filter((digit) => digit.labels > 1 && digit.field.word < keyWords)
  if (counted.reduce((product, digit) => product * digit.labels, 1) > 2 ** 32) return undefined
  // The largest map comes first: with a stride of 1 its step's codes are its values.
  for (const { field, codes, labels: radix } of counted.sort((a, b) => b.codes.length - a.codes.length)) {
    const stride = space
    parts.push({ field, values: stride === 1 ? codes : codes.map((code) => code * stride) })
    space *= radix
  }
  sumParts(source, parts, key)
  return space
}

function lookupsOf(source: Cells, parts: readonly Part[]): Lookup[] {
  const bits = Math.min(mostBits, 31 - Math.clz32(source.size) - fewerBits)
  const lookups: Lookup[] = []
  let run: Part[] = []
  const close = (): void => {
    if (run.length > 0) lookups.push(lookupOf(source, run))
    run = []
  }
  for (const part of parts.toSorted((a, b) => a.field.word - b.field.word || a.field.shift - b.field.shift)) {
    const first = run[0]?.field
    if (first !== undefined && (first.word !== part.field.word || endOf(part) - first.shift > bits)) close()
    run.push(part)
  }
  close()
  return lookups
}

const endOf = ({ field }: Part): number => field.shift + 32 - Math.clz32(field.mask)

/** Fields of one word in ascending order; bits between them count nothing. */
function lookupOf(source: Cells, run: readonly Part[]): Lookup {
  const [first] = run as [Part]
  const { field: { word, shift } } = first
  let table = first.values
  let bits = endOf(first) - shift
  for (const part of run.slice(1)) {
    const { field, values } = part
    const [up, end, low] = [field.shift - shift, Math.max(bits, endOf(part) - shift), (1 << bits) - 1]
    const wider = new Uint32Array(1 << end)
    for (let i = 0; i < wider.length; i++) wider[i] = (table[i & low] ?? 0) + (values[(i >>> up) & field.mask] ?? 0)
    table = wider
    bits = end
  }
  return { word: source.words[word] as Uint32Array, shift, mask: bits === 32 ? 0xffffffff : (1 << bits) - 1, table }
}

const nothing: Omit<Lookup, 'word'> = { shift: 0, mask: 0, table: new Uint32Array(1) }

/** Adds what up to four look-ups give to the sums, or sets it. */
function addUp(lookups: readonly Lookup[], into: Uint32Array, size: number, adds: boolean): void {
  const blank = { ...nothing, word: into }
  const [a = blank, b = blank, c = blank, d = blank] = lookups
  const [{ word: wordA, shift: shiftA, mask: maskA, table: tableA }, { word: wordB, shift: shiftB, mask: maskB, table: tableB }] = [a, b]
  const [{ word: wordC, shift: shiftC, mask: maskC, table: tableC }, { word: wordD, shift: shiftD, mask: maskD, table: tableD }] = [c, d]
  const kept = adds ? -1 : 0
  for (let i = 0; i < size; i++) {
    into[i] = ((into[i] as number) & kept) + (tableA[((wordA[i] as number) >>> shiftA) & maskA] as number) + (tableB[((wordB[i] as number) >>> shiftB) & maskB] as number)
      + (tableC[((wordC[i] as number) >>> shiftC) & maskC] as number) + (tableD[((wordD[i] as number) >>> shiftD) & maskD] as number)
  }
}

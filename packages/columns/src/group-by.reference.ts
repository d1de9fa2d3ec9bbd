// The plain version of group-by.ts: a Map over key texts. Slow; exists to be compared with.
import type { Cells, Step } from './cells.ts'

export function regroupReference(source: Cells, steps: readonly Step[], keyWords = source.words.length): Cells {
  const groups = new Map<string, { words: number[]; weights: number[] }>()
  for (let i = 0; i < source.size; i++) {
    const words = source.words.map((word) => word[i] as number)
    for (const { field, map } of steps) {
      const word = words[field.word] as number
      const code = Math.floor(word / 2 ** field.shift) % (field.mask + 1)
      words[field.word] = word - code * 2 ** field.shift + (map[code] as number)
    }
    const key = words.slice(0, keyWords).join()
    const group = groups.get(key) ?? { words, weights: source.weights.map(() => 0) }
    group.weights = group.weights.map((sum, v) => sum + ((source.weights[v] as Uint32Array)[i] as number))
    groups.set(key, group)
  }
  const all = [...groups.values()]
  return {
    size: all.length,
    words: source.words.map((_, w) => Uint32Array.from(all, (group) => group.words[w] as number)),
    weights: source.weights.map((_, v) => Uint32Array.from(all, (group) => group.weights[v] as number)),
  }
}

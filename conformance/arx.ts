// Every row of the peer's figures, on the peer's tables. Reads ../shared/data/arx beside the repository; its absence is a failure.
// Usage: npm run conformance -- arx [TABLE]
// Only computes
import { existsSync } from 'node:fs'
import { columnNamed } from '@mhmd/columns'
import type { Column } from '@mhmd/columns'
import { arxDifference, arxName, arxRows, arxTables, runArxRow } from '../tests/arx-rows.ts'
import type { ArxRow } from '../tests/arx-rows.ts'

const root = new URL('../../shared/data/arx/', import.meta.url)
const [only] = process.argv.slice(2)
let [passed, failed] = [0, 0]

function report(name: string, difference: string | undefined): void {
  if (difference === undefined) passed++
  else failed++
  console.log(`${difference === undefined ? 'ok    ' : 'FAILED'} ${name}${difference === undefined ? '' : `: ${difference}`}`)
}

/** The peer's distance of every class of its node, in its 32-bit arithmetic or in whole numbers; the largest. */
function largestDistance(row: ArxRow, is32Bit: boolean): number {
  const { input, hierarchies } = arxTables(root, row.table)
  const cut = (value: number): number => is32Bit ? Number(BigInt.asIntN(32, BigInt(value))) : value
  const sensitive = columnNamed(input, row.sensitive as string) as Column
  const tree = rowsByValue(hierarchies[row.sensitive as string]?.table.columns as readonly Column[])
  const names = input.columns.map(({ name }) => name).filter((name) => name !== row.sensitive).sort()
  const maps = names.map((name, i) => rowsByValue(hierarchies[name]?.table.columns as readonly Column[], row.levels[i] as number))
  const [classes, whole] = [new Map<string, number[]>(), sensitive.dictionary.map(() => 0)]
  for (let at = 0; at < input.rows; at++) {
    const key = names.map((name, i) => { const column = columnNamed(input, name) as Column; return maps[i]?.get(column.dictionary[column.codes[at] as number] as string)?.[0] }).join('|')
    const counts = classes.get(key) ?? sensitive.dictionary.map(() => 0)
    const code = sensitive.codes[at] as number
    counts[code] = (counts[code] as number) + 1
    whole[code] = (whole[code] as number) + 1
    classes.set(key, counts)
  }
  return Math.max(...[...classes.values()].map((counts) => distance(counts, { whole, rows: input.rows, labels: sensitive.dictionary.map((value) => [value, ...(tree.get(value) ?? [])]), cut })))
}

function rowsByValue(columns: readonly Column[], only?: number): Map<string, string[]> {
  const text = (column: Column, row: number): string => column.dictionary[column.codes[row] as number] as string
  const levels = only === undefined ? columns.slice(1) : [columns[only] as Column]
  return new Map(Array.from((columns[0] as Column).codes, (_, row) => [text(columns[0] as Column, row), levels.map((column) => text(column, row))]))
}

function distance(counts: readonly number[], { whole, rows, labels, cut }: { whole: readonly number[]; rows: number; labels: readonly (readonly string[])[]; cut: (value: number) => number }): number {
  const size = counts.reduce((sum, count) => sum + count, 0)
  const height = (labels[0] as readonly string[]).length - 1
  let extras = new Map(labels.map((path, code) => [path[0] as string, cut(cut((whole[code] as number) * size) - cut((counts[code] as number) * rows))]))
  let cost = 0
  for (let level = 1; level <= height; level++) {
    const sums = new Map<string, { positive: number; negative: number }>()
    for (const [child, extra] of extras) {
      const parent = (labels.find((path) => path[level - 1] === child) as readonly string[])[level] as string
      const sum = sums.get(parent) ?? { positive: 0, negative: 0 }
      if (extra > 0) sum.positive = cut(sum.positive + extra)
      else sum.negative = cut(sum.negative - extra)
      sums.set(parent, sum)
    }
    for (const { positive, negative } of sums.values()) cost += level / height * Math.min(positive, negative)
    extras = new Map([...sums].map(([node, { positive, negative }]) => [node, cut(positive - negative)]))
  }
  return cost / (rows * size)
}

for (const row of arxRows.filter(({ table }) => only === undefined || table === only)) {
  try {
    if (!existsSync(new URL(row.table, root))) throw new Error(`no table ${row.table} in ../shared/data/arx`)
    report(arxName(row), arxDifference(row, runArxRow(row, root)))
    if (row.peerDefect !== undefined) report(`the peer's defect: ${arxName(row)}`, largestDistance(row, true) <= 0.2 && largestDistance(row, false) > 0.5 ? undefined : 'emulating 32-bit products does not explain the peer\'s figure')
  } catch (error) {
    report(arxName(row), error instanceof Error ? error.message : String(error))
  }
}
console.log(`${passed} passed, ${failed} failed, 0 skipped`)
process.exitCode = failed > 0 || passed === 0 ? 1 : 0

// The bytes that leave: CSV (RFC 4180, UTF-8), its rows in an order that says nothing about whose they are.
import { byCodeUnits } from '@mhmd/base'
import { csvBytes, makeCodes } from '@mhmd/columns'
import type { Column } from '@mhmd/columns'

export interface Written {
  readonly bytes: Uint8Array
  /** For each row as written, which row of the source it is. */
  readonly sourceRows: Uint32Array
}

/** Rows sorted by their texts: those of one person no longer stand together, and the same table gives the same bytes. */
export function written(columns: readonly Column[]): Written {
  const ranks = columns.map(({ dictionary }) => rankOf(dictionary))
  const rows = columns[0]?.codes.length ?? 0
  const sourceRows = Uint32Array.from({ length: rows }, (_unused, row) => row).sort((a, b) => {
    for (const [index, { codes }] of columns.entries()) {
      const rank = ranks[index] as Uint32Array
      const order = (rank[codes[a] as number] as number) - (rank[codes[b] as number] as number)
      if (order !== 0) return order
    }
    return a - b
  })
  const sorted = columns.map(({ name, dictionary, codes }) => {
    const out = makeCodes(dictionary.length, rows)
    sourceRows.forEach((row, at) => { out[at] = codes[row] as number })
    return { name, dictionary, codes: out }
  })
  return { bytes: csvBytes({ rows, columns: sorted }), sourceRows }
}

function rankOf(dictionary: readonly string[]): Uint32Array {
  const rank = new Uint32Array(dictionary.length)
  const order = Array.from(dictionary.keys()).sort((a, b) => byCodeUnits(dictionary[a] as string, dictionary[b] as string))
  order.forEach((code, at) => { rank[code] = at })
  return rank
}

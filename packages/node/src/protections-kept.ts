// What a node keeps of the search for a draft's protection, sealed: one run a draft, and each alternative as soon as it is measured. Exact figures, for stewards alone; no value of fewer than five people.
import type { Tried } from '@mhmd/release'
import type { Dataset } from '@mhmd/schema'
import type { ReadTransaction, WriteTransaction } from '@mhmd/store'
import { sealedTable } from './sealed-table.ts'

export interface ProtectionRun {
  readonly id: string
  readonly draft: string
  readonly job: string
  readonly at: number
  /** As it stood when the search began: its roles and hierarchies are what was measured. */
  readonly document: Dataset
  readonly grid?: { readonly ks: number[]; readonly diversities: number[]; readonly closenesses: number[]; readonly suppressionLimits: number[] }
  readonly begun?: { readonly sourceDigest: string; readonly names: readonly string[]; readonly rows: number; readonly people: number }
}

export interface ProtectionsKept {
  run(tx: ReadTransaction, draft: string): Promise<ProtectionRun | undefined>
  /** In place of the draft's earlier one, whose alternatives go. */
  begin(tx: WriteTransaction, run: ProtectionRun): Promise<void>
  /** The same run, further on. */
  update(tx: WriteTransaction, run: ProtectionRun): Promise<void>
  tried(tx: ReadTransaction, draft: string): Promise<Tried[]>
  add(tx: WriteTransaction, draft: string, tried: Tried): Promise<void>
  forgetTried(tx: WriteTransaction, draft: string): Promise<void>
  remove(tx: WriteTransaction, draft: string): Promise<void>
}

export function protectionsKept(nodeKey: Uint8Array): ProtectionsKept {
  const runs = sealedTable<ProtectionRun>('protections', nodeKey)
  const alternatives = sealedTable<Tried>('protection-alternatives', nodeKey)

  async function forgetTried(tx: WriteTransaction, draft: string): Promise<void> {
    for (const { key } of await alternatives.list(tx, { prefix: [draft] })) await alternatives.delete(tx, ...key)
  }
  return {
    run: (tx, draft) => runs.get(tx, draft),
    begin: async (tx, run) => {
      await forgetTried(tx, run.draft)
      await runs.put(tx, [run.draft], run)
    },
    update: (tx, run) => runs.put(tx, [run.draft], run),
    tried: async (tx, draft) => (await alternatives.list(tx, { prefix: [draft] })).map(({ value }) => value),
    add: (tx, draft, tried) => alternatives.put(tx, [draft, tried.name], tried),
    forgetTried,
    remove: async (tx, draft) => {
      await forgetTried(tx, draft)
      await runs.delete(tx, draft)
    },
  }
}

// Which releases their holders called back: what comes after its recall is not kept.
import type { WriteTransaction } from '@mhmd/store'
import { jsonTable } from './table.ts'

/** By holder and release. */
export const recalledReleases = jsonTable<{ readonly at: number }>('recalled-releases')

/** Whether what this manifest goes with was called back by this holder. */
export const isRecalled = async (tx: WriteTransaction, holder: string, manifest: unknown): Promise<boolean> => await recalledReleases.get(tx, holder, releaseOf(manifest)) !== undefined

export function releaseOf(manifest: unknown): string {
  const release = (manifest as { release?: unknown } | null)?.release
  return typeof release === 'string' ? release : '-'
}

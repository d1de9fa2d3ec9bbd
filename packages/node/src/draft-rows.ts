// A draft's view run over the holder's records, under its duty of quality: anew for what is kept, and for previews while a steward decides as it was at most two minutes ago, in memory and nowhere else.
import { canonicalText } from '@mhmd/base'
import type { Canonical, Clock } from '@mhmd/base'
import { compileView, viewTable } from '@mhmd/fhir'
import { viewDefinitionDocument } from '@mhmd/schema'
import type { PersonRows } from '@mhmd/release'
import type { HolderVault } from './holder-vault.ts'

export interface DraftRows {
  /** Ends with the signal. */
  read(view: unknown, signal?: AbortSignal): Promise<PersonRows>
  /** Not to be handed over: others are shown the same. */
  recent(view: unknown): Promise<PersonRows>
}

const STALE_MILLISECONDS = 2 * 60 * 1000

export function createDraftRows(parts: { vault: Pick<HolderVault, 'records' | 'duty'>; clock: Clock }): DraftRows {
  const { vault, clock } = parts
  let last: { readonly view: string; readonly at: number; readonly rows: Promise<PersonRows>; readonly timer: NodeJS.Timeout } | undefined

  async function read(definition: unknown, signal?: AbortSignal): Promise<PersonRows> {
    const view = compileView(viewDefinitionDocument.parse(definition))
    return viewTable(view, until(vault.records(vault.duty('quality'), view.resource), signal))
  }
  function forget(): void {
    clearTimeout(last?.timer)
    last = undefined
  }
  return {
    read,
    recent: (definition) => {
      const view = canonicalText(definition as Canonical)
      if (last?.view === view && clock.now() - last.at < STALE_MILLISECONDS) return last.rows
      forget()
      const rows = read(definition)
      last = { view, at: clock.now(), rows, timer: setTimeout(forget, STALE_MILLISECONDS).unref() }
      rows.catch(forget)
      return rows
    },
  }
}

async function* until<T>(items: AsyncIterable<T>, signal: AbortSignal | undefined): AsyncGenerator<T> {
  for await (const item of items) {
    signal?.throwIfAborted()
    yield item
  }
}

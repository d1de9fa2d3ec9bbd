// Lists on the command line: all of one, by following its pages; or one page as the node gave it, with what comes next.
import { pathOf, wholeList } from '@mhmd/client'
import type { PeopleClient } from '@mhmd/client'
import type { Command } from 'commander'
import type { Output } from './output.ts'

export interface PageOptions {
  readonly limit?: string
  readonly after?: string
  readonly text?: string
  readonly profile?: string
  readonly json?: boolean
}

/** A command that lists: all, or a page. */
export const paged = (command: Command): Command => command
  .option('--limit <rows>', 'one page of so many rows, up to 500; with --json as the node gives it, with its `next`').option('--after <next>', 'the page after the one that named this')

/** The same for rows that can be looked through. */
export const searchable = (command: Command): Command => paged(command).option('--text <words>', 'only rows that have these words')

/** Prints rows as lines, and with `--json` as `whole` makes a document of all of them. */
export async function printList<T>(client: PeopleClient, { path, name, query = {}, options, lines, whole = (rows) => rows }: {
  readonly path: string
  readonly name: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly options: PageOptions
  readonly lines: (rows: readonly T[]) => readonly string[]
  readonly whole?: (rows: readonly T[]) => unknown
}, output: Output): Promise<void> {
  const { limit, after, text } = options
  if (limit === undefined && after === undefined) {
    const rows = await wholeList<T>(client, path, { ...query, text, name })
    return output.result(whole(rows), lines(rows))
  }
  const page = await client.get<Readonly<Record<string, readonly T[]>> & { readonly next: string | null }>(pathOf(path, { ...query, text, limit, after }))
  output.result(page, [...lines(page[name] ?? []), ...(page.next === null ? [] : [`More: --after ${page.next}`])])
}

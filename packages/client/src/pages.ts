// Lists that a node gives by pages, followed to their end.
import type { PeopleClient } from './people-client.ts'

type Query = Readonly<Record<string, string | undefined>>

/** A path, which may ask for something already, with what is asked of its list. */
export function pathOf(path: string, query: Query): string {
  const asked = Object.entries(query).flatMap(([name, value]) => value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`])
  return asked.length === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${asked.join('&')}`
}

const MOST = '500'

/** Every page's answer, the last one with no `next`. */
export async function* everyPage<A extends { readonly next: string | null }>(client: Pick<PeopleClient, 'get'>, path: string, query: Query = {}): AsyncGenerator<A> {
  for (let next: string | null | undefined; next !== null;) {
    const answer: A = await client.get<A>(pathOf(path, { limit: MOST, ...query, after: next }))
    yield answer
    next = answer.next
  }
}

/** The rows that an answer has under `name`, of all pages. */
export async function wholeList<T>(client: Pick<PeopleClient, 'get'>, path: string, { name, ...query }: Query & { readonly name: string }): Promise<T[]> {
  const rows: T[] = []
  for await (const answer of everyPage<{ readonly next: string | null }>(client, path, query)) rows.push(...(answer as unknown as Readonly<Record<string, readonly T[]>>)[name] ?? [])
  return rows
}

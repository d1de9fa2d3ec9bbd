// Lists by pages, one shape for every route (decision 0023): `after` names the last row that was given, so that what comes or goes meanwhile neither repeats nor hides a row.
import type { Key } from '@mhmd/base'
import { documentType } from '@mhmd/schema'
import type { DocumentType } from '@mhmd/schema'
import type { Range } from '@mhmd/store'
import Type from 'typebox'
import type { TSchema } from 'typebox'
import { Exactly, OrNull } from './people-answers.ts'

const ROWS = '100'
/** Rows that one page looks at, where it doesn't give all of them. */
const LOOKED_AT = 5000

/** A row's key as it travels: its parts are ids, ordinals and words of our own. */
const Cursor = Type.String({ pattern: '^[0-9a-z-]{1,40}(\\.[0-9a-z-]{1,40}){0,4}$' })
const limit = Type.Optional(Type.String({ pattern: '^([1-9][0-9]?|[1-4][0-9][0-9]|500)$', description: '1 to 500 rows; 100 without it' }))
const after = Type.Optional(Cursor)
const text = Type.Optional(Type.String({ maxLength: 200, description: 'words that a row must have, in any order' }))

type Query = Readonly<Record<string, string | undefined>>

/** What a list of rows without words takes, and what else it takes. */
export const pageQuery = (more: Type.TProperties = {}): DocumentType<Query> => documentType('page-query', Exactly({ limit, after, ...more }))
/** The same for rows that are looked through for words. */
export const searchQuery = (more: Type.TProperties = {}): DocumentType<Query> => pageQuery({ text, ...more })

export const Next = OrNull(Cursor)
/** The answer: rows under their name, and what to ask for next. */
export const pageAnswer = <N extends string>(name: N, row: TSchema, more: Type.TProperties = {}): TSchema => Exactly({ ...more, [name]: Type.Array(row, { maxItems: 500 }), next: Next })

export interface Row<V> {
  readonly key: Key
  readonly value: V
}

/** Rows in the list's order, from after a key on. */
export type InOrder<V> = (range: Pick<Range, 'after'>) => AsyncIterable<Row<V>>

export interface Page<V> {
  readonly rows: readonly V[]
  readonly next: string | null
}

interface PageOptions<V> {
  readonly rows: InOrder<V>
  /** What words are looked for in. */
  readonly textOf?: (value: V) => string
  readonly isOfList?: (value: V) => boolean
}

/** The rows of one page. */
export async function pageOf<V>({ limit: most = ROWS, after: from, text: words = '' }: Query, { rows, textOf = () => '', isOfList = () => true }: PageOptions<V>): Promise<Page<V>> {
  const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const isWanted = (value: V): boolean => {
    const own = wanted.length === 0 ? '' : textOf(value).toLowerCase()
    return isOfList(value) && wanted.every((word) => own.includes(word))
  }
  const found: V[] = []
  let last: Key | undefined
  let looked = 0
  for await (const { key, value } of rows(from === undefined ? {} : { after: keyOf(from) })) {
    if (last !== undefined && (found.length === Number(most) || looked === LOOKED_AT)) return { rows: found, next: last.join('.') }
    last = key
    looked++
    if (isWanted(value)) found.push(value)
  }
  return { rows: found, next: null }
}

const keyOf = (cursor: string): Key => cursor.split('.') as unknown as Key

/** Rows that are read whole, in the order of their keys backwards: newest first where keys begin with a time. */
export const newestFirst = <V>(all: readonly Row<V>[]): InOrder<V> => async function* ({ after: place }) {
  for (const row of all.toSorted((a, b) => compare(b.key, a.key))) if (place === undefined || compare(row.key, place) < 0) yield row
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (let part = 0; part < Math.min(a.length, b.length); part++) {
    const [one, other] = [a[part] ?? '', b[part] ?? '']
    if (one !== other) return one < other ? -1 : 1
  }
  return a.length - b.length
}

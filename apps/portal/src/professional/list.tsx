// A list that filters as one types and remembers the filter in the address, so that a link to it shows the same rows; and the table in which rows of any list stand.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'wouter'
import { TextQuestion } from '../design/questions.tsx'
import { number } from '../words/language.ts'

export interface Column<R> {
  readonly name: string
  readonly cell: (row: R) => ReactNode
  readonly isNumber?: boolean
}

export interface ListProps<R> {
  readonly caption: string
  readonly rows: readonly R[]
  readonly columns: readonly [Column<R>, ...Column<R>[]]
  readonly keyOf: (row: R) => string
  /** What the filter looks through. */
  readonly textOf: (row: R) => string
  readonly empty: ReactNode
}

/** Rows drawn at once: a filter finds the others. */
const DRAWN = 200

export function List<R>({ caption, rows, columns, keyOf, textOf, empty }: ListProps<R>): ReactNode {
  const { t } = useTranslation('professional')
  const [search, setSearch] = useSearchParams()
  const filter = search.get('q') ?? ''
  const wanted = filter.toLowerCase().split(/\s+/).filter((word) => word !== '')
  const found = rows.filter((row) => {
    const text = textOf(row).toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
  if (rows.length === 0) return <div className="note">{empty}</div>
  return (
    <>
      <div className="bar">
        <TextQuestion label={t('list.filter')} type="search" value={filter} change={(value) => setSearch(value === '' ? {} : { q: value }, { replace: true })} />
        <span className="count" role="status">{wanted.length === 0 ? t('list.all', { count: rows.length }) : t('list.count', { some: found.length, count: rows.length })}</span>
      </div>
      <Rows caption={caption} rows={found.slice(0, DRAWN)} columns={columns} keyOf={keyOf} />
      {found.length > DRAWN ? <p className="muted">{t('list.more', { count: found.length - DRAWN })}</p> : null}
    </>
  )
}

export const Rows = <R,>({ caption, rows, columns, keyOf }: Pick<ListProps<R>, 'caption' | 'rows' | 'columns' | 'keyOf'>): ReactNode => (
  <div className="scroll" tabIndex={0} role="region" aria-label={caption}>
    <table>
      <caption className="visually-hidden">{caption}</caption>
      <thead><tr>{columns.map(({ name, isNumber }) => <th key={name} scope="col" className={isNumber === true ? 'number' : undefined}>{name}</th>)}</tr></thead>
      <tbody>{rows.map((row) => <Row key={keyOf(row)} row={row} columns={columns} />)}</tbody>
    </table>
  </div>
)

function Row<R>({ row, columns: [first, ...others] }: { readonly row: R; readonly columns: readonly [Column<R>, ...Column<R>[]] }): ReactNode {
  const written = (cell: ReactNode): ReactNode => typeof cell === 'number' ? number(cell) : cell
  return <tr><th scope="row">{written(first.cell(row))}</th>{others.map(({ name, cell, isNumber }) => <td key={name} className={isNumber === true ? 'number' : undefined}>{written(cell(row))}</td>)}</tr>
}

// Figures of one thing, each with its unit and what it is held against.
import type { ReactNode } from 'react'
import { number } from '../words/language.ts'

export const Figures = ({ figures }: { readonly figures: readonly { readonly name: string; readonly value: ReactNode; readonly note?: ReactNode }[] }): ReactNode => (
  <dl className="figures">{figures.map(({ name, value, note }) => <div key={name}><dt>{name}</dt><dd>{typeof value === 'number' ? number(value) : value}</dd>{note === undefined ? null : <dd className="note-line">{note}</dd>}</div>)}</dl>
)

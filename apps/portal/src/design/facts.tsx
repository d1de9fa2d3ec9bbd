// Questions and answers in rows, each with the way to change it: GOV.UK's summary list.
import type { ReactNode } from 'react'

export interface Fact {
  readonly name: string
  readonly value: ReactNode
  readonly change?: ReactNode
}

export const Facts = ({ facts }: { readonly facts: readonly Fact[] }): ReactNode => (
  <dl className="facts">{facts.map(({ name, value, change }) => <div key={name}><dt>{name}</dt><dd>{value}</dd>{change === undefined ? null : <dd>{change}</dd>}</div>)}</dl>
)

// What happened to one thing, in order, each with its time, and what is still to come with its clock.
import type { ReactNode } from 'react'
import { moment } from '../words/language.ts'

export interface Happening {
  readonly at: number | null
  readonly what: ReactNode
  readonly note?: ReactNode
}

export const Timeline = ({ happenings }: { readonly happenings: readonly Happening[] }): ReactNode => (
  <ol className="timeline">{happenings.map(({ at, what, note }, index) => <li key={index}><div>{what}</div>{at === null ? null : <div className="muted small"><time dateTime={new Date(at).toISOString()}>{moment(at)}</time></div>}{note === undefined ? null : <div className="small">{note}</div>}</li>)}</ol>
)

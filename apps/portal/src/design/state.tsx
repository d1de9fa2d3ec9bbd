// A state by word, icon and colour, and the coloured note that a page puts beside what it concerns.
import type { ReactNode } from 'react'
import { Icon } from './icons.tsx'

export type StateKind = 'yes' | 'no' | 'wait' | 'info' | 'none'

export const State = ({ kind, children }: { readonly kind: StateKind; readonly children: ReactNode }): ReactNode => <span className={`state ${kind}`}><Icon name={kind} />{children}</span>

/** `alert` is read out when it appears. */
export const Note = ({ kind = 'info', alert = false, children }: { readonly kind?: Exclude<StateKind, 'none'>; readonly alert?: boolean; readonly children: ReactNode }): ReactNode => (
  <div className={`note ${kind}`} {...(alert ? { role: 'alert' } : {})}>{children}</div>
)

// What stands where something is still to come: lines of the right size, announced once.
import type { ReactNode } from 'react'

export const Skeleton = ({ lines = 4, label }: { readonly lines?: number; readonly label: string }): ReactNode => (
  <div role="status">
    <span className="visually-hidden">{label}</span>
    {Array.from({ length: lines }, (_, at) => <span key={at} className={`skeleton w${at % 4}`} aria-hidden="true" />)}
  </div>
)

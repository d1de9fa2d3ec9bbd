// One of a vocabulary's codes, in a native list.
import { useId } from 'react'
import type { ReactNode } from 'react'

interface SelectProps {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly options: readonly (readonly [value: string, text: string])[]
  readonly change: (value: string) => void
}

export function Select({ label, hint, value, options, change }: SelectProps): ReactNode {
  const id = useId()
  return (
    <div className="field">
      <label className="label" htmlFor={id}>{label}</label>
      {hint === undefined ? null : <span className="hint" id={`${id}-hint`}>{hint}</span>}
      <select id={id} value={value} onChange={(event) => change(event.target.value)} aria-describedby={hint === undefined ? undefined : `${id}-hint`}>{options.map(([code, text]) => <option key={code} value={code}>{text}</option>)}</select>
    </div>
  )
}

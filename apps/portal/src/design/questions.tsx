// One question: its legend, its hint, its answers, and the error beside it. Native controls; nothing is chosen beforehand.
import { useId } from 'react'
import type { ReactNode } from 'react'

export interface Option<V extends string> {
  readonly value: V
  readonly label: string
  readonly hint?: string
}

interface Asked {
  readonly legend: ReactNode
  readonly hint?: ReactNode
  readonly error?: string | undefined
}

interface OneOf<V extends string> extends Asked {
  readonly options: readonly Option<V>[]
  readonly chosen: V | undefined
  readonly choose: (value: V) => void
}

interface AnyOf<V extends string> extends Asked {
  readonly options: readonly Option<V>[]
  readonly chosen: readonly V[]
  readonly choose: (values: readonly V[]) => void
}

export function Radios<V extends string>({ options, chosen, choose, ...asked }: OneOf<V>): ReactNode {
  const name = useId()
  return <Fieldset {...asked}>{(told) => options.map((option) => (
    <Choice key={option.value} option={option}><input {...told} type="radio" name={name} checked={chosen === option.value} onChange={() => choose(option.value)} /></Choice>
  ))}</Fieldset>
}

export function Checks<V extends string>({ options, chosen, choose, ...asked }: AnyOf<V>): ReactNode {
  const toggled = (value: V): readonly V[] => chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]
  return <Fieldset {...asked}>{(told) => options.map((option) => (
    <Choice key={option.value} option={option}><input {...told} type="checkbox" checked={chosen.includes(option.value)} onChange={() => choose(toggled(option.value))} /></Choice>
  ))}</Fieldset>
}

const Choice = ({ option, children }: { readonly option: Option<string>; readonly children: ReactNode }): ReactNode => (
  <label className="option">{children}<span>{option.label}</span>{option.hint === undefined ? null : <span className="hint">{option.hint}</span>}</label>
)

interface Told {
  readonly 'aria-invalid'?: true
  readonly 'aria-describedby'?: string
}

function Fieldset({ legend, hint, error, children }: Asked & { readonly children: (told: Told) => ReactNode }): ReactNode {
  const id = useId()
  return (
    <fieldset aria-describedby={hint === undefined ? undefined : `${id}-hint`} id={id}>
      <legend>{legend}</legend>
      {hint === undefined ? null : <div className="hint" id={`${id}-hint`}>{hint}</div>}
      {error === undefined ? null : <span className="field-error" id={`${id}-error`}>{error}</span>}
      {children(error === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': `${id}-error` })}
    </fieldset>
  )
}

interface TextAsked {
  readonly label: string
  readonly hint?: string
  readonly error?: string | undefined
  readonly value: string
  readonly change: (value: string) => void
  readonly isCode?: boolean
  readonly type?: 'text' | 'search' | 'date' | 'number'
  readonly autoComplete?: string
}

/** Label, hint and error of one question, and the control between them, told which of these describe it. */
function Field({ label, hint, error, control }: Pick<TextAsked, 'label' | 'hint' | 'error'> & { readonly control: (told: { readonly id: string; readonly 'aria-invalid': true | undefined; readonly 'aria-describedby': string | undefined }) => ReactNode }): ReactNode {
  const id = useId()
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter((part) => part !== '').join(' ')
  return (
    <div className="field">
      <label className="label" htmlFor={id}>{label}</label>
      {hint === undefined ? null : <span className="hint" id={`${id}-hint`}>{hint}</span>}
      {error === undefined ? null : <span className="field-error" id={`${id}-error`}>{error}</span>}
      {control({ id, 'aria-invalid': error === undefined ? undefined : true, 'aria-describedby': described === '' ? undefined : described })}
    </div>
  )
}

export function TextQuestion({ value, change, isCode = false, type = 'text', autoComplete = 'off', ...asked }: TextAsked): ReactNode {
  return <Field {...asked} control={(told) => <input {...told} type={type} className={isCode ? 'code' : undefined} value={value} onChange={(event) => change(event.target.value)} autoComplete={autoComplete} autoCapitalize="off" spellCheck={false} />} />
}

/** One file; `accept` lists the endings that are shown. */
export function FileQuestion({ accept, choose, ...asked }: Pick<TextAsked, 'label' | 'hint' | 'error'> & { readonly accept: string; readonly choose: (file: File | undefined) => void }): ReactNode {
  return <Field {...asked} control={(told) => <input {...told} type="file" accept={accept} onChange={(event) => choose(event.target.files?.[0])} />} />
}

/** Text of several lines. */
export function LongTextQuestion({ value, change, isCode = false, rows = 5, ...asked }: Omit<TextAsked, 'type' | 'autoComplete'> & { readonly rows?: number }): ReactNode {
  return <Field {...asked} control={(told) => <textarea {...told} rows={rows} className={isCode ? 'code' : undefined} value={value} onChange={(event) => change(event.target.value)} spellCheck={!isCode} />} />
}

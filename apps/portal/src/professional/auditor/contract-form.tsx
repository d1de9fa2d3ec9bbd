// A payload's form, drawn from its operation's schema: each field with its words, what it may be, and what is wrong with it beside it.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Canonical } from '@mhmd/base'
import { blankOf, fieldErrors, formOf, schemaAt, typedValue, withPart } from '@mhmd/contracts'
import type { FieldError, FormField, FormGroup, FormList, FormPart, FormPath, FormSchema } from '@mhmd/contracts'
import { TextQuestion } from '../../design/questions.tsx'
import type { contractForm } from '../../words/professional-contract-form-en.ts'
import { Select } from '../select.tsx'

type Words = typeof contractForm

interface Drawn {
  readonly schema: FormSchema
  readonly errors: readonly FieldError[]
  /** Sets a part, or leaves it out. */
  readonly set: (path: FormPath, part: Canonical | undefined) => void
}

interface FormProps {
  readonly schema: FormSchema
  readonly value: Canonical
  readonly change: (value: Canonical) => void
}

export function ContractForm({ schema, value, change }: FormProps): ReactNode {
  const { t } = useTranslation('professional')
  const errors = fieldErrors(schema, value)
  const whole = errors.filter(({ path }) => path.length === 0)
  const drawn = { schema, errors, set: (path: FormPath, part: Canonical | undefined) => change(withPart(value, path, part) ?? {}) }
  return (
    <fieldset className="group">
      <legend>{t('contractForm.payload')}</legend>
      {whole.length === 0 ? null : <ErrorOf errors={whole} path={[]} />}
      {errors.length === 0 ? null : <p className="field-error">{t('contractForm.wrong', { count: errors.length })}</p>}
      <Members part={formOf(schema, value) as FormGroup} drawn={drawn} />
      {errors.filter(({ rule }) => rule === 'unexpected').map(({ path }) => (
        <p key={path.join('.')}><code>{path.join('.')}</code> <span className="field-error">{t('contractForm.rules.unexpected')}</span> <button type="button" onClick={() => drawn.set(path, undefined)}>{t('contractForm.remove', { name: path.at(-1) ?? '' })}</button></p>
      ))}
    </fieldset>
  )
}

/** The words of a member by its name; an item of a list has its list's, and its number. */
function useNameOf(): (path: FormPath) => string {
  const { t } = useTranslation('professional')
  return (path) => {
    const last = path.findLast((step) => typeof step === 'string') ?? ''
    const name = t(`contractForm.members.${last as keyof Words['members']}`, { defaultValue: last })
    const place = path.at(-1)
    return typeof place === 'number' ? t('contractForm.item', { name, number: place + 1 }) : name
  }
}

function useErrorWords(): (error: FieldError, schema: FormSchema) => string {
  const { t } = useTranslation('professional')
  const typeWords = useTypeWords()
  return ({ rule, limit = '', path }, schema) => t(`contractForm.rules.${rule}`, { limit: rule === 'kind' ? t(`contractForm.kinds.${limit as keyof Words['kinds']}`) : rule === 'pattern' ? typeWords(schemaAt(schema, path)?.title) : limit })
}

/** What a type is, in a sentence. */
function useTypeWords(): (title: string | undefined) => string {
  const { t } = useTranslation('professional')
  return (title) => title === undefined ? '' : t(`contractForm.types.${title as keyof Words['types']}`, { defaultValue: title })
}

function ErrorOf({ errors, path }: { readonly errors: readonly FieldError[]; readonly path: FormPath }): ReactNode {
  const words = useErrorWords()
  return errors.filter((error) => isAt(error, path)).map((error) => <span key={error.rule} className="field-error">{words(error, {})}</span>)
}

const isAt = (error: FieldError, path: FormPath): boolean => error.path.length === path.length && error.path.every((step, at) => path[at] === step)

const Members = ({ part, drawn }: { readonly part: FormGroup | FormList; readonly drawn: Drawn }): ReactNode => part.parts.map((inner) => <Part key={inner.path.join('.')} part={inner} drawn={drawn} />)

function Part({ part, drawn }: { readonly part: FormPart; readonly drawn: Drawn }): ReactNode {
  const { t } = useTranslation('professional')
  const name = useNameOf()(part.path)
  if (part.isOptional && part.value === undefined) return <p><button type="button" onClick={() => drawn.set(part.path, blankOf(schemaAt(drawn.schema, part.path) ?? {}))}>{t('contractForm.putIn', { name })}</button></p>
  const leaveOut = part.isOptional ? <p><button type="button" onClick={() => drawn.set(part.path, undefined)}>{t('contractForm.leaveOut', { name })}</button></p> : null
  return <>{part.kind === 'field' ? <Field field={part} name={name} drawn={drawn} /> : <Group part={part} name={name} drawn={drawn} />}{leaveOut}</>
}

function Group({ part, name, drawn }: { readonly part: FormGroup | FormList; readonly name: string; readonly drawn: Drawn }): ReactNode {
  return (
    <fieldset className="group">
      <legend>{name}</legend>
      <ErrorOf errors={drawn.errors} path={part.path} />
      <Members part={part} drawn={drawn} />
      {part.kind === 'list' ? <ListActions list={part} name={name} drawn={drawn} /> : null}
    </fieldset>
  )
}

function ListActions({ list: { path, parts, most }, name, drawn }: { readonly list: FormList; readonly name: string; readonly drawn: Drawn }): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <div className="actions">
      {parts.length < most ? <button type="button" onClick={() => drawn.set([...path, parts.length], blankOf(schemaAt(drawn.schema, [...path, 0]) ?? {}))}>{t('contractForm.add', { name })}</button> : null}
      {parts.length > 0 ? <button type="button" onClick={() => drawn.set([...path, parts.length - 1], undefined)}>{t('contractForm.remove', { name: t('contractForm.item', { name, number: parts.length }) })}</button> : null}
    </div>
  )
}

function Field({ field: { path, title, value, options, isOptional }, name, drawn }: { readonly field: FormField; readonly name: string; readonly drawn: Drawn }): ReactNode {
  const { t } = useTranslation('professional')
  const [typeWords, errorWords] = [useTypeWords(), useErrorWords()]
  const schema = schemaAt(drawn.schema, path) ?? {}
  const wrong = drawn.errors.find((error) => isAt(error, path))
  const hint = [options === undefined ? typeWords(title) : '', isOptional ? t('contractForm.optional') : ''].filter((words) => words !== '').join(' ')
  const error = wrong === undefined ? undefined : errorWords(wrong, drawn.schema)
  const text = typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value)
  const change = (typed: string): void => drawn.set(path, typedValue(schema, typed))
  // What stands there and is none of the options is shown all the same.
  if (options !== undefined && options.some((option) => String(option) === text)) return <Select label={name} value={text} options={options.map((option) => [String(option), String(option)])} change={change} />
  return <TextQuestion label={name} {...(hint === '' ? {} : { hint })} error={error} isCode value={text} change={change} />
}

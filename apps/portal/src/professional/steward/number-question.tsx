// A number of a policy as it is typed: a whole one, a share in percent, or any; what is none yet changes nothing.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { TextQuestion } from '../../design/questions.tsx'
import { readNumber, writtenNumber } from './typed-number.ts'
import type { NumberKind } from './typed-number.ts'

interface NumberProps {
  readonly label: string
  readonly hint?: string
  readonly value: number
  readonly change: (value: number) => void
  /** A share is kept as a part of 1 and typed in percent; a chance is also said as one in so many. */
  readonly kind: NumberKind
  readonly least?: number
}

export function NumberQuestion({ label, hint, value, change, kind, least }: NumberProps): ReactNode {
  const { t } = useTranslation('professional')
  const [typed, setTyped] = useState({ text: writtenNumber(value, kind), value })
  // Something else changed it.
  if (typed.value !== value) setTyped({ text: writtenNumber(value, kind), value })
  const now = readNumber(typed.text, kind, least)
  const write = (text: string): void => {
    const number = readNumber(text, kind, least)
    setTyped({ text, value: number ?? value })
    if (number !== undefined) change(number)
  }
  const said = kind === 'chance' && now !== undefined && now > 0 ? t('policy.oneIn', { n: Math.round(10 / now) / 10 }) : undefined
  const told = [hint, said].filter((part) => part !== undefined).join(' ')
  const error = kind === 'whole' ? t('policy.wholeError', { least: least ?? 0 }) : kind === 'number' ? t('policy.numberError') : t('policy.percentError')
  return <TextQuestion label={label} {...(told === '' ? {} : { hint: told })} error={now === undefined ? error : undefined} value={typed.text} change={write} />
}

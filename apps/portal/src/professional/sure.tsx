// An act that can't be taken back: what follows is said before it is done, with a way back. The focus goes to the way back, and from there to where it began.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useDoing } from './doing.tsx'

interface SureProps {
  readonly label: string
  /** The same act, when it is meant. */
  readonly sure: string
  readonly act: () => Promise<unknown>
  /** Which of several things a reader of the screen would act on. */
  readonly of?: string
  /** What follows from it. */
  readonly children?: ReactNode
}

const focus = (button: HTMLButtonElement | null): void => button?.focus()

export function Sure({ label, sure, act, of, children }: SureProps): ReactNode {
  const { t } = useTranslation('professional')
  const doing = useDoing()
  const [step, go] = useState<'begun' | 'asked' | 'back'>('begun')
  const which = of === undefined ? null : <span className="visually-hidden"> {of}</span>
  if (step !== 'asked') return <button type="button" key={step} ref={step === 'back' ? focus : undefined} onClick={() => go('asked')}>{label}{which}</button>
  return (
    <div className="sure">
      {children}
      {doing.error}
      <div className="actions">
        <button type="button" className="grave" disabled={doing.working} onClick={() => doing.run(act)}>{sure}{which}</button>
        <button type="button" ref={focus} disabled={doing.working} onClick={() => go('back')}>{t('leave')}</button>
      </div>
    </div>
  )
}

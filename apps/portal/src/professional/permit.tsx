// An application for a permit as every side sees it: how it stands, what was decided on which conditions, its course, and who has delivered (Regulation (EU) 2025/327, Art. 60, 68, 69).
import type { safeguardCodes } from '@mhmd/schema'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Facts } from '../design/facts.tsx'
import { Note, State } from '../design/state.tsx'
import type { StateKind } from '../design/state.tsx'
import { day } from '../words/language.ts'
import { useAsked } from './asked.tsx'
import { Reason } from './reason.tsx'
import { useNameOf } from './staff-context.ts'
import { Timeline } from './timeline.tsx'
import type { Happening } from './timeline.tsx'

export interface Permit {
  readonly request: string
  readonly version: number
  readonly title: string | null
  readonly form: 'computation' | 'anonymised' | 'pseudonymised' | 'identified'
  readonly requester: string
  readonly authority: string
  readonly holders: readonly string[]
  readonly state: 'filed' | 'complete' | 'incomplete' | 'closed' | 'issued' | 'refused' | 'revoked' | 'over'
  readonly at: number
  readonly reason: string
  readonly explanation: string | null
  readonly permit: { readonly id: string; readonly kind: 'data-permit' | 'data-request'; readonly approved: number; readonly from: number; readonly until: number; readonly conditions: readonly (typeof safeguardCodes)[number][] | null; readonly deliverBy: number | null } | null
  readonly deliveries: readonly { readonly holder: string; readonly first: number | null; readonly late: boolean }[]
}

interface Step {
  readonly state: 'filed' | 'amended' | 'complete' | 'incomplete' | 'closed' | 'issued' | 'refused' | 'revoked'
  readonly by: string
  readonly at: number
  readonly reason: string
  readonly explanation: string | null
}

export interface PermitShown {
  readonly permit: Permit
  readonly course: readonly Step[]
}

export const usePermit = (request: string, enabled = true): UseQueryResult<PermitShown> => useAsked(`/staff/1/permits/${request}`, { on: ['message', 'ledger'], enabled })

const kinds: Readonly<Record<Permit['state'], StateKind>> = { filed: 'wait', complete: 'wait', incomplete: 'wait', closed: 'none', issued: 'yes', refused: 'no', revoked: 'no', over: 'none' }

export function PermitState({ state }: Pick<Permit, 'state'>): ReactNode {
  const { t } = useTranslation('professional')
  return <State kind={kinds[state]}>{t(`permit.states.${state}`)}</State>
}

/** The steps of an application, and what is still to come. */
export function usePermitCourse({ course }: PermitShown): readonly Happening[] {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return course.map(({ state, by, at, reason, explanation }) => ({ at, what: <>{nameOf(by)}: {t(`permit.steps.${state}`)}</>, note: <>{explanation === null ? null : <p className="written">{explanation}</p>}<Reason code={reason} /></> }))
}

export const PermitCourse = ({ shown, more = [] }: { readonly shown: PermitShown; readonly more?: readonly Happening[] }): ReactNode => <Timeline happenings={[...usePermitCourse(shown), ...more]} />

const bound = 'secure-processing-environment'

/** Whether the permit's conditions, or its form, let nothing leave (Art. 73). */
const isBound = ({ form, permit }: Permit): boolean => form === 'pseudonymised' || permit?.conditions?.includes(bound) === true

export function PermitFacts({ permit: view }: { readonly permit: Permit }): ReactNode {
  const { t } = useTranslation('professional')
  const { permit, form } = view
  if (permit === null) return null
  const { conditions } = permit
  const held = isBound(view) ? 'environment' : form === 'computation' ? 'figure' : 'assessed'
  return (
    <>
      <Facts facts={[
        { name: t('permit.kind'), value: t(`permit.kinds.${permit.kind}`) },
        { name: t('permit.from'), value: day(permit.from) }, { name: t('permit.until'), value: day(permit.until) },
        { name: t('permit.held'), value: t(`permit.form.${held}`) },
        { name: t('permit.conditions'), value: conditions === null ? t('permit.onLedger') : conditions.length === 0 ? t('permit.noConditions') : conditions.map((code) => t(`safeguardNames.${code}`)).join('; ') },
        ...(permit.deliverBy === null || form === 'computation' ? [] : [{ name: t('permit.deliverBy'), value: day(permit.deliverBy) }]),
        { name: t('permit.id'), value: <code>{permit.id}</code> },
      ]} />
      {held === 'environment' ? <Note kind="wait"><p>{t('permit.noEnvironment')}</p></Note> : null}
    </>
  )
}

function Delivery({ first, late, isCount }: { readonly first: number | null; readonly late: boolean; readonly isCount: boolean }): ReactNode {
  const { t } = useTranslation('professional')
  if (first !== null) return <State kind="yes">{t('permit.delivered', { date: day(first) })}</State>
  if (late) return <State kind="no">{t('permit.late')}</State>
  return <State kind="wait">{t(isCount ? 'permit.asked' : 'permit.due')}</State>
}

export function DeliveryRows({ permit: { deliveries, form } }: { readonly permit: Permit }): ReactNode {
  const nameOf = useNameOf()
  return <ul className="plain-rows">{deliveries.map(({ holder, first, late }) => <li key={holder}><strong>{nameOf(holder)}</strong> <Delivery first={first} late={late} isCount={form === 'computation'} /></li>)}</ul>
}

export function Deliveries({ permit }: { readonly permit: Permit }): ReactNode {
  const { t } = useTranslation('professional')
  return permit.permit === null ? null : <section><h2>{t('permit.deliveries')}</h2><DeliveryRows permit={permit} /></section>
}

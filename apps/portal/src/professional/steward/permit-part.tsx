// A request on which an access body decides, at a holder: there is no answer to give; under a permit in force it delivers (Art. 60 EHDS).
import type { UseRequest } from '@mhmd/schema'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../design/state.tsx'
import { day } from '../../words/language.ts'
import { Asked } from '../asked.tsx'
import { Deliveries, PermitCourse, PermitFacts, PermitState, usePermit } from '../permit.tsx'
import type { Permit } from '../permit.tsx'
import { useNameOf } from '../staff-context.ts'

export function PermitPart({ document: { id, until } }: { readonly document: UseRequest }): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Asked asked={usePermit(id)}>{(shown) => (
      <>
        <p><PermitState state={shown.permit.state} /></p>
        <WhatToDo permit={shown.permit} />
        <PermitCourse shown={shown} more={[{ at: until, what: t('request.ends') }]} />
        <PermitFacts permit={shown.permit} />
        <Deliveries permit={shown.permit} />
      </>
    )}</Asked>
  )
}

const undecided: ReadonlySet<Permit['state']> = new Set(['filed', 'complete', 'incomplete'])

function WhatToDo({ permit: { state, authority, permit } }: { readonly permit: Permit }): ReactNode {
  const { t } = useTranslation('professional')
  const name = useNameOf()(authority)
  if (undecided.has(state)) return <p>{t('permit.waits', { name })}</p>
  if (state === 'issued') return <Note kind="wait"><p>{t('permit.mustDeliver', { name, date: day(permit?.deliverBy ?? permit?.until ?? 0) })}</p></Note>
  return <p>{t('permit.isOver', { name })}</p>
}

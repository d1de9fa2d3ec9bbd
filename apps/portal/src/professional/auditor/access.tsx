// Readings of records at this holder, without the people: who, for what, on which ground, how many.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'
import { useNameOf } from '../staff-context.ts'

interface Event {
  readonly id: string
  readonly recorded: string
  readonly purposeOfEvent: readonly { readonly coding: readonly { readonly code: string }[] }[]
  readonly agent: readonly { readonly who: { readonly identifier: { readonly value: string } }; readonly requestor: boolean }[]
  readonly entity: readonly { readonly type: { readonly code: string }; readonly detail?: readonly { readonly type: string; readonly valueString: string }[] }[]
}

const detail = ({ entity }: Event, name: string): string => entity.flatMap(({ detail: details = [] }) => details).find(({ type }) => type === name)?.valueString ?? ''
const asker = ({ agent }: Event): string => agent.find(({ requestor }) => requestor)?.who.identifier.value ?? ''
const purpose = ({ purposeOfEvent: [first] }: Event): string => first?.coding[0]?.code ?? ''
const kinds = ({ entity }: Event): string => entity.slice(1).map(({ type }) => type.code).join(', ')

export function AccessRuns(): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  return (
    <Page title={t('pages.auditor.access')}>
      <Asked asked={useAsked<{ events: readonly Event[] }>('/staff/1/access-log')}>{({ events }) => (
        <List caption={t('pages.auditor.access')} rows={events} keyOf={({ id }) => id} textOf={(event) => `${asker(event)} ${nameOf(asker(event))} ${purpose(event)} ${kinds(event)} ${detail(event, 'basis')}`} empty={<p>{t('access.none')}</p>} columns={[
          { name: t('releases.when'), cell: ({ recorded }) => moment(Date.parse(recorded)) },
          { name: t('access.who'), cell: (event) => nameOf(asker(event)) },
          { name: t('request.purpose'), cell: purpose },
          { name: t('request.basis'), cell: (event) => detail(event, 'basis') },
          { name: t('access.kinds'), cell: kinds },
          { name: t('releases.people'), isNumber: true, cell: (event) => detail(event, 'people') },
          { name: t('health.height'), isNumber: true, cell: (event) => detail(event, 'ledger-height') },
        ]} />
      )}</Asked>
    </Page>
  )
}

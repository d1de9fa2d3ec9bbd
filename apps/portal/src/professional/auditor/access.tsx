// Readings of records at this holder, without the people: who, for what, on which ground, how many.
import { wholeList } from '@mhmd/client'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { saveFile } from '../../device/saved-file.ts'
import { moment } from '../../words/language.ts'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import { PagedList } from '../paged-list.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'

interface Event {
  readonly id: string
  readonly recorded: string
  readonly purposeOfEvent: readonly { readonly coding: readonly { readonly code: string }[] }[]
  readonly agent: readonly { readonly who: { readonly identifier: { readonly value: string } }; readonly requestor: boolean }[]
  readonly entity: readonly { readonly what?: { readonly identifier: { readonly value: string } }; readonly type: { readonly code: string }; readonly detail?: readonly { readonly type: string; readonly valueString: string }[] }[]
}

const detail = ({ entity }: Event, name: string): string => entity.flatMap(({ detail: details = [] }) => details).find(({ type }) => type === name)?.valueString ?? ''
const asker = ({ agent }: Event): string => agent.find(({ requestor }) => requestor)?.who.identifier.value ?? ''
const purpose = ({ purposeOfEvent: [first] }: Event): string => first?.coding[0]?.code ?? ''
const kinds = ({ entity }: Event): string => entity.slice(1).map(({ type }) => type.code).join(', ')

export function AccessRuns(): ReactNode {
  const { t } = useTranslation('professional')
  const nameOf = useNameOf()
  const { node } = useStaff()
  const doing = useDoing()
  const save = (): void => doing.run(async () => saveFile('access-log.json', { resourceType: 'Bundle', type: 'collection', entry: (await wholeList<Event>(node, '/staff/1/access-log', { name: 'events' })).map((resource) => ({ resource })) }))
  const named = (vocabulary: 'purposeNames' | 'basisNames' | 'formNames', code: string): string => t(`${vocabulary}.${code}` as 'purposeNames.research', { defaultValue: code })
  return (
    <Page title={t('pages.auditor.access')}>
      <p>{t('access.lead')}</p>
      <PagedList<Event> path="/staff/1/access-log" name="events" isSearchable caption={t('pages.auditor.access')} keyOf={({ id }) => id} empty={<p>{t('access.none')}</p>} columns={[
        { name: t('releases.when'), cell: ({ recorded }) => moment(Date.parse(recorded)) },
        { name: t('access.who'), cell: (event) => nameOf(asker(event)) },
        { name: t('request.purpose'), cell: (event) => named('purposeNames', purpose(event)) },
        { name: t('request.basis'), cell: (event) => named('basisNames', detail(event, 'basis')) },
        { name: t('access.form'), cell: (event) => named('formNames', detail(event, 'form')) },
        { name: t('holdings.request'), cell: (event) => <code className="small">{event.entity[0]?.what?.identifier.value ?? ''}</code> },
        { name: t('access.kinds'), cell: kinds },
        { name: t('releases.people'), isNumber: true, cell: (event) => detail(event, 'people') },
        { name: t('health.height'), isNumber: true, cell: (event) => detail(event, 'ledger-height') },
      ]} />
      {doing.error}
      <div className="actions"><button type="button" disabled={doing.working} onClick={save}>{t('access.save')}</button></div>
    </Page>
  )
}

// Who used it: every use with who, what for, on which ground, and what she can do about it.
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Bars } from '../../design/bars.tsx'
import { Facts } from '../../design/facts.tsx'
import { Note } from '../../design/state.tsx'
import { day, moment } from '../../words/language.ts'
import { Erased } from '../erased.tsx'
import { countryName, nameIn } from '../names.ts'
import type { Opened } from '../opened.ts'
import { Page, Partial } from '../page.tsx'
import { Permits } from '../permits.tsx'
import { Recalled } from '../recalled.tsx'
import { useHolders, useUses } from '../views.ts'
import type { Use } from '../views.ts'

export function UsedPage({ opened }: { readonly opened: Opened }): ReactNode {
  const { t } = useTranslation()
  const uses = useUses(opened)
  const { known } = useHolders(opened)
  const nameOf = nameIn(opened)
  const all = uses.known.flat().sort((a, b) => b.at - a.at)
  return (
    <Page title={t('used.title')}>
      <p>{t('used.lead')}</p>
      <p><Link className="row" href="/network">{t('network.linkMine')}</Link></p>
      <Partial gathered={uses} nameOf={nameOf}>
        <Erased known={known} nameOf={nameOf} />
        {all.length === 0 ? known.some(({ erased }) => erased !== null) ? <p>{t('used.noneLeft')}</p> : <><p><strong>{t('used.none')}</strong></p><p>{t('used.noneText')}</p></> : (
          <>
            <ul className="rows">{all.map((use) => <li key={use.release}><p className="muted small">{t('used.row', { date: day(use.at), holder: nameOf(use.holder) })}</p><p><Link className="row" href={`/used/${use.release}`}>{nameOf(use.request.requester.member)}: {use.request.title}</Link></p><Recalled use={use} /></li>)}</ul>
            <Bars title={t('used.chart')} summary={chartSummary(all, t)} columns={[t('used.organisation'), t('used.times')]} tableLabel={t('data.table')} bars={byRequester(all, nameOf)} />
          </>
        )}
        <Permits opened={opened} title={t('permits.title')} />
      </Partial>
    </Page>
  )
}

function chartSummary(all: readonly Use[], t: TFunction<'citizen'>): string {
  const recalled = all.filter(({ recall }) => recall !== null).length
  return recalled === 0 ? t('used.chartSummary', { count: all.length }) : `${t('used.chartSummary', { count: all.length })} ${t('used.chartRecalled', { count: recalled })}`
}

function byRequester(all: readonly Use[], nameOf: (id: string) => string): { label: string; value: number; shown: string }[] {
  const groups = Map.groupBy(all, ({ request }) => request.requester.member)
  return [...groups].map(([member, used]) => ({ label: nameOf(member), value: used.length, shown: String(used.length) })).sort((a, b) => b.value - a.value)
}

export function UsePage({ opened, release }: { readonly opened: Opened; readonly release: string }): ReactNode {
  const { t } = useTranslation()
  const uses = useUses(opened)
  const nameOf = nameIn(opened)
  const use = uses.known.flat().find((one) => one.release === release)
  if (use === undefined) return <Page title={t(uses.waiting ? 'used.detail' : 'used.gone')} back="/used"><Partial gathered={uses} nameOf={nameOf}>{null}</Partial></Page>
  const { request: { requester, title, purpose } } = use
  const can = use.basis === 'consent' ? 'canConsent' : use.basis === 'permit' ? 'canPermit' : 'canOther'
  return (
    <Page title={title} back="/used">
      <Facts facts={[
        { name: t('used.who'), value: `${nameOf(requester.member)} (${t(`recipient.${requester.class}`)}, ${countryName(requester.country)})` },
        { name: t('used.why'), value: t(`purpose.${purpose}`) },
        { name: t('used.form'), value: t(`form.${use.form}`) },
        { name: t('used.when'), value: moment(use.at) },
        { name: t('used.where'), value: nameOf(use.holder) },
        { name: t('used.because'), value: t(`used.basis.${use.basis}`) },
        { name: t('used.height'), value: t('used.block', { height: use.height }) },
      ]} />
      <Recalled use={use} />
      <h2>{t('used.do')}</h2>
      <Note><p>{t(`used.${can}`)}</p></Note>
      {can === 'canOther' ? null : <div className="actions"><Link className="button" href={can === 'canConsent' ? '/rights/withdraw' : '/rights/opt-out'}>{t(can === 'canConsent' ? 'rights.withdraw' : 'rights.optOut')}</Link></div>}
    </Page>
  )
}

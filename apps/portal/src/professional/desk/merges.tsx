// Patients under two numbers: what the record system's links propose, the merges with their reasons and authors, one patient's, and the end of one.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { State } from '../../design/state.tsx'
import type { StateKind } from '../../design/state.tsx'
import { moment } from '../../words/language.ts'
import { useDoing } from '../doing.tsx'
import { Rows } from '../list.tsx'
import type { Column } from '../list.tsx'
import { Page } from '../page.tsx'
import { PagedList } from '../paged-list.tsx'
import { Select } from '../select.tsx'
import { useStaff } from '../staff-context.ts'
import { Sure } from '../sure.tsx'
import { endReasons } from './merge-words.ts'
import type { EndReason, Merge } from './merge-words.ts'
import { PatientQuestion, asTyped, isNamed, nobody } from '../patient-question.tsx'
import { Proposal } from './proposal.tsx'

const kinds: Readonly<Record<Merge['state'], StateKind>> = { merged: 'yes', ended: 'none', proposed: 'wait', declined: 'none' }

export function Merges(): ReactNode {
  const { t } = useTranslation('professional')
  const columns = useColumns()
  return (
    <Page title={t('pages.desk.merges')} actions={<Link className="button primary" href="/merges/new">{t('merges.new')}</Link>}>
      <p>{t('merges.lead')}</p>
      <h2>{t('merges.proposals')}</h2>
      <PagedList<Merge> path="/staff/1/merges?state=proposed" name="merges" on={['job']} caption={t('merges.proposals')} keyOf={({ id }) => id} empty={<p>{t('merges.proposalsNone')}</p>} columns={[
        { name: t('merges.pair'), cell: ({ link }) => <PairShown link={link} /> },
        { name: t('merges.since'), cell: ({ at }) => moment(at) },
        { name: t('merges.decide'), cell: (merge) => <Proposal merge={merge} /> },
      ]} />
      <h2>{t('merges.find')}</h2>
      <Find columns={columns} />
      <h2>{t('merges.all')}</h2>
      <PagedList<Merge> path="/staff/1/merges" name="merges" on={['job']} caption={t('merges.all')} keyOf={({ id }) => id} without={({ state }) => state === 'proposed'} empty={<p>{t('merges.none')}</p>} columns={columns} />
    </Page>
  )
}

const PairShown = ({ link }: Pick<Merge, 'link'>): ReactNode => {
  const { t } = useTranslation('professional')
  return link === null ? t('merges.byIdentifiers') : <><code>{link.patient}</code> → <code>{link.other}</code></>
}

function useColumns(): readonly [Column<Merge>, ...Column<Merge>[]] {
  const { t } = useTranslation('professional')
  const { session } = useStaff()
  const author = (by: string | null): ReactNode => by === null ? t('merges.source') : by === session.key ? t('imports.you') : <code className="small">{by.slice(0, 12)}…</code>
  return [
    { name: t('merges.since'), cell: ({ at }) => moment(at) },
    { name: t('request.state'), cell: ({ state }) => <State kind={kinds[state]}>{t(`merges.states.${state}`)}</State> },
    { name: t('merges.pair'), cell: ({ link }) => <PairShown link={link} /> },
    { name: t('merges.why'), cell: ({ reason, origin, ended }) => <>{reason === null ? origin === 'source' ? t('merges.reasons.link') : '–' : t(`merges.reasons.${reason}`)}{ended === null ? null : <><br /><span className="muted">{moment(ended.at)}: {ended.reason === null ? t('merges.endReasons.link') : t(`merges.endReasons.${ended.reason}`)}</span></>}</> },
    { name: t('merges.by'), cell: ({ by, ended }) => <>{author(by)}{ended === null ? null : <><br />{author(ended.by)}</>}</> },
    { name: t('merges.end'), cell: (merge) => merge.state === 'merged' ? <End merge={merge} /> : null },
  ]
}

/** Told what follows before it is done. */
function End({ merge: { id, at } }: { readonly merge: Merge }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [reason, setReason] = useState<EndReason>('TWO_PEOPLE')
  return (
    <Sure label={t('merges.end')} sure={t('merges.endSure')} of={`(${moment(at)})`} act={() => node.delete(`/staff/1/merges/${id}?reason=${reason}`)}>
      <p className="small">{t('merges.endText')}</p>
      <Select label={t('merges.why')} value={reason} options={endReasons.map((code) => [code, t(`merges.endReasons.${code}`)])} change={(code) => setReason(code as EndReason)} />
    </Sure>
  )
}

/** By an identifier, which goes in a body and stands in no address. */
function Find({ columns }: { readonly columns: readonly [Column<Merge>, ...Column<Merge>[]] }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const [patient, setPatient] = useState(nobody)
  const [wrong, setWrong] = useState<string>()
  const [found, setFound] = useState<{ readonly numbers: number; readonly merges: readonly Merge[] }>()
  const find = (): void => {
    setWrong(isNamed(patient) ? undefined : t('patients.unnamed'))
    setFound(undefined)
    if (isNamed(patient)) doing.run(async () => setFound(await node.post('/staff/1/merges/search', asTyped(patient))))
  }
  return (
    <form autoComplete="off" onSubmit={(event) => { event.preventDefault(); find() }}>
      <PatientQuestion legend={t('merges.findWho')} error={wrong} patient={patient} change={setPatient} />
      {doing.error}
      <div className="actions"><button type="submit" disabled={doing.working}>{t('merges.findSubmit')}</button></div>
      {found === undefined ? null : <p role="status">{t('merges.numbers', { count: found.numbers })}{found.merges.length === 0 ? ` ${t('merges.findNone')}` : ''}</p>}
      {found === undefined || found.merges.length === 0 ? null : <Rows caption={t('merges.find')} rows={found.merges} columns={columns} keyOf={({ id }) => id} />}
    </form>
  )
}

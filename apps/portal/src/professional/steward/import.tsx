// One import: how far it is, what was found in it by code and place with what to do, the resources in quarantine, and where it came from. No value of a record.
import { wholeList } from '@mhmd/client'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { saveFile, saveText } from '../../device/saved-file.ts'
import { Bars } from '../../design/bars.tsx'
import { Facts } from '../../design/facts.tsx'
import { findingInWords } from '../../words/error-words.ts'
import { moment, number } from '../../words/language.ts'
import { useDoing } from '../doing.tsx'
import { Figures } from '../figures.tsx'
import { Progress } from '../job-bar.tsx'
import { Rows } from '../list.tsx'
import { OneThing } from '../one-thing.tsx'
import { JobState } from '../operator/jobs.tsx'
import type { Job } from '../operator/jobs.tsx'
import { Page } from '../page.tsx'
import { PagedList } from '../paged-list.tsx'
import { Problem } from '../problem.tsx'
import { useStaff } from '../staff-context.ts'
import { findingsCsv } from './findings-csv.ts'
import type { Finding } from './findings-csv.ts'
import type { Level } from './send-file.ts'

export const counts = ['read', 'added', 'changed', 'unchanged', 'quarantined'] as const

export interface ImportListed extends Pick<Job, 'id' | 'state' | 'created' | 'progress' | 'code'> {
  readonly name: string
  readonly way: 'page' | 'command-line' | 'folder' | 'record-system' | null
  readonly level: Level | null
  readonly report: Readonly<Record<typeof counts[number] | 'unresolved', number>> | null
}

interface Kind {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly place: string
  readonly rule?: string
  readonly profile?: string
  readonly count: number
  readonly says: string
  readonly remedy: string
}

interface Origin {
  readonly occurredPeriod: { readonly start: string; readonly end: string }
  readonly agent: readonly { readonly type: { readonly coding: readonly { readonly code: string }[] }; readonly who: { readonly identifier: { readonly value: string } } }[]
  readonly entity?: readonly { readonly what: { readonly identifier: { readonly value: string } } }[]
}

interface WholeImport extends ImportListed {
  readonly problem?: Job['problem']
  readonly profiles: readonly string[]
  readonly provenance: Origin | null
  readonly issues: { readonly resources: number; readonly isWhole: boolean; readonly kinds: readonly Kind[] } | null
}

/** Bars of the commonest findings; the table has all. */
const BARS = 6

export function ImportPage({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const up = { href: '/imports', label: t('pages.steward.imports') }
  return (
    <OneThing<WholeImport> path={`/staff/1/imports/${id}`} on={['job']} up={up}>{(one) => (
      <Page title={one.name === '' ? t('imports.one') : one.name} up={up} actions={<Acts one={one} />}>
        {one.state === 'waiting' ? <Progress label={t('imports.working')} progress={one.progress} /> : null}
        <Problem job={one} />
        {one.report === null ? null : <Figures figures={[...counts, 'unresolved' as const].map((name) => ({ name: t(`imports.${name}`), value: one.report?.[name] ?? 0 }))} />}
        {one.code === 'NODE_FILE_EMPTY' ? null : <Found one={one} />}
        <h2>{t('imports.origin')}</h2>
        <OriginShown one={one} />
      </Page>
    )}</OneThing>
  )
}

function Found({ one }: { readonly one: WholeImport }): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <>
      <h2>{t('imports.quality')}</h2>
      {one.issues === null ? <p className="muted">{t('imports.notYet')}</p> : one.issues.resources === 0 ? <p>{t(one.state === 'done' ? 'imports.clean' : 'imports.cleanSoFar')}</p> : <Quality issues={one.issues} />}
      {one.issues === null || one.issues.resources === 0 ? null : <Resources id={one.id} />}
    </>
  )
}

function Acts({ one: { id, state, code } }: { readonly one: WholeImport }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  // Read again, an empty file is empty still.
  if (state === 'done' || code === 'NODE_FILE_EMPTY') return null
  return (
    <>
      {doing.error}
      {state === 'waiting' ? <button type="button" disabled={doing.working} onClick={() => doing.run(() => node.delete(`/staff/1/imports/${id}`))}>{t('jobs.cancel')}</button>
        : <button type="button" className="primary" disabled={doing.working} onClick={() => doing.run(() => node.post(`/staff/1/jobs/${id}/resumption`, {}))}>{t('jobs.resume')}</button>}
    </>
  )
}

function Quality({ issues: { resources, isWhole, kinds } }: { readonly issues: NonNullable<WholeImport['issues']> }): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <>
      <p>{t('imports.qualityLead', { count: resources })} {isWhole ? null : t('imports.notWhole')}</p>
      {kinds.length < 2 ? null : <Bars title={t('imports.reasons')} summary={t('imports.reasonsSummary')} columns={[t('jobs.code'), t('imports.findings')]} tableLabel={t('table')} bars={kinds.slice(0, BARS).map(({ code, place, count }) => ({ label: `${code} ${place}`, value: count, shown: number(count) }))} />}
      <Rows<Kind> caption={t('imports.quality')} rows={kinds} keyOf={(kind) => JSON.stringify(kind)} columns={[
        { name: t('imports.what'), cell: ({ code, rule, profile, ...kind }) => <><InReadersWords kind={{ code, ...kind }} part="what" /> <span className="small muted"><code>{code}</code>{rule === undefined ? null : <> {rule}</>}{profile === undefined ? null : <> <code>{profile}</code></>}</span></> },
        { name: t('imports.path'), cell: ({ place }) => <code>{place === '' ? '–' : place}</code> },
        { name: t('imports.findings'), isNumber: true, cell: ({ count }) => count },
        { name: t('imports.severity'), cell: ({ severity }) => t(`imports.${severity}`) },
        { name: t('imports.remedy'), cell: (kind) => <InReadersWords kind={kind} part="remedy" /> },
      ]} />
    </>
  )
}

function InReadersWords({ kind, part }: { readonly kind: Pick<Kind, 'code' | 'says' | 'remedy'>; readonly part: 'what' | 'remedy' }): ReactNode {
  const words = findingInWords(kind)
  return <span lang={words.lang}>{words[part]}</span>
}

function Resources({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const path = `/staff/1/quarantine?import=${id}`
  const save = (): void => doing.run(async () => saveText(`import-${id}.csv`, findingsCsv(await wholeList<Finding>(node, '/staff/1/quarantine', { import: id, name: 'quarantine' }))))
  return (
    <>
      <h2>{t('imports.quarantine')}</h2>
      <p className="muted">{t('imports.quarantineLead')}</p>
      <div className="actions"><button type="button" disabled={doing.working} onClick={save}>{t('imports.save')}</button></div>
      {doing.error}
      <PagedList<Finding> path={path} name="quarantine" caption={t('imports.quarantine')} keyOf={({ item, path: place, code, rule = '', profile = '' }) => `${item} ${place} ${code} ${rule} ${profile}`} empty={<p>{t('imports.clean')}</p>} columns={[
        { name: t('imports.item'), isNumber: true, cell: ({ item }) => item },
        { name: t('imports.offset'), isNumber: true, cell: ({ offset }) => offset },
        { name: t('imports.path'), cell: ({ path: place }) => <code>{place}</code> },
        { name: t('jobs.code'), cell: ({ code, rule }) => <><code>{code}</code>{rule === undefined ? null : <> <span className="muted">{rule}</span></>}</> },
        { name: t('imports.severity'), cell: ({ severity }) => t(`imports.${severity}`) },
      ]} />
    </>
  )
}

function OriginShown({ one }: { readonly one: WholeImport }): ReactNode {
  const { t } = useTranslation('professional')
  const { id, state, way, level, created, provenance } = one
  return (
    <>
      <Facts facts={[
        { name: t('jobs.state'), value: <JobState state={state} /> },
        { name: t('imports.way'), value: way === null ? '–' : t(`imports.ways.${way}`) },
        { name: t('imports.level'), value: level === null ? '–' : t(`imports.levels.${level}`) },
        ...(level === 'full' && provenance !== null ? [{ name: t('imports.profiles'), value: <HeldTo profiles={one.profiles} /> }] : []),
        { name: t('jobs.created'), value: moment(created) },
        ...(provenance === null ? [] : [{ name: t('imports.ended'), value: moment(Date.parse(provenance.occurredPeriod.end)) }, { name: t('imports.sentBy'), value: <Sender origin={provenance} /> }]),
        ...(provenance?.entity ?? []).map(({ what }) => ({ name: 'SHA-256', value: <code>{what.identifier.value}</code> })),
        { name: t('request.id'), value: <code>{id}</code> },
      ]} />
      {provenance === null ? null : <div className="actions"><button type="button" onClick={() => saveFile(`provenance-${id}.json`, provenance)}>{t('imports.saveOrigin')}</button></div>}
    </>
  )
}

function HeldTo({ profiles }: Pick<WholeImport, 'profiles'>): ReactNode {
  const { t } = useTranslation('professional')
  return profiles.length === 0 ? t('imports.noProfiles') : <ul className="plain-rows">{profiles.map((url) => <li key={url}><code>{url}</code></li>)}</ul>
}

function Sender({ origin }: { readonly origin: Origin }): ReactNode {
  const { t } = useTranslation('professional')
  const { session } = useStaff()
  const key = origin.agent.find(({ type }) => type.coding[0]?.code === 'enterer')?.who.identifier.value
  if (key === undefined) return t('imports.ways.record-system')
  return key === session.key ? t('imports.you') : <code>{key}</code>
}

// Imports: send a file, see how far it is, and what stayed out and why, by place and code.
import { toBase64Url } from '@mhmd/base'
import { useId, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Figures } from '../figures.tsx'
import { List } from '../list.tsx'
import { JobState } from '../operator/jobs.tsx'
import type { Job } from '../operator/jobs.tsx'
import { Page } from '../page.tsx'
import { useStaff } from '../staff-context.ts'
import type { Staff } from '../session.ts'

interface Finding {
  readonly source: string
  readonly item: number
  readonly offset: number
  readonly path: string
  readonly code: string
}

interface Report {
  readonly report: { readonly read: number; readonly added: number; readonly changed: number; readonly unchanged: number; readonly quarantined: number } | null
}

/** Announced with its digest, then sent with the announcement's token. */
async function sendFile(node: Staff['node'], file: File): Promise<void> {
  const sha256 = toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer())))
  const { id, token } = await node.post<{ id: string; token: string }>('/staff/1/imports', { name: file.name, size: file.size, sha256 })
  const answer = await fetch(`/staff/1/uploads/${id}`, { method: 'PUT', headers: { 'content-type': 'application/vnd.mhmd.upload', 'x-upload-token': token, 'x-upload-offset': '0' }, body: file, credentials: 'omit' })
  if (!answer.ok) throw new Error('the upload was refused')
}

export function Imports(): ReactNode {
  const { t } = useTranslation('professional')
  const people = useAsked<{ subjects: number }>('/staff/1/records', { every: 3000 })
  const jobs = useAsked<{ jobs: readonly Job[] }>('/staff/1/jobs', { every: 2000 })
  const quarantine = useAsked<{ quarantine: readonly Finding[] }>('/staff/1/quarantine', { every: 5000 })
  return (
    <Page title={t('pages.steward.imports')}>
      <SendFile />
      <Asked asked={people}>{({ subjects }) => <Figures figures={[{ name: t('health.people'), value: subjects }]} />}</Asked>
      <h2>{t('imports.jobs')}</h2>
      <Asked asked={jobs}>{(all) => {
        const imports = all.jobs.filter(({ kind }) => kind === 'import')
        if (imports.length === 0) return <div className="note"><p>{t('imports.none')}</p></div>
        return <div className="scroll" tabIndex={0} role="region" aria-label={t('imports.jobs')}><table><thead><tr><th scope="col">{t('jobs.created')}</th><th scope="col">{t('jobs.state')}</th>{(['read', 'added', 'changed', 'unchanged', 'quarantined'] as const).map((name) => <th key={name} scope="col" className="number">{t(`imports.${name}`)}</th>)}<th scope="col">{t('jobs.cancel')}</th></tr></thead><tbody>{imports.map((job) => <ImportRow key={job.id} job={job} />)}</tbody></table></div>
      }}</Asked>
      <h2>{t('imports.quarantine')}</h2>
      <Asked asked={quarantine}>{({ quarantine: rows }) => (
        <List caption={t('imports.quarantine')} rows={rows.map((row, at) => ({ ...row, at }))} keyOf={({ at }) => String(at)} textOf={({ source, path, code }) => `${source} ${path} ${code}`} empty={<p>{t('imports.clean')}</p>} columns={[
          { name: t('imports.source'), cell: ({ source }) => source },
          { name: t('imports.item'), isNumber: true, cell: ({ item }) => item },
          { name: t('imports.path'), cell: ({ path }) => <code>{path}</code> },
          { name: t('jobs.code'), cell: ({ code }) => <code>{code}</code> },
        ]} />
      )}</Asked>
    </Page>
  )
}

function ImportRow({ job }: { readonly job: Job }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const { data } = useAsked<Report>(`/staff/1/imports/${job.id}`, job.state === 'waiting' ? { every: 1000 } : {})
  const report = data?.report
  return (
    <tr>
      <th scope="row">{moment(job.created)}</th><td><JobState state={job.state} /></td>
      {(['read', 'added', 'changed', 'unchanged', 'quarantined'] as const).map((name) => <td key={name} className="number">{report?.[name] ?? ''}</td>)}
      <td>{job.state === 'waiting' ? <button type="button" disabled={doing.working} onClick={() => doing.run(() => node.delete(`/staff/1/imports/${job.id}`))}>{t('jobs.cancel')}</button> : null}{doing.error}</td>
    </tr>
  )
}

function SendFile(): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const [file, setFile] = useState<File>()
  const id = useId()
  return (
    <form onSubmit={(event) => { event.preventDefault(); if (file !== undefined) doing.run(() => sendFile(node, file)) }}>
      <div className="field"><label className="label" htmlFor={id}>{t('imports.file')}</label><span className="hint">{t('imports.fileHint')}</span><input id={id} type="file" accept=".json,.ndjson,.gz" onChange={(event) => setFile(event.target.files?.[0])} /></div>
      {doing.error}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working || file === undefined}>{doing.working ? t('imports.sending') : t('imports.send')}</button></div>
    </form>
  )
}

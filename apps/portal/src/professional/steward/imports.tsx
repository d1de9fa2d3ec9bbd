// Imports: send a file, and every import whatever way it came, live; each has a page of its own.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useLocation } from 'wouter'
import { FileQuestion, Radios } from '../../design/questions.tsx'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Figures } from '../figures.tsx'
import { Progress } from '../job-bar.tsx'
import { JobState } from '../operator/jobs.tsx'
import { Page } from '../page.tsx'
import { PagedList } from '../paged-list.tsx'
import { useStaff } from '../staff-context.ts'
import { counts } from './import.tsx'
import type { ImportListed } from './import.tsx'
import { sendFile } from './send-file.ts'
import type { Level } from './send-file.ts'

export function Imports(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('pages.steward.imports')}>
      <Asked asked={useAsked<{ subjects: number }>('/staff/1/records', { on: ['job'] })}>{({ subjects }) => <Figures figures={[{ name: t('health.people'), value: subjects }]} />}</Asked>
      <SendFile />
      <h2>{t('imports.jobs')}</h2>
      <PagedList<ImportListed> path="/staff/1/imports" name="imports" on={['job']} caption={t('imports.jobs')} keyOf={({ id }) => id} empty={<p>{t('imports.none')}</p>} columns={[
        { name: t('imports.source'), cell: ({ id, name }) => <Link className="row" href={`/imports/${id}`}>{name === '' ? id : name}</Link> },
        { name: t('jobs.state'), cell: ({ state, code, progress }) => <><JobState state={state} />{code === undefined ? null : <> <code className="small">{code}</code></>}{state === 'waiting' && progress !== undefined ? <> <span className="muted">{t('imports.soFar', { count: progress.done })}</span></> : null}</> },
        { name: t('imports.way'), cell: ({ way }) => way === null ? '–' : t(`imports.ways.${way}`) },
        { name: t('imports.level'), cell: ({ level }) => level === null ? '–' : t(`imports.levels.${level}`) },
        { name: t('jobs.created'), cell: ({ created }) => moment(created) },
        ...counts.map((name) => ({ name: t(`imports.${name}`), isNumber: true, cell: ({ report }: ImportListed) => report?.[name] ?? '–' })),
      ]} />
    </Page>
  )
}

function SendFile(): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const [file, setFile] = useState<File>()
  const [level, setLevel] = useState<Level>('structure')
  const [sent, setSent] = useState(0)
  const [isTried, setTried] = useState(false)
  const [, go] = useLocation()
  const send = (): void => {
    setTried(true)
    if (file === undefined || file.size === 0) return
    setSent(0)
    doing.run(async () => go(`/imports/${await sendFile(node, file, { level, sent: setSent })}`))
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); send() }}>
      <FileQuestion label={t('imports.file')} hint={t('imports.fileHint')} error={file === undefined ? isTried ? t('imports.noFile') : undefined : file.size === 0 ? t('imports.fileEmpty') : undefined} accept=".json,.ndjson,.gz" choose={setFile} />
      <Radios legend={t('imports.level')} options={(['structure', 'full'] as const).map((value) => ({ value, label: t(`imports.levels.${value}`), hint: t(`imports.levelHint.${value}`) }))} chosen={level} choose={setLevel} />
      {doing.error}
      {doing.working && file !== undefined ? <Progress label={t('imports.sending')} progress={{ done: Math.min(sent, file.size), total: file.size }} /> : null}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{doing.working ? t('imports.sending') : t('imports.send')}</button></div>
    </form>
  )
}

// An alternative's job for the command line, with the hierarchies it names beside it, as one archive to keep.
import type { ReactNode } from 'react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../../design/state.tsx'
import { saveBytes } from '../../../device/saved-file.ts'
import { tarOf } from '../../../device/tar.ts'
import { useDoing } from '../../doing.tsx'
import { useStaff } from '../../staff-context.ts'

interface Files {
  readonly job: object
  readonly hierarchies: readonly { readonly name: string; readonly csv: string }[]
  readonly isOfSameRows: boolean
}

export function JobFiles({ draft, name, job }: { readonly draft: string; readonly name: string; readonly job: object }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const [isOfOthers, tell] = useState(false)
  const save = (): void => doing.run(async () => {
    const files = await node.get<Files>(`/staff/1/datasets/drafts/${draft}/protection/${name}/files`)
    tell(!files.isOfSameRows)
    saveBytes(`protection-${name}.tar`, tarOf([{ name: 'job.json', text: `${JSON.stringify(files.job, undefined, 2)}\n` }, ...files.hierarchies.map(({ name: file, csv }) => ({ name: file, text: csv }))], Math.floor(Date.now() / 1000)))
  })
  return (
    <details className="small">
      <summary>{t('protection.job')}</summary>
      <p>{t('protection.jobText')}</p>
      {isOfOthers ? <Note kind="wait"><p role="status">{t('protection.otherRows')}</p></Note> : null}
      {doing.error}
      <p><button type="button" disabled={doing.working} onClick={save}>{t('protection.jobSave')}</button></p>
      <pre className="scroll" tabIndex={0} aria-label={t('protection.job')}><code>{JSON.stringify(job, undefined, 2)}</code></pre>
    </details>
  )
}

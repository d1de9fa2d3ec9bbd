// A new dataset begins with a view: a ready one, or the steward's own; a job profiles its rows, and the draft is decided on its page.
import { useId, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { LongTextQuestion, Radios } from '../../design/questions.tsx'
import { viewInWords } from '../../words/error-words.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import { useStaff } from '../staff-context.ts'

interface ReadyView {
  readonly name: string
  readonly resource: string
  readonly title: string
  readonly description: string
  readonly columns: readonly string[]
}

const OWN = '*own'

export function NewDataset(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('start.title')} up={{ href: '/datasets', label: t('pages.steward.datasets') }}>
      <p>{t('start.lead')}</p>
      <Asked asked={useAsked<{ views: readonly ReadyView[] }>('/staff/1/views')}>{({ views }) => <Begin views={views} />}</Asked>
    </Page>
  )
}

function Begin({ views }: { readonly views: readonly ReadyView[] }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [, go] = useLocation()
  const [chosen, choose] = useState<string>()
  const [text, setText] = useState('')
  const [isTried, setTried] = useState(false)
  const doing = useDoing()
  const id = useId()
  const own = ownView(text)
  const ownError = own.error === undefined ? undefined : t(`start.${own.error}`)
  const submit = (): void => {
    setTried(true)
    if (chosen === undefined || (chosen === OWN && own.error !== undefined)) return
    doing.run(async () => go(`/datasets/drafts/${(await node.post<{ draft: string }>('/staff/1/datasets/drafts', { view: chosen === OWN ? own.view : chosen })).draft}`))
  }
  return (
    <form id={id} onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Radios legend={t('start.which')} error={isTried && chosen === undefined ? t('start.whichError') : undefined} chosen={chosen} choose={choose} options={[
        ...views.map((view) => {
          const [title, says] = viewInWords(view)
          return { value: view.name, label: `${title} (${view.resource})`, hint: `${says} ${t('start.columns', { columns: view.columns.join(', ') })}` }
        }),
        { value: OWN, label: t('start.own'), hint: t('start.ownHint') },
      ]} />
      {chosen === OWN ? <LongTextQuestion label={t('start.paste')} rows={14} isCode error={isTried ? ownError : undefined} value={text} change={setText} /> : null}
      {doing.error}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('start.submit')}</button></div>
    </form>
  )
}

/** What was pasted; or why it is none. */
function ownView(text: string): { readonly view?: object; readonly error?: 'notJson' | 'notView' } {
  try {
    const view = JSON.parse(text) as unknown
    return typeof view === 'object' && view !== null && 'resource' in view && 'select' in view ? { view } : { error: 'notView' }
  } catch {
    return { error: 'notJson' }
  }
}

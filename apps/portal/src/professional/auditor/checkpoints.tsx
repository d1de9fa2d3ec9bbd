// This node's newest signed checkpoint, and where a member or the ledger showed another history, both versions side by side.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { saveFile } from '../../device/saved-file.ts'
import { Note, State } from '../../design/state.tsx'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { Page } from '../page.tsx'
import { useNameOf } from '../staff-context.ts'

interface Dispute {
  readonly member: string
  readonly heard: number
  readonly theirs: string
  readonly own: string
  readonly agreeing: number
  readonly members: number
  readonly stopped: boolean
}

interface Kept {
  readonly newest: string | null
  readonly disputes: readonly Dispute[]
  readonly stopped: { readonly height: number; readonly checkpoint: string; readonly theirs: object } | null
}

const Version = ({ title, text }: { readonly title: string; readonly text: string }): ReactNode => <section><h3>{title}</h3><pre className="scroll" tabIndex={0} role="region" aria-label={title}><code>{text}</code></pre></section>

export function CheckpointsPage(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('pages.auditor.checkpoints')}>
      <Asked asked={useAsked<Kept>('/staff/1/checkpoints', { on: ['ledger'] })}>{(kept) => (
        <>
          {kept.stopped === null && kept.disputes.length === 0 ? <p><State kind="yes">{t('checkpoints.none')}</State></p> : null}
          {kept.stopped === null ? null : <Note kind="no" alert><p><strong>{t('checkpoints.stopped', { height: kept.stopped.height })}</strong></p></Note>}
          {kept.stopped === null ? null : <div className="columns"><Version title={t('checkpoints.given')} text={'note' in kept.stopped.theirs ? String(kept.stopped.theirs.note) : JSON.stringify(kept.stopped.theirs, null, 1)} /><Version title={t('checkpoints.own')} text={kept.stopped.checkpoint} /></div>}
          {kept.disputes.map((dispute) => <Disputed key={dispute.member} dispute={dispute} />)}
          {kept.newest === null ? null : <Version title={t('checkpoints.newest')} text={kept.newest} />}
          <div className="actions"><button type="button" onClick={() => saveFile('checkpoints.json', kept)}>{t('checkpoints.save')}</button></div>
        </>
      )}</Asked>
    </Page>
  )
}

function Disputed({ dispute: { member, heard, theirs, own, agreeing, members, stopped } }: { readonly dispute: Dispute }): ReactNode {
  const { t } = useTranslation('professional')
  const name = useNameOf()(member)
  return (
    <section>
      <h2>{t('checkpoints.contradicts', { name })}</h2>
      <p><State kind={stopped ? 'no' : 'wait'}>{t(stopped ? 'checkpoints.minority' : 'checkpoints.majority', { agreeing, members })}</State> <span className="muted">{moment(heard)}</span></p>
      <div className="columns"><Version title={t('checkpoints.theirs', { name })} text={theirs} /><Version title={t('checkpoints.own')} text={own} /></div>
    </section>
  )
}

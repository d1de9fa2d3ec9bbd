// What a steward holds of a table for its recipient: her own words, signed with her key, until a day. No machine says it (recital 26 GDPR; C-413/23 P).
import { releaseAssessmentStatement, signStatement, statementKinds } from '@mhmd/contracts'
import { commit, newSalt } from '@mhmd/crypto'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LongTextQuestion, Radios, TextQuestion } from '../../design/questions.tsx'
import { State } from '../../design/state.tsx'
import { randomness } from '../../device/ports.ts'
import { day } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'

interface About {
  readonly request: string
  readonly recipient: string
  readonly network: string
  readonly holder: string
  readonly assessment: { readonly state: Held; readonly until: number; readonly version: number; readonly time: number } | null
  readonly version: number
}
type Held = 'anonymous' | 'not-anonymous'

const DAY_MILLISECONDS = 86_400_000
const reasonOf: Readonly<Record<Held, string>> = { anonymous: 'RISK_IS_REMOTE', 'not-anonymous': 'RISK_REMAINS' }
/** The domain of the commitment to the reasons, as the holder's node checks it. */
const REPORT_CONTENT = 'release-assessment-report'

const pathOf = (release: string): string => `/staff/1/releases/${release}/assessment`

/** Whether a steward holds it anonymous now. */
export function useIsAssessed(release: string, enabled: boolean): boolean {
  const assessment = useAsked<About>(pathOf(release), { on: ['ledger'], enabled }).data?.assessment
  return assessment?.state === 'anonymous' && assessment.until > Date.now()
}

export function Assessment({ release }: { readonly release: string }): ReactNode {
  const { t } = useTranslation('professional')
  const [isAnew, setAnew] = useState(false)
  return (
    <section>
      <h2>{t('assess.title')}</h2>
      <p>{t('assess.lead')}</p>
      <Asked asked={useAsked<About>(pathOf(release), { on: ['ledger'] })}>{(about) => (
        <>
          <Present about={about} />
          {about.assessment === null || isAnew ? <Assess release={release} about={about} done={() => setAnew(false)} /> : <button type="button" onClick={() => setAnew(true)}>{t('assess.again')}</button>}
        </>
      )}</Asked>
    </section>
  )
}

function Present({ about: { assessment, recipient } }: { readonly about: About }): ReactNode {
  const { t } = useTranslation('professional')
  const name = useNameOf()(recipient)
  if (assessment === null) return <p><State kind="wait">{t('assess.none', { name })}</State></p>
  const date = day(assessment.until)
  const state = assessment.state === 'not-anonymous' ? <State kind="no">{t('assess.not-anonymous', { name })}</State> : assessment.until <= Date.now() ? <State kind="wait">{t('assess.lapsed', { name, date })}</State> : <State kind="yes">{t('assess.anonymous', { name, date })}</State>
  return <p>{state} <span className="muted small">{t('assess.version', { version: assessment.version, date: day(assessment.time) })}</span></p>
}

function Assess({ release, about, done }: { readonly release: string; readonly about: About; readonly done: () => void }): ReactNode {
  const { t } = useTranslation('professional')
  const staff = useStaff()
  const name = useNameOf()(about.recipient)
  const [state, setState] = useState<Held>()
  const [reasons, setReasons] = useState('')
  const [days, setDays] = useState('180')
  const [isTried, setTried] = useState(false)
  const doing = useDoing()
  const isRight = /^[1-9][0-9]{0,3}$/.test(days.trim()) && Number(days) <= 3650
  const sign = async (held: Held): Promise<void> => {
    const [key, node, salt] = [await staff.key(), await staff.signed(), newSalt(randomness)]
    const statement = releaseAssessmentStatement({ network: about.network, holder: about.holder, request: about.request, release, recipient: about.recipient, state: held, reason: reasonOf[held], report: commit(REPORT_CONTENT, reasons, salt), until: Date.now() + Number(days) * DAY_MILLISECONDS, version: about.version + 1 })
    await node.post(pathOf(release), { statement, by: { key: key.publicKey, signature: signStatement(statementKinds.releaseAssessment, statement, key) }, reasons, salt })
    done()
  }
  const submit = (): void => {
    setTried(true)
    if (state !== undefined && reasons.trim() !== '' && isRight) doing.run(() => sign(state))
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit() }}>
      <Radios legend={t('assess.legend', { name })} error={isTried && state === undefined ? t('assess.stateError') : undefined} options={[{ value: 'anonymous', label: t('assess.yes'), hint: t('assess.yesHint') }, { value: 'not-anonymous', label: t('assess.no'), hint: t('assess.noHint') }]} chosen={state} choose={setState} />
      <LongTextQuestion label={t('assess.because')} hint={t('assess.becauseHint')} error={isTried && reasons.trim() === '' ? t('assess.becauseError') : undefined} value={reasons} change={(text) => setReasons(text.slice(0, 20_000))} />
      <TextQuestion label={t('assess.days')} error={isTried && !isRight ? t('share.daysError', { most: 3650 }) : undefined} value={days} change={setDays} />
      {doing.error}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('assess.sign')}</button></div>
    </form>
  )
}

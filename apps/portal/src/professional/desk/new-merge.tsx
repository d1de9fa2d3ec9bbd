// Two numbers of one patient put together: both are looked up, the consequences are told, and the reason is recorded with whoever confirms.
import { failureOf } from '../../words/failure.ts'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Facts } from '../../design/facts.tsx'
import { Radios } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { useDoing } from '../doing.tsx'
import type { Staff } from '../session.ts'
import { useStaff } from '../staff-context.ts'
import { Consequences } from './consequences.tsx'
import { mergeReasons } from './merge-words.ts'
import type { MergeReason } from './merge-words.ts'
import { PatientQuestion, asTyped, isNamed, nobody } from '../patient-question.tsx'
import type { Patient } from '../patient-question.tsx'

interface Named {
  readonly patient: Patient
  readonly into: Patient
}

type Wrong = { readonly [which in keyof Named]?: 'unnamed' | 'unknown' }

/** Under how many numbers each stands here now; or what is wrong with which. */
async function looked(node: Staff['node'], named: Named): Promise<{ readonly numbers?: { readonly patient: number; readonly into: number }; readonly wrong: Wrong }> {
  const numbersOf = async (patient: Patient): Promise<number | 'unnamed' | 'unknown'> => {
    if (!isNamed(patient)) return 'unnamed'
    return node.post<{ numbers: number }>('/staff/1/merges/search', asTyped(patient)).then(({ numbers }) => numbers, (error: unknown) => {
      if (failureOf(error).code === 'NODE_SUBJECT_UNKNOWN') return 'unknown'
      throw error
    })
  }
  const [patient, into] = await Promise.all([numbersOf(named.patient), numbersOf(named.into)])
  return typeof patient === 'number' && typeof into === 'number' ? { numbers: { patient, into }, wrong: {} } : { wrong: { ...(typeof patient === 'number' ? {} : { patient }), ...(typeof into === 'number' ? {} : { into }) } }
}

export function NewMerge(): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const [named, setNamed] = useState<Named>({ patient: nobody, into: nobody })
  const [wrong, setWrong] = useState<Wrong>({})
  const [numbers, setNumbers] = useState<{ readonly patient: number; readonly into: number }>()
  const check = (): void => doing.run(async () => {
    const found = await looked(node, named)
    setWrong(found.wrong)
    setNumbers(found.numbers)
  })
  if (numbers !== undefined) return <Confirm named={named} numbers={numbers} back={() => setNumbers(undefined)} />
  const errorOf = (which: keyof Named): string | undefined => wrong[which] === undefined ? undefined : t(`patients.${wrong[which]}`)
  return (
    <form onSubmit={(event) => { event.preventDefault(); check() }} autoComplete="off">
      <p>{t('merges.newLead')}</p>
      <PatientQuestion legend={t('merges.other')} hint={t('merges.otherHint')} error={errorOf('patient')} patient={named.patient} change={(patient) => setNamed({ patient, into: named.into.system === named.patient.system ? { ...named.into, system: patient.system } : named.into })} />
      <PatientQuestion legend={t('merges.stays')} hint={t('merges.staysHint')} error={errorOf('into')} patient={named.into} change={(into) => setNamed({ ...named, into })} />
      {doing.error}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('merges.check')}</button></div>
    </form>
  )
}

function Confirm({ named, numbers, back }: { readonly named: Named; readonly numbers: { readonly patient: number; readonly into: number }; readonly back: () => void }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const [reason, setReason] = useState<MergeReason>()
  const [isTried, setTried] = useState(false)
  const [isDone, setDone] = useState(false)
  const submit = (): void => {
    setTried(true)
    if (reason === undefined) return
    doing.run(async () => {
      await node.post('/staff/1/merges', { patient: asTyped(named.patient), into: asTyped(named.into), reason })
      setDone(true)
    })
  }
  if (isDone) return <Note kind="yes"><p role="status"><strong>{t('merges.done')}</strong></p><p>{t('merges.doneText')} <Link href="/merges">{t('merges.toList')}</Link></p></Note>
  const shown = (patient: Patient, count: number): ReactNode => <><code>{patient.value}</code> <span className="muted small">{patient.system}</span>{count > 1 ? <> – {t('merges.numbers', { count })}</> : null}</>
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit() }}>
      <h2>{t('merges.confirmTitle')}</h2>
      <Facts facts={[{ name: t('merges.other'), value: shown(named.patient, numbers.patient) }, { name: t('merges.stays'), value: shown(named.into, numbers.into) }]} />
      <Consequences />
      <Radios legend={t('merges.why')} error={isTried && reason === undefined ? t('merges.whyError') : undefined} options={mergeReasons.map((value) => ({ value, label: t(`merges.reasons.${value}`) }))} chosen={reason} choose={setReason} />
      {doing.error}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('merges.confirm')}</button><button type="button" onClick={back}>{t('merges.back')}</button></div>
    </form>
  )
}

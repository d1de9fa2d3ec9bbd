// Which patient is meant: an identifier and its system, typed and kept nowhere; and an act for her.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Checks, TextQuestion } from '../design/questions.tsx'
import { useDoing } from './doing.tsx'

export interface Patient {
  readonly system: string
  readonly value: string
}

export const nobody: Patient = { system: '', value: '' }
export const isNamed = ({ system, value }: Patient): boolean => system.trim() !== '' && value.trim() !== ''
export const asTyped = ({ system, value }: Patient): Patient => ({ system: system.trim(), value: value.trim() })

interface PatientQuestionProps {
  readonly legend: string
  readonly hint?: string
  readonly error?: string | undefined
  readonly patient: Patient
  readonly change: (patient: Patient) => void
}

export function PatientQuestion({ legend, hint, error, patient, change }: PatientQuestionProps): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <fieldset>
      <legend>{legend}</legend>
      {hint === undefined ? null : <div className="hint">{hint}</div>}
      {error === undefined ? null : <span className="field-error" role="alert">{error}</span>}
      <div className="two">
        <TextQuestion label={t('patients.value')} value={patient.value} change={(value) => change({ ...patient, value })} isCode />
        <TextQuestion label={t('patients.system')} value={patient.system} change={(system) => change({ ...patient, system })} isCode />
      </div>
    </fieldset>
  )
}

interface PatientActProps {
  readonly who: string
  readonly hint?: string
  /** What has to be said before an act that can't be taken back. */
  readonly sure?: { readonly legend: string; readonly label: string; readonly missing: string }
  readonly label: string
  readonly act: (patient: Patient) => Promise<unknown>
}

/** The form of one act for one patient. */
export function PatientAct({ who, hint, sure, label, act }: PatientActProps): ReactNode {
  const { t } = useTranslation('professional')
  const doing = useDoing()
  const [patient, setPatient] = useState(nobody)
  const [said, setSaid] = useState<readonly 'sure'[]>([])
  const [isTried, setTried] = useState(false)
  const isSure = sure === undefined || said.length > 0
  const submit = (): void => {
    setTried(true)
    if (isNamed(patient) && isSure) doing.run(() => act(asTyped(patient)))
  }
  return (
    <form autoComplete="off" onSubmit={(event) => { event.preventDefault(); submit() }}>
      <PatientQuestion legend={who} {...(hint === undefined ? {} : { hint })} error={isTried && !isNamed(patient) ? t('patients.unnamed') : undefined} patient={patient} change={setPatient} />
      {sure === undefined ? null : <Checks legend={sure.legend} error={isTried && !isSure ? sure.missing : undefined} options={[{ value: 'sure', label: sure.label }]} chosen={said} choose={setSaid} />}
      {doing.error}
      <div className="actions"><button type="submit" className={sure === undefined ? 'primary' : 'grave'} disabled={doing.working}>{label}</button></div>
    </form>
  )
}

/** What follows from an act, told before it is done. */
export function Effects({ title, said }: { readonly title: string; readonly said: readonly string[] }): ReactNode {
  return <div className="note wait"><h2>{title}</h2><ul>{said.map((text) => <li key={text}>{text}</li>)}</ul></div>
}

// Which patient is meant: an identifier and its system, typed and kept nowhere.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { TextQuestion } from '../design/questions.tsx'

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

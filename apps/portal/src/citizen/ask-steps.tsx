// The questions, one a page: how each is asked, when it is answered, and what of hers it touches.
import type { ReactNode } from 'react'
import type { TFunction } from 'i18next'
import { Checks, Radios } from '../design/questions.tsx'
import { areas, askedForms, askedPurposes, askedRecipients, askedReturns, askedUses, dataGroupNames, spans } from './answers.ts'
import type { Answers } from './answers.ts'
import { answer } from './asked.ts'
import type { Matter } from './asked.ts'
import { countryName } from './names.ts'
import { Question } from './page.tsx'

type T = TFunction<'citizen'>

export interface AskContext {
  readonly answers: Answers
  readonly t: T
  readonly holders: readonly { readonly id: string; readonly name: string }[]
  readonly country: string
  readonly isOptedOut: boolean
  readonly error: string | undefined
}

export interface Step {
  readonly name: keyof Answers
  /** Left out where there is nothing to choose. */
  readonly applies?: (context: Omit<AskContext, 'error'>) => boolean
  /** The words of what is missing; undefined once it is answered. */
  readonly missing: (answers: Answers, t: T) => string | undefined
  readonly touches?: Matter
  readonly ask: (context: AskContext) => ReactNode
}

const hintOf = (text: string): { hint?: string } => text === '' ? {} : { hint: text }

export const steps: readonly Step[] = [
  {
    name: 'holders', applies: ({ holders }) => holders.length > 1, missing: ({ holders }, t) => holders.length === 0 ? t('ask.holdersError') : undefined,
    ask: ({ answers, t, holders, error }) => <Checks legend={<Question>{t('ask.holders')}</Question>} error={error} options={holders.map(({ id, name }) => ({ value: id, label: name }))} chosen={answers.holders} choose={(chosen) => answer({ holders: chosen })} />,
  },
  {
    name: 'recipients', touches: 'profit', missing: ({ recipients }, t) => recipients.length === 0 ? t('ask.recipientsError') : undefined,
    ask: ({ answers, t, error }) => <Checks legend={<Question>{t('ask.recipients')}</Question>} hint={t('ask.recipientsHint')} error={error} options={askedRecipients.map((value) => ({ value, label: t(`recipient.${value}`), ...hintOf(t(`recipientHint.${value}`)) }))} chosen={answers.recipients} choose={(recipients) => answer({ recipients })} />,
  },
  {
    name: 'area', touches: 'near', missing: ({ area }, t) => area === undefined ? t('ask.areaError') : undefined,
    ask: ({ answers, t, country, error }) => <Radios legend={<Question>{t('ask.area')}</Question>} error={error} options={areas.map((value) => ({ value, label: t(`ask.areaName.${value}`, { country: countryName(country) }) }))} chosen={answers.area} choose={(area) => answer({ area })} />,
  },
  {
    name: 'purposes', touches: 'help', missing: ({ purposes }, t) => purposes.length === 0 ? t('ask.purposesError') : undefined,
    ask: ({ answers, t, error }) => <Checks legend={<Question>{t('ask.purposes')}</Question>} error={error} options={askedPurposes.map((value) => ({ value, label: t(`purpose.${value}`), ...hintOf(t(`purposeHint.${value}`)) }))} chosen={answers.purposes} choose={(purposes) => answer({ purposes })} />,
  },
  {
    name: 'data', missing: ({ data }, t) => data.length === 0 ? t('ask.dataError') : undefined,
    ask: ({ answers, t, error }) => <Checks legend={<Question>{t('ask.data')}</Question>} error={error} options={dataGroupNames.map((value) => ({ value, label: t(`group.${value}`), ...hintOf(t(`groupHint.${value}`)) }))} chosen={answers.data} choose={(data) => answer({ data })} />,
  },
  {
    name: 'form', touches: 'hide', missing: ({ form }, t) => form === undefined ? t('ask.formError') : undefined,
    ask: ({ answers, t, error }) => <Radios legend={<Question>{t('ask.form')}</Question>} error={error} options={askedForms.map((value) => ({ value, label: t(`form.${value}`), hint: t(`formHint.${value}`) }))} chosen={answers.form} choose={(form) => answer({ form })} />,
  },
  {
    name: 'uses', touches: 'profit', missing: () => undefined,
    ask: ({ answers, t }) => <Checks legend={<Question>{t('ask.uses')}</Question>} hint={t('ask.usesHint')} options={askedUses.map((value) => ({ value, label: t(`use.${value}`) }))} chosen={answers.uses} choose={(uses) => answer({ uses })} />,
  },
  {
    name: 'years', missing: ({ years }, t) => years === undefined ? t('ask.yearsError') : undefined,
    ask: ({ answers, t, error }) => <Radios legend={<Question>{t('ask.years')}</Question>} hint={t('ask.yearsHint')} error={error} options={spans.map((value) => ({ value, label: t(`ask.yearsName.${value}`) }))} chosen={answers.years} choose={(years) => answer({ years })} />,
  },
  {
    name: 'returns', touches: 'back', missing: () => undefined,
    ask: ({ answers, t }) => <Checks legend={<Question>{t('ask.returns')}</Question>} hint={t('ask.returnsHint')} options={askedReturns.map((value) => ({ value, label: t(`giveBack.${value}`) }))} chosen={answers.returns} choose={(returns) => answer({ returns })} />,
  },
  {
    name: 'despiteOptOut', applies: ({ isOptedOut }) => isOptedOut, missing: ({ despiteOptOut }, t) => despiteOptOut === undefined ? t('ask.despiteError') : undefined,
    ask: ({ answers, t, error }) => <Radios legend={<Question>{t('ask.despite')}</Question>} error={error} options={[{ value: 'yes', label: t('ask.despiteYes') }, { value: 'no', label: t('ask.despiteNo') }]} chosen={answers.despiteOptOut} choose={(despiteOptOut) => answer({ despiteOptOut })} />,
  },
]

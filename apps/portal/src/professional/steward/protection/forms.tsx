// Which form of release suits a kind of data, a need and a recipient; and what this house can't do yet.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { State } from '../../../design/state.tsx'
import type { StateKind } from '../../../design/state.tsx'
import type { professional } from '../../../words/professional-en.ts'
import { Asked, useAsked } from '../../asked.tsx'

type Words = (typeof professional)['protection']
interface Advice {
  readonly kind: keyof Words['kinds']
  readonly need: keyof Words['needs']
  readonly recipient: keyof Words['recipients']
  readonly form: keyof Words['formNames']
  readonly verdict: 'recommended' | 'possible' | 'not advised' | 'not possible here'
  readonly because: keyof Words['reasons']
}

const shownAs: Readonly<Record<Advice['verdict'], { readonly state: StateKind; readonly word: keyof Words['verdicts'] }>> = {
  recommended: { state: 'yes', word: 'recommended' }, possible: { state: 'info', word: 'possible' }, 'not advised': { state: 'wait', word: 'notAdvised' }, 'not possible here': { state: 'no', word: 'notHere' },
}

export function Forms(): ReactNode {
  const { t } = useTranslation('professional')
  const [asks, ask] = useState<Pick<Advice, 'kind' | 'need' | 'recipient'>>({ kind: 'table', need: 'records', recipient: 'named' })
  return (
    <section>
      <h2>{t('protection.forms')}</h2>
      <p>{t('protection.formsLead')}</p>
      <Asked asked={useAsked<{ forms: readonly Advice[] }>('/staff/1/release-forms')}>{({ forms }) => {
        const all = <K extends keyof typeof asks>(part: K): readonly (typeof asks)[K][] => [...new Set(forms.map((row) => row[part]))]
        return (
          <>
            <div className="bar">
              <label className="field"><span className="label">{t('protection.kind')}</span><select value={asks.kind} aria-label={t('protection.kind')} onChange={(event) => ask({ ...asks, kind: event.target.value as Advice['kind'] })}>{all('kind').map((one) => <option key={one} value={one}>{t(`protection.kinds.${one}`)}</option>)}</select></label>
              <label className="field"><span className="label">{t('protection.need')}</span><select value={asks.need} aria-label={t('protection.need')} onChange={(event) => ask({ ...asks, need: event.target.value as Advice['need'] })}>{all('need').map((one) => <option key={one} value={one}>{t(`protection.needs.${one}`)}</option>)}</select></label>
              <label className="field"><span className="label">{t('protection.recipient')}</span><select value={asks.recipient} aria-label={t('protection.recipient')} onChange={(event) => ask({ ...asks, recipient: event.target.value as Advice['recipient'] })}>{all('recipient').map((one) => <option key={one} value={one}>{t(`protection.recipients.${one}`)}</option>)}</select></label>
            </div>
            <div className="scroll" tabIndex={0} role="region" aria-label={t('protection.forms')}>
              <table>
                <thead><tr><th scope="col">{t('protection.form')}</th><th scope="col">{t('protection.verdict')}</th><th scope="col">{t('protection.because')}</th></tr></thead>
                <tbody>{forms.filter(({ kind, need, recipient }) => kind === asks.kind && need === asks.need && recipient === asks.recipient).map(({ form, verdict, because }) => <tr key={form}><th scope="row">{t(`protection.formNames.${form}`)}</th><td><State kind={shownAs[verdict].state}>{t(`protection.verdicts.${shownAs[verdict].word}`)}</State></td><td>{t(`protection.reasons.${because}`)}</td></tr>)}</tbody>
              </table>
            </div>
          </>
        )
      }}</Asked>
    </section>
  )
}

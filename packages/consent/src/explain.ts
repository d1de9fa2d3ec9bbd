// A verdict in words: plain sentences for her, citations for the lawyer. For the person and the holder only: a requester learns no one's reasons
// (a restriction under Art. 8 of Regulation (EU) 2025/327 must not even be visible to the provider it concerns).
import { bases, citationText } from '@mhmd/schema'
import type { Catalogue, Locale } from './catalogue/catalogue.ts'
import { english } from './catalogue/en.ts'
import { italian } from './catalogue/it.ts'
import type { Verdict } from './verdict.ts'

const catalogues: Readonly<Record<Locale, Catalogue>> = { en: english, it: italian }

/** The explanation of a verdict for its reader. The lawyer's text is the same in every locale: codes and citations. */
export function explain(verdict: Verdict, reader: 'citizen' | 'lawyer', locale: Locale): string {
  return reader === 'citizen' ? forCitizen(verdict, catalogues[locale]) : forLawyer(verdict)
}

function forCitizen(verdict: Verdict, { answers, reasons }: Catalogue): string {
  const sentences = verdict.reasons.map((one) => reasons[one.code])
  if (verdict.simulation && !verdict.reasons.some((one) => one.code === 'SIMULATION')) sentences.push(reasons.SIMULATION)
  return [answers[verdict.answer], ...new Set(sentences)].join(' ')
}

function forLawyer(verdict: Verdict): string {
  const reasons = verdict.reasons.map((one) => `${one.code}${one.detail === undefined ? '' : ` (${one.detail})`}: ${citationText(one.citation)}`)
  const basis = bases[verdict.basis]
  const simulated = verdict.simulation ? ` Simulation: ${citationText('EHDS:105')}.` : ''
  return `${verdict.answer} on the basis of ${verdict.basis} (${basis.citations.map(citationText).join('; ')}). ${reasons.join('. ')}.${simulated}`
}

// Door one: may this request be answered with this person's data, now? Pure: a request, what it rests on, and a time; a verdict with reasons.
import { applicationDates, dataCategories } from '@mhmd/schema'
import type { RequestBasis, UseRequest } from '@mhmd/schema'
import { careFinding } from './bases/care.ts'
import { consentFinding } from './bases/consent.ts'
import { holderDutyFinding } from './bases/holder-duty.ts'
import { ownAccessFinding } from './bases/own-access.ts'
import { permitFinding } from './bases/permit.ts'
import type { Basis } from './basis.ts'
import { reason } from './reasons.ts'
import { requestReasons } from './request-checks.ts'
import { found, verdictOf } from './verdict.ts'
import type { Finding, Verdict } from './verdict.ts'

const logics: Readonly<Record<RequestBasis, (request: UseRequest, bases: readonly Basis[], time: number) => Finding>> = {
  consent: consentFinding,
  permit: permitFinding,
  'own-access': ownAccessFinding,
  care: careFinding,
  'holder-duty': holderDutyFinding,
}

/**
 * The verdict for one person. A request rests on the one basis it names; other bases can close it, never open it. The order
 * of `bases` doesn't matter. Request and bases have passed their schemas; anything missing is read as silence or doubt.
 */
export function decide(request: UseRequest, bases: readonly Basis[], time: number): Verdict {
  const simulation = isSimulation(request, time)
  const against = requestReasons(request, time)
  if (against.length > 0) return verdictOf(request.basis, found(0, ...against), simulation)
  const finding = logics[request.basis](request, bases, time)
  const noted = simulation ? found(finding.until, ...finding.reasons, reason('SIMULATION')) : finding
  return verdictOf(request.basis, noted, simulation)
}

/** Whether the rules of secondary use under a permit are applied before they are law (Art. 105): 26 March 2029, and 2031 for some categories. */
export function isSimulation(request: UseRequest, time: number): boolean {
  if (request.basis !== 'permit') return false
  return !(time >= Math.max(applicationDates.secondaryUse.time, ...request.categories.map((category) => dataCategories[category].appliesFrom)))
}

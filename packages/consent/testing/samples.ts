// Small well-formed requests, terms and bases for tests: synthetic, and complete enough to be permitted until one thing is changed.
import type { ConsentTerms, Permission, UseRequest } from '@mhmd/schema'
import type { ConsentBasis, OptOutBasis, PermitBasis } from '@mhmd/consent'

export const day = 86_400_000
/** A moment in 2030: secondary use is law, the later categories are not yet. */
export const now = Date.UTC(2030, 0, 1)

export function sampleRequest(change: Partial<UseRequest> = {}): UseRequest {
  return {
    format: 'mhmd-use-request/1', id: '00000000000000000000000001', requester: { member: 'institute', class: 'research-organisation', country: 'IT' }, title: 'Asthma in adults', summary: 'A synthetic request.',
    purpose: 'health-research', uses: [], categories: ['a'], fhirTypes: ['Patient', 'Condition'], form: 'computation', basis: 'consent', from: now - day, until: now + 30 * day, safeguards: [], returns: [], ...change,
  }
}

function samplePermission(change: Partial<Permission> = {}): Permission {
  return { recipients: { members: [], classes: ['research-organisation'], countries: ['EU'] }, purposes: ['health-research'], uses: [], categories: ['a'], form: 'computation', ...change }
}

export function sampleTerms(change: Partial<ConsentTerms> = {}): ConsentTerms {
  return { format: 'mhmd-consent-terms/1', from: now - 100 * day, until: now + 100 * day, permissions: [samplePermission()], prohibitions: [], despiteOptOut: false, returnsWanted: [], ...change }
}

export function sampleConsent(change: Partial<ConsentBasis> = {}): ConsentBasis {
  return { basis: 'consent', version: 1, state: 'active', by: 'subject', expires: now + 50 * day, record: 'held', terms: sampleTerms(), ...change }
}

export function sampleOptOut(change: Partial<OptOutBasis> = {}): OptOutBasis {
  return { basis: 'opt-out', version: 1, state: 'active', by: 'subject', since: now - 10 * day, record: 'held', ...change }
}

export function samplePermit(change: Partial<PermitBasis> = {}): PermitBasis {
  return {
    basis: 'permit', kind: 'data-permit', id: 'permit-1', authority: 'access-body', user: 'institute', purposes: ['health-research'], categories: ['a'], form: 'pseudonymised',
    approved: now - 5 * day, from: now - 5 * day, until: now + 60 * day, state: 'active', record: 'held', ...change,
  }
}

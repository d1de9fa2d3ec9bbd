// Decisions for tests, made by the real engine: a holder's duty to import, and a citizen's access to her own records.
import { resolveCohort, resolveDuty } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import type { UseRequest } from '@mhmd/schema'

export const testTime = Date.UTC(2030, 0, 1)
const terms = { time: testTime, height: 1, deadline: testTime + 3_600_000, stillStands: () => true }

const request = (change: Partial<UseRequest>): UseRequest => ({
  format: 'mhmd-use-request/1', id: '00000000000000000000000001', requester: { member: 'rome', class: 'healthcare-provider', country: 'IT' }, title: 'A test', summary: '', purpose: 'import', uses: [],
  categories: ['a'], fhirTypes: [], form: 'identified', basis: 'holder-duty', from: testTime - 1, until: testTime + 86_400_000, safeguards: [], returns: [], ...change,
})

export const importDecision = (): Decision => resolveDuty(request({}), [{ basis: 'holder-duty', holder: 'rome', duty: 'import' }], terms)

export const ownAccess = (subject: string): Promise<Decision> =>
  resolveCohort(request({ basis: 'own-access', purpose: 'own-access', requester: { member: 'rome', class: 'citizen', country: 'IT' } }), [{ subject, bases: [{ basis: 'own-access', identifiedBy: 'desk' }] }], terms)

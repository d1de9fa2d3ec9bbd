// Random requests, terms and bases for properties, drawn from few values so that they meet often.
import fc from 'fast-check'
import { permissibleUseCodes } from '@mhmd/schema'
import type { ConsentTerms, DataCategory, FhirType, Form, Permission, Prohibition, Purpose, RecipientClass, Return, Use, UseRequest } from '@mhmd/schema'
import type { Basis, ConsentBasis, OptOutBasis, PermitBasis } from '@mhmd/consent'
import { day, now, sampleRequest } from './samples.ts'

const purpose = fc.constantFrom<Purpose[]>('research', 'health-research', 'algorithm-training', 'ancestry-research', 'official-statistics', 'education')
const category = fc.constantFrom<DataCategory[]>('a', 'e', 'f')
const type = fc.constantFrom<FhirType[]>('Patient', 'Condition', 'Claim', 'MolecularSequence')
const recipient = fc.constantFrom<RecipientClass[]>('research-organisation', 'business', 'public-body')
const country = fc.constantFrom('IT', 'NO', 'US')
const named = fc.constantFrom('IT', 'EU', 'EEA', '*')
const member = fc.constantFrom('institute', 'berlin')
const form = fc.constantFrom<('computation' | 'anonymised' | 'pseudonymised')[]>('computation', 'anonymised', 'pseudonymised')
const use = fc.constantFrom(...permissibleUseCodes.slice(0, 3))
const moment = fc.integer({ min: -20, max: 20 }).map((days) => now + days * day)
const some = <T>(one: fc.Arbitrary<T>, minLength = 0): fc.Arbitrary<T[]> => fc.uniqueArray(one, { minLength, maxLength: 3 })
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(one, { nil: undefined, freq: 2 })
const compact = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T

export const permissions: fc.Arbitrary<Permission> = fc.record({
  recipients: fc.record({ members: some(member), classes: some(recipient), countries: some(named) }), purposes: some(purpose), uses: some(use), categories: some(category, 1), form,
  fhirTypes: maybe(some(type, 1)), dataWindow: maybe(fc.constant({ from: '2020-01-01' })), requests: maybe(fc.constantFrom(['00000000000000000000000001'])),
}).map((value) => compact(value) as unknown as Permission)

export const prohibitions: fc.Arbitrary<Prohibition> = fc.record({
  members: maybe(some(member, 1)), classes: maybe(some(recipient, 1)), countries: maybe(some(named, 1)), purposes: maybe(some(purpose, 1)), categories: maybe(some(category, 1)), uses: maybe(some(use, 1)), form: maybe(form),
}).map((value) => compact(value) as unknown as Prohibition).filter((value) => Object.keys(value).length > 0)

/** Terms that permit much, so that permits are not rare. */
const generous: Permission = { recipients: { members: [], classes: ['research-organisation', 'business', 'public-body'], countries: ['*'] }, purposes: ['research', 'official-statistics', 'education'], uses: [...permissibleUseCodes], categories: ['a', 'e', 'f'], form: 'pseudonymised' }

export const consentTerms: fc.Arbitrary<ConsentTerms> = fc.record({
  format: fc.constantFrom<['mhmd-consent-terms/1']>('mhmd-consent-terms/1'), from: moment.map((time) => time - 15 * day), until: moment.map((time) => time + 20 * day),
  permissions: fc.oneof(fc.array(permissions, { maxLength: 3 }), fc.array(permissions, { maxLength: 2 }).map((list) => [...list, generous])),
  prohibitions: fc.oneof({ weight: 2, arbitrary: fc.constantFrom<Prohibition[][]>([]) }, { weight: 1, arbitrary: fc.array(prohibitions, { maxLength: 2 }) }), despiteOptOut: fc.boolean(), returnsWanted: fc.constantFrom<Return[][]>([], [], ['study-results']),
}).map((terms) => terms as unknown as ConsentTerms)

const version = fc.integer({ min: 1, max: 3 })
const record = fc.constantFrom<('held' | 'missing')[]>('held', 'held', 'held', 'missing')
const state = fc.constantFrom<('active' | 'withdrawn')[]>('active', 'active', 'withdrawn')
const by = fc.constantFrom<('subject' | 'desk')[]>('subject', 'desk')

export const consents: fc.Arbitrary<ConsentBasis> = fc.record({ basis: fc.constant('consent' as const), version, state, by, expires: moment.map((time) => time + 15 * day), record, terms: consentTerms })
  .map((consent) => (consent.state === 'withdrawn' || consent.record === 'missing' ? { ...consent, terms: null } : consent))
export const optOuts: fc.Arbitrary<OptOutBasis> = fc.record({ basis: fc.constant('opt-out' as const), version, state, by, since: moment, record })
const wide: Purpose[] = ['health-research', 'official-statistics', 'education']
export const permits: fc.Arbitrary<PermitBasis> = fc.record({
  basis: fc.constant('permit' as const), kind: fc.constantFrom<('data-permit' | 'data-request')[]>('data-permit', 'data-request'), id: fc.constantFrom('p1', 'p2'), authority: fc.constant('access-body'), user: fc.constantFrom('institute', 'institute', 'berlin'),
  purposes: fc.oneof(some(purpose, 1), fc.constant(wide)), categories: fc.oneof(some(category, 1), fc.constant<DataCategory[]>(['a', 'e', 'f'])), form, approved: moment, from: moment.map((time) => time - 15 * day), until: moment.map((time) => time + 20 * day), state: fc.constantFrom<('active' | 'revoked')[]>('active', 'active', 'revoked'), record,
})
const keys: fc.Arbitrary<Basis> = fc.constantFrom<Basis[]>({ basis: 'key', state: 'active' }, { basis: 'key', state: 'active' }, { basis: 'key', state: 'closed' })

/** What a holder may know of one person, in any order. */
const anyBasis: fc.Arbitrary<Basis> = fc.oneof({ weight: 4, arbitrary: consents }, { weight: 2, arbitrary: optOuts }, { weight: 3, arbitrary: permits }, { weight: 1, arbitrary: keys })
export const basesOfOne: fc.Arbitrary<Basis[]> = fc.array(anyBasis, { maxLength: 5 })

export const requests: fc.Arbitrary<UseRequest> = fc.record({
  member: fc.constantFrom('institute', 'institute', 'berlin'), class: recipient, country, purpose, uses: fc.constantFrom<Use[][]>([], [], [], ['commercial'], ['advertising']), categories: some(category, 1),
  form, basis: fc.constantFrom<('consent' | 'permit')[]>('consent', 'permit'), returns: fc.constantFrom<Return[][]>([], ['study-results']), environment: fc.boolean(), types: fc.boolean(),
}).map((asked) => sampleRequest({
  purpose: asked.purpose, uses: asked.uses, categories: asked.categories, form: asked.form as Form, basis: asked.basis, returns: asked.returns,
  requester: { member: asked.member, class: asked.class, country: asked.country },
  fhirTypes: asked.types && asked.categories.includes('a') ? ['Patient', 'Condition'] : [],
  safeguards: asked.environment ? ['secure-processing-environment'] : [],
}))

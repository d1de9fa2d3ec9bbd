// The varied choices of the devnet's synthetic citizens: each profile is a kind of person a newcomer should meet.
import type { ConsentTerms } from '@mhmd/schema'

export interface ChoiceProfile {
  readonly name: string
  readonly says: string
  /** Null: enrolled, and has decided nothing. */
  readonly terms: ((now: number) => ConsentTerms) | null
  readonly optsOut: boolean
}

const YEAR_MILLISECONDS = 365 * 24 * 3600 * 1000

const terms = (now: number, fields: Pick<ConsentTerms, 'permissions'> & Partial<ConsentTerms>): ConsentTerms => ({
  format: 'mhmd-consent-terms/1', from: now - 60_000, until: now + 2 * YEAR_MILLISECONDS, prohibitions: [], despiteOptOut: false, returnsWanted: [], ...fields,
})

type Permission = ConsentTerms['permissions'][number]

const research: Permission = {
  recipients: { members: [], classes: ['research-organisation', 'public-body', 'healthcare-provider'], countries: ['EEA'] },
  purposes: ['research'], categories: ['a', 'b', 'c', 'd'], uses: [], form: 'computation',
}

const profiles: readonly ChoiceProfile[] = [
  { name: 'open', says: 'Any research in Europe may count me.', optsOut: false, terms: (now) => terms(now, { permissions: [research] }) },
  { name: 'open-but-no-business', says: 'Research yes, businesses no.', optsOut: false, terms: (now) => terms(now, { permissions: [{ ...research, recipients: { ...research.recipients, classes: [...research.recipients.classes, 'non-profit'] } }], prohibitions: [{ classes: ['business', 'insurer'] }] }) },
  { name: 'one-institute', says: 'Only the heart institute.', optsOut: false, terms: (now) => terms(now, { permissions: [{ ...research, recipients: { members: ['institute'], classes: [], countries: [] } }] }) },
  { name: 'undecided', says: 'Enrolled, nothing decided yet.', optsOut: false, terms: null },
  { name: 'no-institute', says: 'Research yes, but not this institute.', optsOut: false, terms: (now) => terms(now, { permissions: [research], prohibitions: [{ members: ['institute'] }] }) },
  { name: 'open-business-too', says: 'Research and businesses may count me.', optsOut: false, terms: (now) => terms(now, { permissions: [{ ...research, recipients: { ...research.recipients, classes: [...research.recipients.classes, 'business'] } }] }) },
  { name: 'teaching-only', says: 'For teaching, not for research.', optsOut: false, terms: (now) => terms(now, { permissions: [{ ...research, purposes: ['education'] }] }) },
  { name: 'opted-out', says: 'Nobody, for anything.', optsOut: true, terms: null },
]

/** The kinds of people one by one: profiles 0, 1, 2 and 5 say yes to the heart institute. */
export const profileOf = (index: number): ChoiceProfile => profiles[index % profiles.length] as ChoiceProfile

/** Eleven people, seven of whom say yes to the heart institute: prime to the number of hospitals and of shipped patients, so that every kind is met everywhere. */
const crowd = [0, 1, 0, 3, 5, 0, 4, 2, 6, 1, 7]

/** The profile of the n-th citizen of the seeded network. */
export const crowdProfileOf = (index: number): ChoiceProfile => profileOf(crowd[index % crowd.length] ?? 0)

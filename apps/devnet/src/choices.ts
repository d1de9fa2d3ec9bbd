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
  { name: 'open-tables', says: 'Any research in Europe may count me, or have me in a table in coarse groups.', optsOut: false, terms: (now) => terms(now, { permissions: [{ ...research, form: 'anonymised' }] }) },
  { name: 'rows-for-one-institute', says: 'The heart institute may have my rows under another name; others in research may have me in coarse groups.', optsOut: false, terms: (now) => terms(now, { permissions: [{ ...research, form: 'anonymised' }, { ...research, recipients: { members: ['institute'], classes: [], countries: [] }, form: 'pseudonymised' }] }) },
]

/** The kinds of people one by one: profiles 0, 1, 2, 5, 8 and 9 let the heart institute count them, 8 and 9 have a table of them in coarse groups, and 9 their rows under other names. */
export const profileOf = (index: number): ChoiceProfile => profiles[index % profiles.length] as ChoiceProfile

/** Seventeen people, thirteen of whom let the heart institute count them and eight have a table: prime to the number of hospitals and of shipped patients, so that every kind is met everywhere. */
const crowd = [9, 1, 8, 3, 5, 9, 4, 7, 8, 2, 9, 0, 6, 8, 9, 1, 8]

/** The profile of the n-th citizen of the seeded network. */
export const crowdProfileOf = (index: number): ChoiceProfile => profileOf(crowd[index % crowd.length] ?? 0)

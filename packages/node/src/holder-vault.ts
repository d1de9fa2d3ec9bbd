// The holder's vault as its other rooms use it: each duty of the holder asks the decision engine like everyone else, and gets a decision for that duty alone; each reading is in the access log before it begins.
import { newId } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { resolveDuty, subjectsOf } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import { isHeldBack, joinFacts, parseExact } from '@mhmd/fhir'
import type { PersonResources } from '@mhmd/fhir'
import type { FactsSource } from '@mhmd/release'
import { dataCategoryCodes } from '@mhmd/schema'
import type { MemberRecord, UseRequest } from '@mhmd/schema'
import type { Vault } from '@mhmd/vault'
import type { AccessLog } from './access-log.ts'
import { nodeErrors } from './errors.ts'
import { inTurns } from './turns.ts'
import type { Merges, Person } from './patient-merges.ts'

export interface HolderVault extends FactsSource {
  subjects(): AsyncIterable<string>
  has(subject: string): Promise<boolean>
  /** The subject a local identifier stands for. Throws NODE_SUBJECT_UNKNOWN. */
  find(system: string, value: string): Promise<string>
  /** Of people as this vault names them, all pseudonyms that the decision covers. */
  pseudonymsOf(decision: Decision, people: readonly string[]): readonly string[]
  /**
   * Each person that the decision covers, with her records of one type of resource as they were written, without those that their security labels hold back: one person at a time, nothing more is held.
   * A duty of the holder covers everybody. Throws as `requireDecision`.
   */
  records(decision: Decision, resourceType: string): AsyncIterable<PersonResources>
  /** A fresh decision for one of the holder's own duties, good for an hour. */
  duty(duty: 'import' | 'quality' | 'backup'): Decision
}

const HOUR_MILLISECONDS = 3600 * 1000

/** So many people are noted in one transaction. */
const PAGE = 200

export function createHolderVault(parts: { vault: Vault; log: Pick<AccessLog, 'begin'>; merges: Pick<Merges, 'personOf' | 'membersOf'>; self: () => MemberRecord; clock: Clock; randomness: Randomness }): HolderVault {
  const { vault, clock } = parts

  function duty(purpose: 'import' | 'quality' | 'backup'): Decision {
    const now = clock.now()
    const self = parts.self()
    const request: UseRequest = {
      format: 'mhmd-use-request/1', id: newId(parts.randomness), requester: { member: self.id, class: 'healthcare-provider', country: self.country }, title: purpose, summary: '', purpose, uses: [],
      categories: [...dataCategoryCodes], fhirTypes: [], form: 'identified', basis: 'holder-duty', from: now, until: now + HOUR_MILLISECONDS, safeguards: [], returns: [],
    }
    return resolveDuty(request, [{ basis: 'holder-duty', holder: self.id, duty: purpose }], { time: now, height: 0, deadline: request.until, stillStands: () => true })
  }

  async function resourcesOf(decision: Decision, subject: string, resourceType: string): Promise<unknown[]> {
    const resources: unknown[] = []
    for await (const { text } of inTurns(vault.read(decision, subject, resourceType))) {
      const resource = parseExact(text) as { readonly [name: string]: unknown }
      if (!isHeldBack(resource)) resources.push(resource)
    }
    return resources
  }

  /** Those who have a record here, each noted before she is given. */
  async function* noted(subjects: Iterable<string> | AsyncIterable<string>, { decision, kinds }: { decision: Decision; kinds: readonly string[] }): AsyncGenerator<string> {
    const note = parts.log.begin(decision, kinds)
    let page: string[] = []
    for await (const subject of subjects) {
      if (await vault.has(subject)) page.push(subject)
      if (page.length < PAGE) continue
      await note(page)
      yield* inTurns(page)
      page = []
    }
    if (page.length === 0) return
    await note(page)
    yield* inTurns(page)
  }

  /** Those noted, as people: the pseudonyms of one that may be opened come together, after those who have one alone. */
  async function* people(subjects: Iterable<string> | AsyncIterable<string>, reading: { decision: Decision; kinds: readonly string[] }): AsyncGenerator<{ readonly name: string; readonly subjects: readonly string[] }> {
    const joined = new Map<Person, string[]>()
    for await (const subject of noted(subjects, reading)) {
      const person = parts.merges.personOf(subject)
      if (person === undefined) yield { name: subject, subjects: [subject] }
      else joined.set(person, [...joined.get(person) ?? [], subject])
    }
    for (const [{ staying }, subjects] of joined) yield { name: subjects.includes(staying) ? staying : subjects[0] as string, subjects }
  }

  return {
    duty,
    subjects: () => inTurns(vault.subjects()),
    has: (subject) => vault.has(subject),
    find: async (system, value) => {
      const subject = await vault.subjectOf(duty('quality'), { system, value })
      if (subject === undefined) throw nodeErrors.SUBJECT_UNKNOWN()
      return subject
    },
    pseudonymsOf: (decision, people) => {
      const covered = new Set(subjectsOf(decision, clock.now()))
      return people.flatMap((name) => [name, ...parts.merges.membersOf(name).filter((member) => member !== name && covered.has(member))])
    },
    facts: async function* (decision, types) {
      for await (const { name, subjects } of people(subjectsOf(decision, clock.now()), { decision, kinds: types })) {
        yield { subject: name, facts: joinFacts(await Promise.all(subjects.map((subject) => vault.facts(decision, subject, types)))) }
      }
    },
    records: async function* (decision, resourceType) {
      const covered = decision.basis === 'holder-duty' ? vault.subjects() : subjectsOf(decision, clock.now())
      for await (const { name, subjects } of people(covered, { decision, kinds: [resourceType] })) {
        yield { person: name, resources: (await Promise.all(subjects.map((subject) => resourcesOf(decision, subject, resourceType)))).flat() }
      }
    },
  }
}

// What this holder knows about who decided what: the ledger at a height, the signed records behind it, and withdrawals heard before the ledger has them.
import type { DecisionKind } from '@mhmd/accounts'
import type { Clock, MhmdError } from '@mhmd/base'
import type { Basis, StillStands, SubjectBases } from '@mhmd/consent'
import { stateKeys } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import type { DecisionState, SubjectState } from '@mhmd/schema'
import type { ReadTransaction, Store } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { keysClosedHere } from './keys-closed.ts'
import { mergedBases } from './merged-decisions.ts'
import type { Decided } from './merged-decisions.ts'
import { tellsOfMerge } from './notices.ts'
import type { Merges } from './patient-merges.ts'
import { closes } from './signed-records.ts'
import type { SignedRecord, SignedRecords } from './signed-records.ts'

export interface Standing {
  /** Bases of each subject at a ledger height, with what is known here already. */
  at(height: number, subjects: AsyncIterable<string>): AsyncIterable<SubjectBases>
  /** Bases of one subject now. */
  of(subject: string): Promise<readonly Basis[]>
  /** Of a person's pseudonyms, the one that a device may be linked to: the one with a key, or else the one that stays. */
  linkable(subject: string): Promise<string>
  /** Enforces at once what she sent directly: every decision value made before stops covering her. */
  close(subject: string): void
  /** The live predicate for a decision made now. */
  watch(): StillStands
  /** Why every door is closed: NODE_FORKED, NODE_BEHIND or, while the ledger's head is not confirmed, NODE_BLIND. */
  closedBy(): MhmdError | undefined
  /** Throws what closes the doors. */
  requireSight(): void
}

export interface StandingParts {
  readonly holder: string
  readonly store: Store
  readonly follower: Pick<Follower, 'rangeAt' | 'history' | 'height' | 'confirmedAt' | 'isForked' | 'onBlock'>
  /** Whether other members hold more of the ledger than this node is shown. */
  readonly isBehind: () => boolean
  readonly records: SignedRecords
  /** Which pseudonyms are one person. */
  readonly merges: Pick<Merges, 'personOf' | 'membersOf'>
  readonly clock: Clock
  /** How long the head may go unconfirmed before doors close. */
  readonly blindAfterMilliseconds: number
}

const kinds: readonly DecisionKind[] = ['consent', 'opt-out']
/** State keys that are about one subject of a holder: ('consent' | 'opt-out' | 'subject', holder, subject). */
const aboutSubject = new Set(['consent', 'opt-out', 'subject'])

export function createStanding(parts: StandingParts): Standing {
  const { holder, follower, clock } = parts
  // When each subject was last closed or changed, counted rather than timed: a decision covers her only if nothing came since.
  const changes = new Map<string, number>()
  let counter = 0
  const close = (subject: string): void => {
    counter++
    for (const member of parts.merges.membersOf(subject)) changes.set(member, counter)
  }
  // Never confirmed since the start is as blind as can be.
  const unseenMilliseconds = (): number => clock.now() - (follower.confirmedAt() ?? 0)
  const closedBy = (): MhmdError | undefined => {
    if (follower.isForked()) return nodeErrors.FORKED()
    if (parts.isBehind()) return nodeErrors.BEHIND()
    return unseenMilliseconds() > parts.blindAfterMilliseconds ? nodeErrors.BLIND({ seconds: Math.round(unseenMilliseconds() / 1000) }) : undefined
  }

  follower.onBlock((block) => {
    for (const { writes } of block.committed) {
      for (const { key } of writes) if (aboutSubject.has(key[0]) && key[1] === holder && key[2] !== undefined) close(key[2])
    }
  })

  async function* at(height: number, subjects: AsyncIterable<string>): AsyncIterable<SubjectBases> {
    const states = new Map<string, Map<string, unknown>>()
    for (const kind of [...kinds, 'subject']) {
      const found = new Map<string, unknown>()
      for await (const { key, value } of follower.rangeAt([kind, holder], height)) found.set(key[2] ?? '', value)
      states.set(kind, found)
    }
    for await (const subject of subjects) {
      const presentOf = (one: string): Present => ({ key: states.get('subject')?.get(one), consent: states.get('consent')?.get(one), optOut: states.get('opt-out')?.get(one) }) as Present
      yield { subject, bases: await basesOf(subject, presentOf) }
    }
  }

  /** Her own, with what her other pseudonyms here narrow or give. */
  async function basesOf(subject: string, presentOf: (one: string) => Present): Promise<Basis[]> {
    // Most patients never decided anything: nothing to look up for them.
    const members = parts.merges.membersOf(subject).map((one) => ({ one, present: presentOf(one) }))
    if (members.every(({ present }) => present.key === undefined && present.consent === undefined && present.optOut === undefined)) return []
    return parts.store.read(async (tx) => {
      const person = parts.merges.personOf(subject)
      const [own = {}, ...others] = await Promise.all(members.map(({ one, present }) => decidedOf(tx, one, present)))
      return mergedBases(own, others.map((other, at) => ({ ...other, since: person?.joined(subject, members[at + 1]?.one ?? '') ?? 0 })), clock.now())
    })
  }

  async function decidedOf(tx: ReadTransaction, subject: string, present: Present): Promise<Decided> {
    const isClosedHere = await keysClosedHere.get(tx, subject) !== undefined
    const consent = await newestOf(tx, { kind: 'consent', subject }, present.consent)
    const optOut = await newestOf(tx, { kind: 'opt-out', subject }, present.optOut)
    return {
      key: present.key === undefined ? undefined : { basis: 'key', state: isClosedHere ? 'closed' : present.key.state },
      consent: consent === undefined ? undefined : consentOf(consent),
      optOut: optOut === undefined ? undefined : { basis: 'opt-out', version: optOut.version, state: optOut.state, by: optOut.by, since: await optedOutSince(subject, optOut), record: optOut.record === undefined ? 'missing' : 'held' },
    }
  }

  /**
   * The ledger's version with its record; or a newer record of hers that closes (a withdrawn consent, a new opt-out), which counts
   * from the moment it was received. A newer consent might narrow the older one, so until the ledger has it there is none;
   * any other record that opens counts from its height on the ledger. What the ledger refused for good stands in the same way,
   * until she signs anew.
   */
  async function newestOf(tx: ReadTransaction, at: { kind: DecisionKind; subject: string }, onLedger: DecisionState | undefined): Promise<Known | undefined> {
    const shown = onLedger?.version ?? 0
    const aside = await asideOf(tx, at, shown)
    const newest = await parts.records.newest(tx, at.kind, at.subject)
    const ahead = newest !== undefined && newest.statement.version > shown ? newest : undefined
    const closing = [ahead, aside].find((record) => record !== undefined && closes(record))
    if (closing !== undefined) return { ...knownBy(closing), record: closing }
    if (onLedger === undefined) return undefined
    const narrowing = at.kind === 'consent' ? ahead ?? aside : undefined
    if (narrowing !== undefined) return { ...knownBy(narrowing), record: undefined }
    const behind = ahead === undefined ? newest : await parts.records.get(tx, { ...at, version: onLedger.version })
    return { ...onLedger, record: isBehind(onLedger, behind) ? behind : undefined }
  }

  /** What the ledger refused for good binds until the ledger shows a newer version than it did then. */
  async function asideOf(tx: ReadTransaction, { kind, subject }: { kind: DecisionKind; subject: string }, shown: number): Promise<SignedRecord | undefined> {
    const aside = await parts.records.aside(tx, kind, subject)
    return aside !== undefined && aside.ledger >= shown ? aside.record : undefined
  }

  /** Since when an opt-out has stood without interruption; a batch on its way to the ledger costs her no time. */
  async function optedOutSince(subject: string, known: Known): Promise<number> {
    let since = Math.min(known.time, known.record?.received ?? known.time)
    for (const { value } of [...await follower.history(stateKeys.optOut(holder, subject))].reverse()) {
      const state = value as unknown as DecisionState | null
      if (state === null || state.state !== 'active') break
      since = Math.min(since, state.time)
    }
    return since
  }

  return {
    at,
    of: async (subject) => {
      for await (const { bases } of at(follower.height(), one(subject))) return bases
      return []
    },
    linkable: async (subject) => {
      const person = parts.merges.personOf(subject)
      if (person === undefined) return subject
      const withKey = new Set<string>()
      for await (const { key } of follower.rangeAt(['subject', holder], follower.height())) withKey.add(key[2] ?? '')
      return person.members.find((member) => withKey.has(member)) ?? person.staying
    },
    close,
    watch: () => {
      const made = counter
      return (subject) => closedBy() === undefined && (subject === undefined || (changes.get(subject) ?? 0) <= made)
    },
    closedBy,
    requireSight: () => {
      const closed = closedBy()
      if (closed !== undefined) throw closed
    },
  }
}

interface Present {
  readonly key: SubjectState | undefined
  readonly consent: DecisionState | undefined
  readonly optOut: DecisionState | undefined
}

interface Known {
  readonly version: number
  readonly state: 'active' | 'withdrawn'
  readonly by: 'subject' | 'desk'
  readonly expires: number
  readonly time: number
  readonly record: SignedRecord | undefined
}

const isBehind = ({ version, content }: DecisionState, record: SignedRecord | undefined): boolean => record?.statement.version === version && record.statement.content === content

const knownBy = ({ statement: { version, operation, expires }, by, received }: SignedRecord): Omit<Known, 'record'> =>
  ({ version, state: operation === 'set' ? 'active' : 'withdrawn', by, expires, time: received })

/** A consent ends when its signed terms end; the ledger's own end may be later, and tells nobody which consents belong together. */
function consentOf({ version, state, by, expires, time, record }: Known): NonNullable<Decided['consent']> {
  const { terms = null, notice } = record?.opening.content ?? {}
  return {
    basis: { basis: 'consent', version, state, by, expires: Math.min(expires, terms?.until ?? expires), record: record === undefined ? 'missing' : 'held', terms },
    at: record?.received ?? time, isForAll: tellsOfMerge(notice),
  }
}

async function* one(subject: string): AsyncIterable<string> {
  yield subject
}

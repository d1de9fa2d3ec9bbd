// Which pseudonyms of this holder are one person (decision 0022): sealed rows that join two of them, ended and never overwritten, and the groups that those in force make.
import { newId } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import type { ReadTransaction, Store, WriteTransaction } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { sealedTable } from './sealed-table.ts'

/** Why staff say that two are one, and why they say that they are not. */
export const mergeReasons = ['REGISTERED_TWICE', 'PROVISIONAL_NUMBER', 'PATIENT_SAYS_SO', 'INDEX_SAYS_SO'] as const
export const endReasons = ['TWO_PEOPLE', 'PATIENT_SAYS_SO', 'INDEX_SAYS_SO'] as const

/** The word of a member of staff: her key, and her reason as a code. Neither where the record system's link says it. */
interface Said<R extends string> {
  readonly by?: string
  readonly reason?: R
}

export interface Merge extends Said<typeof mergeReasons[number]> {
  readonly id: string
  readonly from: string
  /** The pseudonym that stays: what the person is called at the doors. */
  readonly into: string
  readonly at: number
  /** `source`: the record system's own link between the two patients. */
  readonly origin: 'staff' | 'source'
  /** A proposal joins nothing, and neither does one that staff declined, which is not made again. */
  readonly state: 'merged' | 'ended' | 'proposed' | 'declined'
  readonly ended?: MergeEnd & { readonly at: number }
  /** The two patients by the source's own references, where its link made this. */
  readonly link?: { readonly patient: string; readonly other: string }
}

export interface MergeEnd extends Said<typeof endReasons[number]> {
  readonly origin: 'staff' | 'source'
}

/** Pseudonyms that are one person. */
export interface Person {
  readonly members: readonly string[]
  /** What she is called at the doors, if it is among those that may be opened. */
  readonly staying: string
  /** When the last of them was joined. */
  readonly at: number
  /** Since when two of them are joined. */
  joined(one: string, other: string): number
}

export interface Merges {
  /** The person whose pseudonym this is; undefined where it stands alone. */
  personOf(subject: string): Person | undefined
  /** All her pseudonyms, this one first. */
  membersOf(subject: string): readonly string[]
  list(tx: ReadTransaction): Promise<readonly Merge[]>
  get(id: string): Promise<Merge>
  /** Throws NODE_STATE where they are one already. */
  merge(parts: Pick<Merge, 'from' | 'into' | 'origin' | 'link' | 'by' | 'reason'>): Promise<Merge>
  propose(parts: Pick<Merge, 'from' | 'into' | 'link'>): Promise<void>
  /** Follows a proposal; of its two patients the one named stays. Throws NODE_NOT_FOUND, NODE_STATE. */
  accept(id: string, said: Required<Said<typeof mergeReasons[number]>> & { readonly stays: 'patient' | 'other' }): Promise<Merge>
  /** Takes a merge apart, or declines a proposal. Throws NODE_NOT_FOUND, NODE_STATE. */
  end(id: string, end: MergeEnd): Promise<Merge>
  /** Of these patients, erased by now, no row remains. */
  forget(tx: WriteTransaction, subjects: readonly string[]): Promise<void>
}

/** Told with the transaction, before it commits, and once it has: whose bases it changes. */
export interface MergeListener {
  inTransaction(tx: WriteTransaction, merge: Merge, members: readonly string[]): Promise<void>
  afterwards(members: readonly string[]): void
}

export async function openMerges(parts: { store: Store; nodeKey: Uint8Array; clock: Clock; randomness: Randomness; listener: () => MergeListener }): Promise<Merges> {
  const { store, clock } = parts
  const table = sealedTable<Merge>('patient-merges', parts.nodeKey)
  const list = async (tx: ReadTransaction): Promise<readonly Merge[]> => (await table.list(tx)).map(({ value }) => value)
  let people = peopleOf(await store.read(list))

  async function get(id: string, tx?: ReadTransaction): Promise<Merge> {
    const merge = tx === undefined ? await store.read((other) => table.get(other, id)) : await table.get(tx, id)
    if (merge === undefined) throw nodeErrors.NOT_FOUND({ what: 'merge' })
    return merge
  }

  /** Decided within the transaction by what stands there; the people are told anew after it, and every decision about them made before is over. */
  async function change(work: (tx: WriteTransaction, all: readonly Merge[]) => Promise<Merge>): Promise<Merge> {
    const { merge, all, members } = await store.write(async (tx) => {
      const before = await list(tx)
      const merge = await work(tx, before)
      await table.put(tx, [merge.id], merge)
      const all = await list(tx)
      const members = [...new Set([before, all].flatMap((rows) => peopleOf(rows).get(merge.from)?.members ?? []))]
      await parts.listener().inTransaction(tx, merge, members)
      return { merge, all, members }
    })
    people = peopleOf(all)
    parts.listener().afterwards(members)
    return merge
  }

  /** Throws NODE_STATE where they are one already; what was proposed of them is settled. */
  async function join(tx: WriteTransaction, all: readonly Merge[], { from, into }: Pick<Merge, 'from' | 'into'>): Promise<void> {
    if (from === into || peopleOf(all).get(from)?.members.includes(into) === true) throw nodeErrors.STATE({ what: 'patient', state: 'the same person here already' })
    for (const row of all) if (row.state === 'proposed' && isBetween(row, from, into)) await table.delete(tx, row.id)
  }

  return {
    list, get,
    personOf: (subject) => people.get(subject),
    membersOf: (subject) => [subject, ...(people.get(subject)?.members ?? []).filter((one) => one !== subject)],
    merge: (said) => change(async (tx, all) => {
      await join(tx, all, said)
      return { ...said, id: newId(parts.randomness), at: clock.now(), state: 'merged' }
    }),
    accept: (id, { by, reason, stays }) => change(async (tx, all) => {
      const { from, into, link, ...row } = await get(id, tx)
      if (row.state !== 'proposed') throw nodeErrors.STATE({ what: 'merge', state: row.state })
      await join(tx, all, { from, into })
      const pair = stays === 'other' ? { from, into, link } : { from: into, into: from, link: link === undefined ? undefined : { patient: link.other, other: link.patient } }
      const { link: named, ...ways } = pair
      return { ...row, ...ways, ...(named === undefined ? {} : { link: named }), at: clock.now(), origin: 'staff', state: 'merged', by, reason }
    }),
    propose: async ({ from, into, link }) => store.write(async (tx) => {
      if (from === into || (await list(tx)).some((row) => isBetween(row, from, into))) return
      const id = newId(parts.randomness)
      await table.put(tx, [id], { id, from, into, at: clock.now(), origin: 'source', state: 'proposed', ...(link === undefined ? {} : { link }) })
    }),
    end: (id, end) => change(async (tx) => {
      const merge = await get(id, tx)
      if (merge.state !== 'merged' && merge.state !== 'proposed') throw nodeErrors.STATE({ what: 'merge', state: merge.state })
      return { ...merge, state: merge.state === 'merged' ? 'ended' : 'declined', ended: { ...end, at: clock.now() } }
    }),
    forget: async (tx, subjects) => {
      for (const row of await list(tx)) if (subjects.includes(row.from) || subjects.includes(row.into)) await table.delete(tx, row.id)
      people = peopleOf(await list(tx))
    },
  }
}

export const isBetween = ({ from, into }: Merge, one: string, other: string): boolean => (from === one && into === other) || (from === other && into === one)

/** The person of each pseudonym that is joined with another. */
function peopleOf(rows: readonly Merge[]): ReadonlyMap<string, Person> {
  const people = new Map<string, Person>()
  for (const merge of rows.filter(({ state }) => state === 'merged').sort((a, b) => a.at - b.at)) {
    const before = [merge.from, merge.into].map((subject) => people.get(subject) ?? alone(subject)) as [Person, Person]
    const [left, right] = before
    if (left === right) continue
    const person: Person = {
      members: [...right.members, ...left.members], staying: right.staying, at: merge.at,
      joined: (one, other) => before.find(({ members }) => members.includes(one) && members.includes(other))?.joined(one, other) ?? merge.at,
    }
    for (const member of person.members) people.set(member, person)
  }
  return people
}

const alone = (subject: string): Person => ({ members: [subject], staying: subject, at: 0, joined: () => 0 })

// An adversary who has the whole ledger and one holder's full disk, and asks of each of its people: which pseudonym at the other holder is hers?
// It uses times, the order within a batch, submitter, sizes, versions and every other field that entries have. It shares no code with what it attacks.

/** An entry of the ledger about a person at the other holder. */
export interface Seen {
  readonly subject: string
  /** When the ledger shows it. */
  readonly time: number
  readonly submitter: string
  /** Place in its batch, from 0 to 1. */
  readonly place: number
  readonly statement: Readonly<Record<string, unknown>>
}

/** What the holder's own disk tells of one of its people: when each of her decisions arrived, and the ledger's entry of it. */
export interface Own {
  readonly received: number
  readonly entry: Seen
}

/** Fields that differ for everybody anyway. */
const ids = new Set(['subject', 'holder', 'operationId', 'content', 'network'])

/** How unlike two entries are: fields first, then size, then place. */
function distance(own: Seen, other: Seen): number {
  const fields = Object.keys(own.statement).filter((name) => !ids.has(name) && own.statement[name] !== other.statement[name]).length
  const size = Math.abs(JSON.stringify(own.statement).length - JSON.stringify(other.statement).length)
  return (own.submitter === other.submitter ? 0 : 1e9) + fields * 1e6 + size * 1e3 + Math.abs(own.place - other.place)
}

/** The other holder's entries in order of time, indexed by batch. */
export interface Index {
  readonly times: readonly number[]
  readonly batches: ReadonlyMap<number, readonly Seen[]>
}

export function indexed(seen: readonly Seen[]): Index {
  const batches = Map.groupBy(seen, ({ time }) => time)
  return { times: [...batches.keys()].sort((a, b) => a - b), batches }
}

/** Her pseudonym at the other holder, as good as it can be told: of those who have an entry where each of hers is (or, where there is none, next to it), the one whose entries are most alike. */
export function guess(own: readonly Own[], index: Index): string | undefined {
  const scores = new Map<string, { score: number; acts: number }>()
  for (const act of own) {
    for (const other of nearest(index, act)) {
      const before = scores.get(other.subject) ?? { score: 0, acts: 0 }
      scores.set(other.subject, { score: before.score + distance(act.entry, other), acts: before.acts + 1 })
    }
  }
  let best: { subject: string; score: number; acts: number } | undefined
  for (const [subject, found] of scores) if (best === undefined || found.acts > best.acts || (found.acts === best.acts && found.score < best.score)) best = { subject, ...found }
  return best?.subject
}

/** What was shown with hers; else what was shown closest to the moment at which she acted. */
function nearest({ times, batches }: Index, { received, entry }: Own): readonly Seen[] {
  const together = batches.get(entry.time)
  if (together !== undefined) return together
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] as number) < received) low = middle + 1
    else high = middle
  }
  const around = [times[low - 1], times[low]].filter((time) => time !== undefined)
  const closest = around.sort((a, b) => Math.abs(a - received) - Math.abs(b - received))[0]
  return closest === undefined ? [] : batches.get(closest) ?? []
}

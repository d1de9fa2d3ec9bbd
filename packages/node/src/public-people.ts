// How many people decided what, for everybody: noise on every cell, small cells left out, one publication in a period out of a budget (decision 0044).
import type { Clock } from '@mhmd/base'
import { deriveKey } from '@mhmd/crypto'
import { SecretStream, discreteLaplace } from '@mhmd/deid'
import type { Store } from '@mhmd/store'
import { jsonTable } from './table.ts'

const DAY = 86_400_000

export interface PublicationPolicy {
  readonly periodDays: number
  /** Of one publication, in tenths: ε = 0.3. */
  readonly epsilonTenths: number
  /** Of all publications whose periods began in the last `windowDays`, in tenths. */
  readonly budgetTenths: number
  readonly windowDays: number
  /** What noise brings below this is not shown. */
  readonly threshold: number
}

export const publicationPolicy: PublicationPolicy = { periodDays: 28, epsilonTenths: 3, budgetTenths: 39, windowDays: 364, threshold: 30 }

/** By how much one pseudonym can change all cells together: from one decision to the other, and an opt-out. */
const SENSITIVITY = 3

export const publicDecisions = ['given', 'withdrawn', 'opted-out'] as const
export type PublicDecision = (typeof publicDecisions)[number]

export interface PeopleCounted {
  readonly height: number
  readonly hash: string
  /** Every holder, those without people too: that a cell is missing would tell that it is empty. */
  readonly holders: readonly string[]
  readonly counts: readonly { readonly holder: string; readonly decision: PublicDecision; readonly people: number }[]
}

export interface Publication {
  readonly period: number
  readonly published: number
  readonly height: number
  readonly hash: string
  readonly epsilonTenths: number
  /** `people` is null where it came out too small to be shown. */
  readonly cells: readonly { readonly holder: string; readonly decision: PublicDecision; readonly people: number | null }[]
}

export interface PublicPeople {
  /** The period's publication, made now if this is its first asker; the last one where the budget is spent. Undefined where there never was one and none may be made. */
  current(): Promise<{ readonly publication: Publication; readonly isSpent: boolean } | undefined>
}

const publications = jsonTable<Publication>('public-people')

export function createPublicPeople({ store, clock, secret, count, policy = publicationPolicy }: { readonly store: Store; readonly clock: Clock; readonly secret: Uint8Array; readonly count: () => Promise<PeopleCounted | undefined>; readonly policy?: PublicationPolicy }): PublicPeople {
  const periodNow = (): number => Math.floor(clock.now() / (policy.periodDays * DAY))
  const made = async (): Promise<Publication[]> => store.read(async (tx) => (await publications.list(tx)).map(({ value }) => value).sort((a, b) => a.period - b.period))
  return {
    current: async () => {
      const period = periodNow()
      const before = await made()
      const last = before.at(-1)
      // A clock that was set back publishes nothing anew.
      if (last !== undefined && last.period >= period) return { publication: last, isSpent: false }
      if (!isAffordable(before, period, policy)) return last === undefined ? undefined : { publication: last, isSpent: true }
      const counted = await count()
      // Tables that are still being made would publish what was long ago, for the whole period.
      if (counted === undefined) return last === undefined ? undefined : { publication: last, isSpent: false }
      const mine = { period, published: clock.now(), height: counted.height, hash: counted.hash, epsilonTenths: policy.epsilonTenths, cells: noisy(counted, secret, policy) }
      const publication = await store.write(async (tx) => {
        // Whoever asked at the same moment and came first has published.
        const first = await publications.get(tx, String(period))
        if (first === undefined) await publications.put(tx, [String(period)], mine)
        return first ?? mine
      })
      return { publication, isSpent: false }
    },
  }
}

function isAffordable(before: readonly Publication[], period: number, { periodDays, windowDays, epsilonTenths, budgetTenths }: PublicationPolicy): boolean {
  const spent = before.filter((one) => (period - one.period) * periodDays < windowDays).reduce((sum, one) => sum + one.epsilonTenths, 0)
  return spent + epsilonTenths <= budgetTenths
}

/** The draws are the block's: the same block gives the same figures, another one other draws. */
function noisy({ hash, holders, counts }: PeopleCounted, secret: Uint8Array, { epsilonTenths, threshold }: PublicationPolicy): Publication['cells'] {
  const scale = { num: BigInt(10 * SENSITIVITY), den: BigInt(epsilonTenths) }
  return [...holders].sort().flatMap((holder) => publicDecisions.map((decision) => {
    const stream = new SecretStream(deriveKey(secret, 'public-people'), hash, holder, decision)
    const people = counts.find((one) => one.holder === holder && one.decision === decision)?.people ?? 0
    const shown = people + Number(discreteLaplace(scale, stream))
    return { holder, decision, people: shown < threshold ? null : shown }
  }))
}

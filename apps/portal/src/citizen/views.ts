// What her hospitals say about her, fetched with her keys: her choices as they know them, the open requests, who used her record.
import type { Basis, Verdict } from '@mhmd/consent'
import { memberOf, statements, uses } from '@mhmd/client'
import type { Notice, StatementsView } from '@mhmd/client'
import type { UseRequest } from '@mhmd/schema'
import { useQueries } from '@tanstack/react-query'
import type { Query, QueryClient, UseQueryResult } from '@tanstack/react-query'
import { statusNow } from './next-key.ts'
import type { Opened } from './opened.ts'
import { act, deviceNow } from './session.ts'

export interface Asking {
  readonly document: UseRequest
  readonly verdict: Verdict
}

/** A use that a public office allowed, and what her opt-out is to it: it keeps her out, counts for later ones only, or there is none. */
export interface PermitNow {
  readonly request: string
  readonly title: string | null
  readonly requester: string
  readonly authority: string
  readonly until: number
  readonly uses: number
  readonly mayUse: boolean
  readonly optOut: 'none' | 'keeps-out' | 'for-later-ones'
}

export interface HolderNow {
  readonly holder: string
  readonly height: number
  readonly bases: readonly Basis[]
  readonly isOpen: boolean
  readonly asking: readonly Asking[]
  readonly notices: readonly Notice[]
  /** What public offices allowed, newest first. */
  readonly permits: readonly PermitNow[]
  /** Under how many patient numbers her records were found and put together; 1 where they never were. */
  readonly numbers: number
  /** Where what it kept of her is erased (`done`), or is to be. */
  readonly erased: { readonly asked: number; readonly done: number | null } | null
}

export interface Use {
  readonly holder: string
  readonly release: string
  readonly at: number
  readonly height: number
  readonly request: { readonly id: string; readonly title: string; readonly purpose: UseRequest['purpose']; readonly requester: UseRequest['requester'] }
  readonly basis: UseRequest['basis']
  readonly form: UseRequest['form']
  /** When its recipient deleted the table, by its receipt. */
  readonly deleted: number | null
  readonly recall: { readonly sent: number; readonly answered: number | null; readonly late: boolean } | null
}

async function holderNow(holder: string): Promise<HolderNow> {
  let found: HolderNow | undefined
  await act(async (device) => {
    const { state, view } = await statusNow(device, holder)
    const { doors } = view as typeof view & { doors?: string }
    found = { holder, height: view.height, bases: view.choices as readonly Basis[], isOpen: doors === undefined || doors === 'open', asking: view.preview as readonly Asking[], notices: view.notices, permits: view.permits as readonly PermitNow[], numbers: view.merged?.numbers ?? 1, erased: view.erased ?? null }
    return state
  })
  return found as HolderNow
}

const usesAt = async (holder: string): Promise<readonly Use[]> => ((await uses(deviceNow(), { holder })).uses as unknown as readonly Omit<Use, 'holder'>[]).map((use) => ({ holder, ...use }))

/** Answers of several hospitals: what has come, what is still to come, and who could not be asked. */
export interface Gathered<T> {
  readonly known: readonly T[]
  readonly waiting: boolean
  readonly failed: readonly { readonly holder: string; readonly error: unknown }[]
  /** Those that answered before and don't now. */
  readonly stale: readonly string[]
  readonly again: () => void
}

export function gathered<T>(holders: readonly string[], results: readonly UseQueryResult<T>[]): Gathered<T> {
  return {
    known: results.flatMap(({ data }) => data === undefined ? [] : [data]),
    waiting: results.some(({ isPending }) => isPending),
    failed: results.flatMap(({ error, data }, at) => error === null || data !== undefined ? [] : [{ holder: holders[at] ?? '', error: error }]),
    stale: results.flatMap(({ error, data }, at) => error === null || data === undefined ? [] : [holders[at] ?? '']),
    again: () => results.forEach((result) => void result.refetch()),
  }
}

/** Hospitals of hers that have something left to decide about: all but those that say they erased it, or are to. */
export const whereSheDecides = (opened: Opened, known: readonly Pick<HolderNow, 'holder' | 'erased'>[]): readonly string[] =>
  linked(opened).filter((id) => !known.some(({ holder, erased }) => holder === id && erased !== null))

const linked = ({ device }: Opened): readonly string[] => device.state.links.map((link) => link.holder)

/** How soon it is asked again whether an erasure is done. */
const ERASING_MILLISECONDS = 5000

const holderQuery = (holder: string) => ({ queryKey: ['holder', holder], queryFn: (): Promise<HolderNow> => holderNow(holder) })

/** What else a hospital is asked comes after its word on her: by then the key that it knows is known here, and where it knows none nothing else is asked. */
export const afterItsWord = <T>(holder: string, ask: () => Promise<T>) => async ({ client }: { readonly client: QueryClient }): Promise<T> => {
  await client.ensureQueryData(holderQuery(holder))
  return ask()
}

export function useHolders(opened: Opened): Gathered<HolderNow> {
  const holders = linked(opened)
  return gathered(holders, useQueries({ queries: holders.map((holder) => ({ ...holderQuery(holder), refetchInterval: ({ state: { data } }: Query<HolderNow>) => data?.erased?.done === null ? ERASING_MILLISECONDS : false })) }))
}

export function useUses(opened: Opened): Gathered<readonly Use[]> {
  const holders = linked(opened)
  return gathered(holders, useQueries({ queries: holders.map((holder) => ({ queryKey: ['uses', holder], queryFn: afterItsWord(holder, () => usesAt(holder)) })) }))
}

export function useStatements(opened: Opened): Gathered<StatementsView> {
  const holders = linked(opened)
  const signingKeyOf = (id: string): string => memberOf(opened.directory, id).signingKey
  return gathered(holders, useQueries({ queries: holders.map((holder) => ({ queryKey: ['statements', holder], queryFn: afterItsWord(holder, () => statements(deviceNow(), { holder, signingKeyOf })), refetchInterval: 10_000 })) }))
}

// What everybody may read of the network: organisations' acts at this page's node, figures of people at the network's publisher. Asked with a key that is used for nothing else.
import { newSigningKey } from '@mhmd/crypto'
import { peopleClient } from '@mhmd/client'
import type { Directory } from '@mhmd/client'
import { useQuery } from '@tanstack/react-query'
import type { UseQueryResult } from '@tanstack/react-query'
import { directoryHere } from '../device/directory.ts'
import { clock, randomness } from '../device/ports.ts'

type Cell = string | number | boolean | null

export interface PublicFigures {
  readonly height: number
  /** Of the node that answers: how far its own ledger goes. */
  readonly tip: number
  readonly hash: string
  readonly figures: readonly { readonly question: { readonly name: string; readonly sql: string; readonly columns: readonly { readonly name: string }[] }; readonly answer: { readonly rows: readonly (readonly Cell[])[] } }[]
}

export const decisions = ['given', 'withdrawn', 'opted-out'] as const

export interface PublicPeople {
  readonly publisher: string
  readonly endpoint: string
  readonly rule: { readonly periodDays: number; readonly threshold: number }
  readonly publication: { readonly published: number; readonly height: number; readonly hash: string; readonly cells: readonly { readonly holder: string; readonly decision: (typeof decisions)[number]; readonly people: number | null }[] } | null
}

interface Behind {
  readonly total: number
  readonly rows: readonly (readonly Cell[])[]
}

const read = <T>(path: string, at: { readonly baseUrl: string; readonly name?: string } = { baseUrl: location.origin }): Promise<T> => peopleClient({ ...at, key: newSigningKey().key, clock, randomness }).get<T>(path)

/** Its publisher's, where this page's node is not it. */
async function people(): Promise<PublicPeople> {
  const here = await read<PublicPeople>('/public/1/people')
  if (here.publication !== null) return here
  const { members } = await directoryHere()
  return read<PublicPeople>('/public/1/people', { baseUrl: here.endpoint, name: members.find(({ id }) => id === here.publisher)?.name ?? here.publisher })
}

/** Blocks that may come while figures are made; more, and tables are still being filled: what they say is no figure yet. */
const MOST_BEHIND = 20
const LOOK_MILLISECONDS = 3000

export const isBehind = ({ height, tip }: Pick<PublicFigures, 'height' | 'tip'>): boolean => tip - height > MOST_BEHIND

export const usePublicFigures = (): UseQueryResult<PublicFigures> => useQuery({ queryKey: ['public', 'figures'], queryFn: () => read<PublicFigures>('/public/1/figures'), refetchInterval: ({ state: { data } }) => data !== undefined && isBehind(data) ? LOOK_MILLISECONDS : false })
export const usePublicPeople = (): UseQueryResult<PublicPeople> => useQuery({ queryKey: ['public', 'people'], queryFn: people })
export const useMembers = (): UseQueryResult<Directory> => useQuery({ queryKey: ['public', 'members'], queryFn: directoryHere })
export const useBehind = (question: string, enabled: boolean): UseQueryResult<Behind> => useQuery({ queryKey: ['public', 'behind', question], queryFn: () => read<Behind>(`/public/1/figures/${question}/evidence`), enabled })

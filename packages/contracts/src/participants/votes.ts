// Votes of members on one matter, each under a key of its own, counted when the quorum is reached.
import type { Canonical, Key } from '@mhmd/base'
import type { NetworkState } from '@mhmd/schema'
import type { StateView } from '../contract.ts'
import { isActive } from '../members.ts'
import { stateKeys } from '../state-keys.ts'

/** Where the votes stand: below `box`, by voter. `counts` tells a vote on this very matter from an older one. */
export interface Ballot {
  readonly box: Key
  readonly counts: (vote: Canonical) => boolean
}

const votersIn = (ballot: Ballot, state: StateView): readonly string[] =>
  state.range(ballot.box).flatMap(({ key, value }) => (ballot.counts(value) ? key.slice(-1) : []))

/** The voters' records: a vote of someone who has since been suspended doesn't count. */
export const voterReads = (ballot: Ballot, state: StateView): readonly Key[] => votersIn(ballot, state).map(stateKeys.member)

export const hasVoted = (ballot: Ballot, state: StateView, voter: string): boolean => votersIn(ballot, state).includes(voter)

/** Whether one more vote, by a member who hasn't voted, makes the quorum. */
export function reachesQuorum(ballot: Ballot, state: StateView): boolean {
  const { quorum } = state.get(stateKeys.network()) as NetworkState
  return votersIn(ballot, state).filter((voter) => isActive(state.get(stateKeys.member(voter)))).length + 1 >= quorum
}

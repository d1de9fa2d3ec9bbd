// The schema of every value of the state, by the first part of its key, and what is asked for by it.
import { OperationState, assetKeys, decisionsStates, keysStates, participantsStates, procedureStates, sharingStates } from '@mhmd/schema'
import type { AssetName } from '@mhmd/schema'
import type Type from 'typebox'

export const stateSchemas: Readonly<Record<string, Type.TSchema>> = { operation: OperationState, ...participantsStates, ...keysStates, ...decisionsStates, ...sharingStates, ...procedureStates }

/** A question that every engine answers by keys alone: one asset by all parts of its key, or those below the leading ones. */
export interface StateQuery {
  readonly asset: AssetName
  /** What to say, in the order of the key. */
  readonly by: Readonly<Record<string, Type.TSchema>>
  readonly answers: 'one' | 'list'
}

/** Every such question, by a name made of the asset and what it is asked by. */
export const stateQueries: Readonly<Record<string, StateQuery>> = Object.fromEntries(Object.entries(assetKeys).flatMap(([asset, parts]) => {
  const all = Object.entries(parts)
  return [...all.keys(), all.length].map((count): [string, StateQuery] => [nameOf(asset, all.slice(0, count)), { asset: asset as AssetName, by: Object.fromEntries(all.slice(0, count)), answers: count === all.length ? 'one' : 'list' }])
}))

function nameOf(asset: string, parts: readonly (readonly [string, unknown])[]): string {
  return parts.length === 0 ? asset : `${asset} by ${parts.map(([name]) => name).join(', ')}`
}

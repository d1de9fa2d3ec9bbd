// The opt-out from secondary use (Regulation (EU) 2025/327, Art. 71): whether one is in force, and since when without interruption.
// The national exceptions of Art. 71(4) are not applied: none is known to the network, so an opt-out always counts.
import { basesNamed } from '../basis.ts'
import type { Basis } from '../basis.ts'
import { reason } from '../reasons.ts'
import type { Reason } from '../reasons.ts'
import { currentOf } from './current.ts'

export type OptOut =
  | { readonly state: 'none' }
  | { readonly state: 'in-force'; readonly since: number }
  | { readonly state: 'undetermined'; readonly reason: Reason }

export function optOutOf(bases: readonly Basis[]): OptOut {
  const declarations = basesNamed(bases, 'opt-out')
  // Earlier versions say since when she is opted out, so doubt about any of them is doubt about the answer.
  if (declarations.some((one) => one.record === 'missing')) return { state: 'undetermined', reason: reason('OPT_OUT_RECORD_MISSING') }
  if (declarations.some((one) => currentOf(declarations.filter((other) => other.version === one.version)).kind === 'conflict')) return { state: 'undetermined', reason: reason('OPT_OUT_CONFLICT') }
  const lastWithdrawal = Math.max(0, ...declarations.filter((one) => one.state === 'withdrawn').map((one) => one.version))
  const run = declarations.filter((one) => one.version > lastWithdrawal)
  // A renewed opt-out doesn't move its beginning.
  return run.length === 0 ? { state: 'none' } : { state: 'in-force', since: Math.min(...run.map((one) => one.since)) }
}

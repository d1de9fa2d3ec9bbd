// Which of several versions of a declaration counts: the highest. Two that differ at the highest version are a conflict, which nobody resolves in silence.
import { canonicalText } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'

export type Current<T> = { readonly kind: 'none' } | { readonly kind: 'one'; readonly value: T } | { readonly kind: 'conflict' }

export function currentOf<T extends { readonly version: number }>(declarations: readonly T[]): Current<T> {
  const [first, ...others] = declarations
  if (first === undefined) return { kind: 'none' }
  const version = others.reduce((highest, one) => Math.max(highest, one.version), first.version)
  const [value, ...rivals] = declarations.filter((one) => one.version === version)
  if (value === undefined) return { kind: 'conflict' } // versions that are no numbers
  const text = rivals.length === 0 ? '' : canonicalText(value)
  return rivals.every((rival) => canonicalText(rival as unknown as Canonical) === text) ? { kind: 'one', value } : { kind: 'conflict' }
}

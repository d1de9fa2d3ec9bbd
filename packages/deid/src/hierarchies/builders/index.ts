// The table of contents of hierarchy builders.
import { SUPPRESSED, sourceOf } from '../source.ts'
import type { HierarchySource } from '../source.ts'
import { validated } from '../validate.ts'
import { codePrefixLevels } from './code-prefix.ts'
import { dateLevels } from './date.ts'
import { intervalLevels } from './interval.ts'
import { orderLevels } from './order.ts'
import { partsLevels } from './parts.ts'
import { postalLevels } from './postal-code.ts'
import { redactionLevels } from './redaction.ts'
import type { HierarchySpec } from './spec.ts'

type Builders = { readonly [T in HierarchySpec['type']]: (attribute: string, values: readonly string[], spec: Extract<HierarchySpec, { type: T }>) => string[][] }

const builders: Builders = {
  interval: intervalLevels,
  order: orderLevels,
  redaction: redactionLevels,
  date: dateLevels,
  'code-prefix': codePrefixLevels,
  parts: partsLevels,
  'postal-code': postalLevels,
  suppression: () => [],
}

/** A checked hierarchy over the distinct values given: themselves, the builder's levels, and `*`. */
export function buildHierarchy(attribute: string, values: readonly string[], spec: HierarchySpec): HierarchySource {
  const distinct = [...new Set(values)]
  // The table above pairs each type with its own builder, which the type system can't follow through the index.
  const levels = (builders[spec.type] as (attribute: string, values: readonly string[], spec: HierarchySpec) => string[][])(attribute, distinct, spec)
  return validated(sourceOf(attribute, [distinct, ...levels, distinct.map(() => SUPPRESSED)]))
}

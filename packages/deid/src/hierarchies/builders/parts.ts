// Codes without levels of their own, such as LOINC's, placed under the parts that the holder's own table gives them.
import { badSpec, labelled } from './levels.ts'
import type { PartsSpec } from './spec.ts'

/** LOINC: up to seven digits, a hyphen and a check digit (Mod 10). */
export function isLoinc(text: string): boolean {
  const match = /^(\d{1,7})-(\d)$/.exec(text)
  if (match === null) return false
  const sum = [...(match[1] as string)].reverse().reduce((total, digit, index) => total + (index % 2 === 0 ? doubled(Number(digit)) : Number(digit)), 0)
  return (10 - (sum % 10)) % 10 === Number(match[2])
}

function doubled(digit: number): number {
  return digit > 4 ? 2 * digit - 9 : 2 * digit
}

/** Labels are written from the coarsest part down, so that one component in two classes stays nested. */
export function partsLevels(attribute: string, values: readonly string[], spec: PartsSpec): string[][] {
  const place = { attribute, builder: spec.type }
  const depths = new Set(Object.values(spec.parts).map((parts) => parts.length))
  const [depth = 0] = depths
  if (depths.size !== 1 || depth === 0) throw badSpec(place, 'every code must have the same number of parts, at least one')
  return labelled(place, values, {
    depth,
    labelsOf: (value) => (Object.hasOwn(spec.parts, value) ? spec.parts[value]?.map((_, level, parts) => parts.slice(level).reverse().join(' / ')) : undefined),
  })
}

// What builders share: from values to the labels of each level, values that don't fit counted and refused.
import { hierarchyErrors } from '../errors.ts'

/** The labels of one value above level 0, fine to coarse and without the final `*`; undefined where the value doesn't fit. */
export type LabelsOf = (value: string) => readonly string[] | undefined

/** An empty text, or a mark that statistics programs write for what is missing. */
export const isMissing = (value: string): boolean => value === '' || /^(NA|N\/A|NaN|null|NULL|\?|\.)$/.test(value)

/** A missing value keeps its label until the top, unless the rule takes its mark for a value: it is no member of any group. */
export function labelled(place: { attribute: string; builder: string }, values: readonly string[], rule: { depth: number; labelsOf: LabelsOf }): string[][] {
  const levels: string[][] = Array.from({ length: rule.depth }, () => [])
  let misfits = 0
  let first = 0
  values.forEach((value, index) => {
    const labels = (value === '' ? undefined : rule.labelsOf(value)) ?? (isMissing(value) ? levels.map(() => value) : undefined)
    if (labels === undefined && misfits++ === 0) first = index + 1
    labels?.forEach((label, level) => levels[level]?.push(label))
  })
  if (misfits > 0) throw hierarchyErrors.BAD_VALUE({ ...place, values: misfits, first })
  return levels
}

export function badSpec(place: { attribute: string; builder: string }, why: string): Error {
  return hierarchyErrors.BAD_SPEC({ ...place, why })
}

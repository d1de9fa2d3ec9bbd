// What a hierarchy makes of a column's values, for a steward who chooses it: at each level how many labels there are and the fewest people under one; and labels of some people, never a rarer one (decision 0028).
import type { Column } from '@mhmd/columns'
import { SUPPRESSED, buildHierarchy, compileHierarchy, coverageOf, hierarchyOfDocument, readHierarchy } from '@mhmd/deid'
import type { Hierarchy, HierarchySource } from '@mhmd/deid'
import type { DatasetColumn } from '@mhmd/schema'

/** A label of fewer people is one about each of them. */
export const FEWEST_SHOWN = 5
const MOST_GROUPS = 12

export type HierarchyGiven = { readonly hierarchy: NonNullable<DatasetColumn['hierarchy']> } | { readonly csv: string }

interface PreviewLevel {
  readonly labels: number
  /** The fewest people under one label, and how many labels are of one person. */
  readonly fewest: number
  readonly alone: number
}

/** A label with those above it; null below the first level at which enough people share one. */
interface PreviewGroup {
  readonly labels: readonly (string | null)[]
  readonly people: number
}

export interface HierarchyPreview {
  readonly values: number
  /** Values that the hierarchy lacks, and those of them that enough people share. Nothing else is told then. */
  readonly missing: { readonly values: number; readonly rows: number; readonly common: readonly string[] }
  readonly levels: readonly PreviewLevel[]
  readonly groups: readonly PreviewGroup[]
  readonly moreGroups: number
  /** People under no label of enough of them below the last. */
  readonly rare: number
}

/** The checked hierarchy over the column's values. Throws HIERARCHY_…. */
export function hierarchyOver(given: HierarchyGiven, column: Column): HierarchySource {
  if ('csv' in given) return readHierarchy(column.name, new TextEncoder().encode(given.csv))
  const { hierarchy } = given
  return 'rows' in hierarchy ? hierarchyOfDocument({ attribute: column.name, rows: hierarchy.rows }) : buildHierarchy(column.name, occurring(column), hierarchy)
}

/** Throws HIERARCHY_STAR_VALUE. */
export function previewHierarchy(source: HierarchySource, column: Column, person: Column): HierarchyPreview {
  const { values, missingValues, missingRows } = coverageOf(source, column)
  const pairs = pairsOf(column, person)
  if (missingValues > 0) return { values, missing: { values: missingValues, rows: missingRows, common: commonMissing(source, column, pairs) }, levels: [], groups: [], moreGroups: 0, rare: 0 }
  const compiled = compileHierarchy(source, column)
  const people = compiled.levels.map(({ codeOf, labels }) => peopleBy(pairs, labels.length, (value) => codeOf[value] as number))
  const { groups, rare } = groupsOf(compiled, people, pairs)
  return {
    values, missing: { values: 0, rows: 0, common: [] }, groups: groups.slice(0, MOST_GROUPS), moreGroups: Math.max(0, groups.length - MOST_GROUPS), rare,
    levels: people.map((counts) => levelOf(counts.filter((count) => count > 0))),
  }
}

const levelOf = (counts: readonly number[]): PreviewLevel => ({ labels: counts.length, fewest: counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY), alone: counts.filter((count) => count === 1).length })

interface Pairs {
  readonly values: readonly number[]
  readonly people: readonly number[]
}

/** Each value with each person who has it, once. */
function pairsOf(column: Column, person: Column): Pairs {
  const seen = new Set<number>()
  const pairs: { values: number[]; people: number[] } = { values: [], people: [] }
  column.codes.forEach((value, row) => {
    const who = person.codes[row] as number
    const key = value * person.dictionary.length + who
    if (seen.has(key)) return
    seen.add(key)
    pairs.values.push(value)
    pairs.people.push(who)
  })
  return pairs
}

/** How many people stand under each label. */
function peopleBy({ values, people }: Pairs, labels: number, labelOf: (value: number) => number): number[] {
  const under = Array.from({ length: labels }, () => new Set<number>())
  values.forEach((value, at) => under[labelOf(value)]?.add(people[at] as number))
  return under.map(({ size }) => size)
}

function groupsOf({ levels }: Hierarchy, people: readonly (readonly number[])[], pairs: Pairs): { readonly groups: PreviewGroup[]; readonly rare: number } {
  const found = new Map<string, PreviewGroup>()
  const rare = new Set<number>()
  const labelAt = (level: number, value: number): string => levels[level]?.labels[levels[level].codeOf[value] as number] ?? ''
  pairs.values.forEach((value, at) => {
    const first = levels.findIndex(({ codeOf }, level) => (people[level]?.[codeOf[value] as number] ?? 0) >= FEWEST_SHOWN)
    if (first < 0 || labelAt(first, value) === SUPPRESSED) return void rare.add(pairs.people[at] as number)
    const code = levels[first]?.codeOf[value] as number
    const key = `${first} ${code}`
    if (!found.has(key)) found.set(key, { labels: levels.map((_, level) => (level < first ? null : labelAt(level, value))), people: people[first]?.[code] ?? 0 })
  })
  return { groups: [...found.values()].sort((a, b) => b.people - a.people), rare: rare.size }
}

function commonMissing({ table }: HierarchySource, { dictionary }: Column, pairs: Pairs): string[] {
  const known = new Set(table.columns[0]?.dictionary)
  const counts = peopleBy(pairs, dictionary.length, (value) => value)
  return dictionary.filter((value, code) => !known.has(value) && (counts[code] ?? 0) >= FEWEST_SHOWN).slice(0, MOST_GROUPS)
}

function occurring({ dictionary, codes }: Column): string[] {
  const used = new Set<number>(codes)
  return dictionary.filter((_text, code) => used.has(code)).sort()
}

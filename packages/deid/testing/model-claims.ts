// What a privacy model claims about merging and splitting classes, tried on random classes: for anyone who adds a model.
import { columnOf } from '@mhmd/columns'
import type { ClassModel, ClassView, ModelContext, PrivacyModel, SensitiveColumn } from '../src/model.ts'
import type { Hierarchy } from '../src/hierarchy.ts'

/** A small world: values of the sensitive column over the whole input, and a tree over them. */
export interface World {
  readonly values: readonly string[]
  readonly context: ModelContext
  readonly dictionary: readonly string[]
}

/** The world of an input's sensitive values; `parents` gives each value's label level by level from 1 up, the top is `*`. */
export function worldOf(values: readonly string[], ...parents: readonly Readonly<Record<string, string>>[]): World {
  const column = columnOf('s', values)
  const share = new Float64Array(column.dictionary.length)
  for (const code of column.codes) share[code] = (share[code] as number) + 1 / values.length
  const sorted = column.dictionary.toSorted((a, b) => Number.isFinite(Number(a)) ? Number(a) - Number(b) : a < b ? -1 : 1)
  const sensitive: SensitiveColumn = { index: 0, share, rank: Uint32Array.from(column.dictionary, (value) => sorted.indexOf(value)), hierarchy: treeOf(column.dictionary, parents.length === 0 ? [{}] : parents) }
  return { values, dictionary: column.dictionary, context: { rows: values.length, sensitive: () => sensitive, weight: 1 } }
}

function treeOf(dictionary: readonly string[], parents: readonly Readonly<Record<string, string>>[]): Hierarchy {
  const texts = [[...dictionary], ...parents.map((level) => dictionary.map((value) => level[value] ?? '-')), dictionary.map(() => '*')]
  const levels = texts.map((labels, level) => {
    const column = columnOf(String(level), labels)
    return { codeOf: column.codes, labels: column.dictionary, fileRows: new Uint32Array(column.dictionary.length) }
  })
  return { attribute: 's', fileRows: dictionary.length, levels }
}

/** A class with these sensitive values; `whole` is its weight in the whole table or population. */
export function viewOf(world: World, values: readonly string[], whole = values.length): ClassView {
  const counts = new Uint32Array(world.dictionary.length)
  for (const value of values) {
    const code = world.dictionary.indexOf(value)
    counts[code] = (counts[code] as number) + 1
  }
  const present = Uint32Array.from([...counts.keys()].filter((code) => (counts[code] as number) > 0))
  return { size: values.length, weights: [values.length, whole], distributions: [{ counts, present, distinct: present.length }] }
}

interface Part { readonly values: readonly string[]; readonly whole: number }

/** The first claim of a model that random classes and their random splits contradict, or undefined. `random` gives numbers in [0, 1). */
export function brokenClaim(make: (world: World) => PrivacyModel, random: () => number, tries: number): string | undefined {
  for (let i = 0; i < tries; i++) {
    const names = ['1', '2', '3', '4', '5'].slice(0, 2 + Math.floor(random() * 4))
    const world = worldOf([...names, ...Array.from({ length: Math.floor(random() * 12) }, () => names[Math.floor(random() * names.length)] as string)], { 1: 'a', 2: 'a', 3: 'b' })
    const parts = Array.from({ length: 1 + Math.floor(random() * 4) }, () => randomPart(names, random))
    const model = make(world)
    const broken = model.scope === 'class' ? brokenByClass(model, world, parts) : brokenBySizes(model, parts)
    if (broken !== undefined) return broken
  }
  return undefined
}

function randomPart(names: readonly string[], random: () => number): Part {
  const favourite = names[Math.floor(random() * names.length)] as string
  const values = Array.from({ length: Math.floor(random() * 7) }, () => random() < 0.4 ? favourite : names[Math.floor(random() * names.length)] as string)
  return { values, whole: values.length + Math.floor(random() * 5) }
}

function brokenByClass(model: ClassModel, world: World, parts: readonly Part[]): string | undefined {
  const judged = parts.filter(({ values }) => values.length > 0 || model.judgesEmptyClasses === true)
  const judge = ({ values, whole }: Part): number => model.judge(viewOf(world, values, whole))
  const merged: Part = { values: parts.flatMap(({ values }) => values), whole: parts.reduce((sum, { whole }) => sum + whole, 0) }
  if (merged.values.length === 0) return undefined
  const verdict = judge(merged)
  const violating = judged.filter((part) => judge(part) >= 0)
  if (model.monotone.generalisation && violating.length === 0 && verdict >= 0) return 'generalisation: parts hold, the merged class does not'
  if (model.monotone.suppression && verdict >= 0 && violating.length < judged.length) return 'suppression: the class violates, a part of it holds'
  const lost = violating.some((part) => judge(part) === Infinity) ? Infinity : violating.reduce((sum, { values }) => sum + values.length, 0)
  if (verdict > lost) return `floor: ${verdict} rows claimed, ${lost} violate in the parts`
  if (model.leastSize !== undefined && verdict < 0 && merged.values.length < model.leastSize) return 'leastSize: a smaller class holds'
  return undefined
}

function brokenBySizes(model: Extract<PrivacyModel, { scope: 'sample' }>, parts: readonly Part[]): string | undefined {
  const sizes = parts.map(({ values }) => values.length).filter((size) => size > 0)
  if (sizes.length < 2) return undefined
  const isHeld = (of: readonly number[]): boolean => model.satisfied(new Map([...new Set(of)].map((size) => [size, of.filter((other) => other === size).length])), of.reduce((sum, size) => sum + size, 0))
  if (!isHeld(sizes)) return undefined
  const merged = [(sizes[0] as number) + (sizes[1] as number), ...sizes.slice(2)]
  if (model.monotone.generalisation && !isHeld(merged)) return 'generalisation: holds before merging two classes, not after'
  const left = sizes.filter((size) => size > Math.min(...sizes))
  if (model.monotone.suppression && left.length > 0 && !isHeld(left)) return 'suppression: holds with its smallest classes, not without them'
  return undefined
}

// Characters masked one by one from one side.
import { badSpec, labelled } from './levels.ts'
import type { RedactionSpec } from './spec.ts'

const MASK = '*'

/** As many levels as the longest value has characters, the last of which the caller's `*` is. */
export function redactionLevels(attribute: string, values: readonly string[], spec: RedactionSpec): string[][] {
  const place = { attribute, builder: spec.type }
  if (values.some((value) => value.includes(MASK))) throw badSpec(place, 'a value holds *, the mask')
  const longest = values.reduce((most, value) => Math.max(most, [...value].length), 1)
  return labelled(place, values, { depth: longest - 1, labelsOf: (value) => masked([...value], longest, spec.from ?? 'right') })
}

function masked(characters: readonly string[], longest: number, from: 'right' | 'left'): string[] {
  return Array.from({ length: longest - 1 }, (_, level) => {
    const kept = longest - level - 1
    const stars = MASK.repeat(longest - Math.min(kept, characters.length))
    return from === 'right' ? characters.slice(0, kept).join('') + stars : stars + characters.slice(Math.max(0, characters.length - kept)).join('')
  })
}

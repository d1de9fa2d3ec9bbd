// The invariants of FHIR R4 by the type or element that they belong to (../../definitions/r4-invariants.json), each as a function: own code, else `fhirpath`.
import fhirpath from 'fhirpath'
import type { Model } from 'fhirpath'
import r4 from 'fhirpath/fhir-context/r4/index.js'
import rows from '../../definitions/r4-invariants.json' with { type: 'json' }
import { resourceTypes, typeDefinition } from '../definitions.ts'
import { makeClosure } from './closures.ts'
import { elementNamed } from './elements.ts'
import { asksExistenceByBoolean, hasReferredContained, hasValueOrChildren, isOnBehalfOfPractitioner } from './own-rules.ts'
import { BeyondSubset, parseExpression } from './syntax.ts'
import { isObject, truth } from './values.ts'
import type { Surroundings } from './values.ts'

export interface Rule {
  /** As HL7 calls it: `per-1`. */
  readonly key: string
  readonly severity: 'error' | 'warning'
  readonly expression: string
  /** True where it holds: an empty result doesn't. */
  readonly holds: (around: Surroundings) => boolean
}

const table = rows as unknown as Readonly<Record<string, readonly string[]>>
const made = new Map<string, readonly Rule[]>()

/** The rules of a type or element by its path, made when first asked for. */
export function rulesAt(path: string): readonly Rule[] {
  const known = made.get(path)
  if (known !== undefined) return known
  const rules = (Object.hasOwn(table, path) ? table[path] ?? [] : []).map((row) => makeRule(path, row))
  made.set(path, rules)
  return rules
}

export const rulePaths = (): string[] => Object.keys(table)

function makeRule(path: string, row: string): Rule {
  const [key = '', severity = '', ...rest] = row.split(' ')
  const expression = rest.join(' ')
  return { key, severity: severity === 'warning' ? 'warning' : 'error', expression, holds: own[key] ?? holdsOf(path, expression) }
}

/** What FHIRPath says clumsily, or with `resolve()`, or what `fhirpath` takes differently from HL7's own validator (que-7: FHIR's boolean is a Boolean). */
export const own: Readonly<Record<string, Rule['holds']>> = { 'ele-1': hasValueOrChildren, 'dom-3': hasReferredContained, 'ctm-1': isOnBehalfOfPractitioner, 'que-7': asksExistenceByBoolean }

function holdsOf(path: string, expression: string): Rule['holds'] {
  let slow: Rule['holds'] | undefined
  const bySlow: Rule['holds'] = (around) => (slow ??= arbiter(path, expression))(around)
  const fast = closureOf(path, expression)
  if (fast === undefined) return bySlow
  return (around) => {
    try {
      return fast(around)
    } catch (error) {
      if (error instanceof BeyondSubset) return bySlow(around)
      throw error
    }
  }
}

/** Our own function of an expression, or undefined where it is beyond the subset. It may still throw BeyondSubset for some values. */
export function closureOf(path: string, expression: string): Rule['holds'] | undefined {
  try {
    const { evaluate } = makeClosure(parseExpression(expression), typesAt(path), resourceOf(path))
    return (around) => truth(evaluate([around.value], around)) === true
  } catch (error) {
    if (error instanceof BeyondSubset) return undefined
    throw error
  }
}

/** A type by its name, or the types of an element. */
function typesAt(path: string): readonly string[] {
  if (typeDefinition(path) !== undefined) return [path]
  const dot = path.lastIndexOf('.')
  return elementNamed(path.slice(0, dot), path.slice(dot + 1).replace('[x]', ''))?.types ?? []
}

/** The same by `fhirpath`, the arbiter. Its `trace()` would print values of a record. An expression that it cannot evaluate on a value doesn't hold there. */
export function arbiter(path: string, expression: string): Rule['holds'] {
  const base = path.replace('[x]', '')
  const evaluate = fhirpath.compile({ base, expression }, r4 as Model, { traceFn: () => undefined })
  return ({ value, resource, root }) => {
    const found = evaluate(isObject(value) ? structuredClone(value) : value, { resource, rootResource: root }) as unknown[]
    return found.length === 1 && (typeof found[0] !== 'boolean' || found[0])
  }
}

/** Datatypes stand in resources of any type. */
function resourceOf(path: string): readonly string[] | undefined {
  const type = path.split('.')[0] ?? ''
  return resourceTypes.has(type) ? [type] : undefined
}

// Risk where a person has several rows: of up to m visits that an attacker knows of her, how many people share the rarest combination? Each person counts once.
// Terrovitis, Mamoulis & Kalnis, PVLDB 1 (2008); the unit as in El Emam 2013, ch. 16. Combinations as in docs/methods/persons.md.
import type { Codes } from '@mhmd/columns'
import { combinationsOf, personsOf } from '../search/persons.ts'
import { suppressedRow } from './classes.ts'
import type { Classes } from './classes.ts'

/** Whose each row is, and what an attacker knows of one. */
export interface Persons {
  readonly of: Codes
  /** Visits she may know; default 1. */
  readonly visits?: number
  readonly ordered?: boolean
}

export interface PersonRisk {
  readonly persons: number
  readonly visits: number
  readonly ordered: boolean
  /** 1 / the fewest persons who share a combination that somebody has. */
  readonly highestRisk: number
  /** Mean over persons of the chance at their rarest combination. */
  readonly averageRisk: number
  /** Share of persons above the threshold. */
  readonly personsAtRisk: number
  /** Share of persons who are alone with some combination. */
  readonly unique: number
}

/** Of the persons who have a row that is kept; there must be one. */
export function personRisk({ classOf, sizes }: Classes, { of, visits = 1, ordered = false }: Persons, threshold: number): PersonRisk {
  const kept = Array.from(classOf.keys()).filter((row) => classOf[row] !== suppressedRow)
  const numbers = new Map<number, number>()
  const person = Uint32Array.from(kept, (row) => {
    const code = of[row] as number
    if (!numbers.has(code)) numbers.set(code, numbers.size)
    return numbers.get(code) as number
  })
  const grouped = personsOf(person, numbers.size, Uint32Array.from(kept, (row) => classOf[row] as number))
  const { nodes, nodeStarts, nodeCount } = combinationsOf({ ...grouped, visits, ordered }, { classes: grouped.tuples, classCount: sizes.length })
  const supports = new Uint32Array(nodeCount)
  for (const node of nodes) supports[node] = (supports[node] as number) + 1
  const risks = Float64Array.from({ length: numbers.size }, (_, one) => nodes.subarray(nodeStarts[one], nodeStarts[one + 1]).reduce((most, node) => Math.max(most, 1 / (supports[node] as number)), 0))
  const share = (holds: (risk: number) => boolean): number => risks.filter(holds).length / risks.length
  return {
    persons: risks.length, visits, ordered,
    highestRisk: risks.reduce((a, b) => Math.max(a, b), 0), averageRisk: risks.reduce((sum, risk) => sum + risk, 0) / risks.length,
    personsAtRisk: share((risk) => risk > threshold), unique: share((risk) => risk === 1),
  }
}

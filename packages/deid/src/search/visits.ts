// The visits of persons at a node: which class each falls into, and which value of a diverse column it has there.
import { codeAt } from '@mhmd/columns'
import type { Cells } from '@mhmd/columns'
import type { Persons, Visits } from './persons.ts'

/** `groupOf` tells the class of each of the snapshot's tuples. */
export function visitsOf(persons: Persons, { tupleOf, cells: tuples }: { readonly tupleOf?: Uint32Array | undefined; readonly cells: Cells }, { groupOf, classCount }: { readonly groupOf: Uint32Array; readonly classCount: number }): Visits {
  const own = tupleOf === undefined ? persons.tuples : persons.tuples.map((tuple) => tupleOf[tuple] as number)
  return {
    classes: own.map((tuple) => groupOf[tuple] as number),
    classCount,
    values: persons.diverse.map(({ field }) => {
      const numbers = new Map<number, number>()
      const ofTuple = Uint32Array.from({ length: tuples.size }, (_, tuple) => {
        const key = (groupOf[tuple] as number) * (field.mask + 1) + codeAt(tuples, field, tuple)
        const number = numbers.get(key) ?? numbers.size
        numbers.set(key, number)
        return number
      })
      return { of: own.map((tuple) => ofTuple[tuple] as number), count: numbers.size }
    }),
  }
}

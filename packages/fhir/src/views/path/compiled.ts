// What a path is compiled to, and what compiling knows.
import type { Value } from './values.ts'
import type { Types } from './types.ts'

/** What stands around a path while it runs. */
export interface Scope {
  /** The resource itself. */
  resource: unknown
  /** %rowIndex: the place in the nearest iteration around. */
  rowIndex: number
}

export interface Compiled {
  readonly run: (self: Value, scope: Scope) => Value
  readonly types: Types
  /** For elements of primitive types: what JSON keeps beside them, their ids and extensions (`_birthDate`). */
  readonly beside?: (self: Value, scope: Scope) => Value
}

export interface Constant {
  readonly value: unknown
  readonly type: string
}

export interface Context {
  /** The place of the path in the view. */
  readonly at: string
  readonly constants: ReadonlyMap<string, Constant>
  /** Told of elements that no type here has; the path is empty there. */
  readonly onUnknownElement: (offset: number) => void
  /** Told when the path depends on its row's place. */
  readonly onRowIndex: () => void
}

export const EMPTY: Compiled = { run: () => undefined, types: [] }

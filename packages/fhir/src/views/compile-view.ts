// Compiles a ViewDefinition (SQL on FHIR v2): names and types of its columns, and a function from a resource to its rows.
import type { ViewColumnDefinition, ViewDefinition, ViewSelect } from '@mhmd/schema'
import { resourceTypes } from '../definitions.ts'
import { constantsOf } from './constants.ts'
import { viewErrors } from './errors.ts'
import { compilePath } from './path/compile.ts'
import type { Compiled, Constant, Context } from './path/compiled.ts'
import type { Types } from './path/types.ts'
import { isEmpty, items, SeveralValues } from './path/values.ts'
import { forEach, forEachOrNull, repeat, select, union } from './row-maker.ts'
import type { ColumnWriter, RowPart, Run } from './row-maker.ts'

export interface ViewColumn {
  readonly name: string
  /** As the view says, or else as FHIR's definitions tell; undefined where neither does. */
  readonly type: string | undefined
  readonly collection: boolean
  readonly description: string | undefined
}

/** Something about a view that is allowed and probably not meant: a path to an element that its type doesn't have. */
export interface ViewFinding {
  readonly code: 'VIEW_UNKNOWN_ELEMENT'
  readonly at: string
  readonly offset: number
}

export interface CompiledView {
  readonly resource: string
  readonly columns: readonly ViewColumn[]
  readonly findings: readonly ViewFinding[]
  /**
   * Rows of one resource, cells in the order of the columns; none for resources of other types. A cell is a value of the JSON, undefined where there is none,
   * or an array for a collection. Throws VIEW_SEVERAL_VALUES, VIEW_NOT_BOOLEAN, VIEW_TOO_DEEP.
   */
  rowsOf(resource: unknown): readonly (readonly unknown[])[]
}

interface Place {
  readonly at: string
  readonly types: Types
}

interface Part {
  readonly make: RowPart
  /** Writes an empty row of this part; only what asks for %rowIndex has a value there. */
  readonly blank: RowPart
  readonly columns: readonly ViewColumn[]
}

/** Throws VIEW_… errors, each with its place in the view. */
export function compileView(view: ViewDefinition): CompiledView {
  if (!resourceTypes.has(view.resource)) throw viewErrors.UNKNOWN_RESOURCE({ at: '/resource' })
  const compiler = new ViewCompiler(constantsOf(view.constant ?? []))
  const types = [view.resource]
  const filters = (view.where ?? []).map(({ path }, index) => compiler.filter(path, { at: `/where/${index}/path`, types }))
  const parts = view.select.map((one, index) => compiler.select(one, { at: `/select/${index}`, types }, 0))
  const columns = parts.flatMap((part) => part.columns)
  const make = select([], parts.map((part) => part.make))
  return {
    resource: view.resource, columns, findings: compiler.findings,
    rowsOf: (resource) => (resource as { resourceType?: unknown } | null)?.resourceType === view.resource ? rowsOf(resource, { filters, make, width: columns.length }) : [],
  }
}

function rowsOf(resource: unknown, { filters, make, width }: { filters: readonly ((run: Run) => boolean)[]; make: RowPart; width: number }): unknown[][] {
  const run: Run = { resource, rowIndex: 0, row: new Array<unknown>(width).fill(undefined) }
  const rows: unknown[][] = []
  try {
    if (filters.every((holds) => holds(run))) make(resource, run, () => void rows.push(run.row.slice()))
  } catch (error) {
    if (error instanceof RangeError) throw viewErrors.TOO_DEEP({ at: '/select' })
    throw error
  }
  return rows
}

class ViewCompiler {
  readonly findings: ViewFinding[] = []
  readonly #constants: ReadonlyMap<string, Constant>
  readonly #names = new Set<string>()
  #slots = 0

  constructor(constants: ReadonlyMap<string, Constant>) {
    this.#constants = constants
  }

  filter(path: string, { at, types }: Place): (run: Run) => boolean {
    const { run: evaluate } = this.#path(path, { at, types })
    return (run) => {
      const value = evaluate(run.resource, run)
      if (isEmpty(value)) return false
      if (typeof value !== 'boolean') throw viewErrors.NOT_BOOLEAN({ at })
      return value
    }
  }

  select(one: ViewSelect, place: Place, depth: number): Part {
    const { at } = place
    if (depth > 30) throw viewErrors.TOO_DEEP({ at })
    if ([one.forEach, one.forEachOrNull, one.repeat].filter((member) => member !== undefined).length > 1) throw viewErrors.TWO_ITERATIONS({ at })
    const around = this.#iteration(one, place)
    const own = (one.column ?? []).map((column, index) => this.#column(column, { at: `${at}/column/${index}`, types: around.types }))
    const nested = (one.select ?? []).map((inner, index) => this.select(inner, { at: `${at}/select/${index}`, types: around.types }, depth + 1))
    const parts = one.unionAll === undefined ? nested : [...nested, this.#union(one.unionAll, { at: `${at}/unionAll`, types: around.types }, depth + 1)]
    const columns = [...own.map(({ column }) => column), ...parts.flatMap((part) => part.columns)]
    if (columns.length === 0) throw viewErrors.NO_COLUMNS({ at })
    const blank = select(own.map(({ blank: writer }) => writer), parts.map((part) => part.blank))
    return { make: around.make(select(own.map(({ writer }) => writer), parts.map((part) => part.make)), blank), blank, columns }
  }

  /** What the select is made for, and on which types its paths stand. */
  #iteration(one: ViewSelect, place: Place): { types: Types; make: (part: RowPart, blank: RowPart) => RowPart } {
    const { at } = place
    if (one.repeat !== undefined) {
      const types = this.#repeatedTypes(one.repeat, place)
      const paths = one.repeat.map((path, index) => this.#path(path, { at: `${at}/repeat/${index}`, types }))
      return { types: joinedTypes([], paths), make: (part) => repeat(paths, part) }
    }
    const path = one.forEach ?? one.forEachOrNull
    if (path === undefined) return { types: place.types, make: (part) => part }
    const member = one.forEach === undefined ? 'forEachOrNull' : 'forEach'
    const compiled = this.#path(path, { at: `${at}/${member}`, types: place.types })
    return { types: compiled.types, make: (part, blank) => member === 'forEach' ? forEach(compiled, part) : forEachOrNull(compiled, part, blank) }
  }

  /** Repeated paths stand on the item around and on what they gave themselves. */
  #repeatedTypes(paths: readonly string[], { at, types }: Place): Types {
    const found = this.findings.length
    let known = types
    for (;;) {
      const next = joinedTypes(known, paths.map((path, index) => this.#path(path, { at: `${at}/repeat/${index}`, types: known })))
      this.findings.length = found
      if (next === undefined || next.length === known?.length) return next
      known = next
    }
  }

  #union(branches: readonly ViewSelect[], place: Place, depth: number): Part {
    const [firstSlot, names] = [this.#slots, new Set(this.#names)]
    const parts = branches.map((branch, index) => {
      // All branches write the same columns.
      this.#slots = firstSlot
      this.#names.clear()
      for (const name of names) this.#names.add(name)
      return this.select(branch, { at: `${place.at}/${index}`, types: place.types }, depth)
    })
    const [first, ...others] = parts as [Part, ...Part[]]
    others.forEach((part, index) => {
      if (signature(part) !== signature(first)) throw viewErrors.UNION_MISMATCH({ at: `${place.at}/${index + 1}` })
    })
    return { make: union(parts.map((part) => part.make)), blank: first.blank, columns: first.columns }
  }

  #column({ name, path, type, collection = false, description }: ViewColumnDefinition, { at, types }: Place): { column: ViewColumn; writer: ColumnWriter; blank: ColumnWriter } {
    if (this.#names.has(name)) throw viewErrors.COLUMN_TWICE({ at })
    this.#names.add(name)
    let asksForRow = false
    const compiled = this.#path(path, { at: `${at}/path`, types }, () => { asksForRow = true })
    const told = compiled.types?.length === 1 ? compiled.types[0] : undefined
    const slot = this.#slots++
    const cell = collection ? collected(compiled) : one(compiled, `${at}/path`)
    return { column: { name, type: type ?? told, collection, description }, writer: { slot, cell }, blank: { slot, cell: asksForRow ? cell : () => undefined } }
  }

  #path(path: string, { at, types }: Place, onRowIndex: () => void = () => undefined): Compiled {
    const context: Context = { at, constants: this.#constants, onRowIndex, onUnknownElement: (offset) => void this.findings.push({ code: 'VIEW_UNKNOWN_ELEMENT', at, offset }) }
    const compiled = compilePath(path, types, context)
    return { ...compiled, run: (self, scope) => {
      try {
        return compiled.run(self, scope)
      } catch (error) {
        throw error instanceof SeveralValues ? viewErrors.SEVERAL_VALUES({ at }) : error
      }
    } }
  }
}

const signature = (part: Part): string => part.columns.map((column) => column.name).join()

const joinedTypes = (types: Types, paths: readonly Compiled[]): Types =>
  types === undefined || paths.some((path) => path.types === undefined) ? undefined : [...new Set([...types, ...paths.flatMap((path) => path.types ?? [])])]

const collected = ({ run }: Compiled): ColumnWriter['cell'] => (item, scope) => items(run(item, scope))

function one({ run }: Compiled, at: string): ColumnWriter['cell'] {
  return (item, scope) => {
    const value = run(item, scope)
    if (!Array.isArray(value)) return value
    if (value.length > 1) throw viewErrors.SEVERAL_VALUES({ at })
    return value[0] as unknown
  }
}

// Cases of the SQL on FHIR v2 test files, and what is wrong with our answer to one. Rows may come in any order; columns may not.
import { readdirSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { MhmdError } from '@mhmd/base'
import { compileView, parseExact, runView } from '@mhmd/fhir'
import { viewDefinitionDocument } from '@mhmd/schema'

const folder = new URL('../sql-on-fhir-v2/', import.meta.url)

export interface SqlOnFhirCase {
  readonly file: string
  readonly title: string
  readonly view: unknown
  readonly resources: readonly unknown[]
  readonly expect?: readonly Readonly<Record<string, unknown>>[]
  readonly expectColumns?: readonly string[]
  readonly expectError?: boolean
}

interface TestFile {
  readonly resources: readonly unknown[]
  readonly tests: readonly Omit<SqlOnFhirCase, 'file' | 'resources'>[]
}

export function casesIn(): SqlOnFhirCase[] {
  return readdirSync(folder).filter((file) => file.endsWith('.json')).sort().flatMap((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    // Resources with the digits of their numbers, as the vault's reader gives them; expected cells as plain JSON.
    const { resources } = parseExact(text) as TestFile
    const { tests } = JSON.parse(text) as TestFile
    return tests.map((one) => ({ ...one, file, resources }))
  })
}

/** Undefined where the answer is the expected one. */
export function judge(one: SqlOnFhirCase): string | undefined {
  try {
    const view = compileView(viewDefinitionDocument.parse(one.view))
    const rows = [...runView(view, one.resources)]
    if (one.expectError === true) return 'an error was expected'
    const columns = view.columns.map(({ name }) => name)
    if (one.expectColumns !== undefined && !isDeepStrictEqual(columns, one.expectColumns)) return `columns ${columns.join()} where ${one.expectColumns.join()} were expected`
    return differenceOf(rows, one.expect ?? [])
  } catch (error) {
    if (!MhmdError.isInstance(error)) throw error
    return one.expectError === true ? undefined : `${error.code} ${error.message}`
  }
}

function differenceOf(rows: readonly unknown[], expected: readonly unknown[]): string | undefined {
  const left = [...rows]
  for (const row of expected) {
    const at = left.findIndex((other) => isDeepStrictEqual(other, row))
    if (at < 0) return `row ${JSON.stringify(row)} is missing from ${JSON.stringify(rows)}`
    left.splice(at, 1)
  }
  return left.length === 0 ? undefined : `row ${JSON.stringify(left[0])} was not expected`
}

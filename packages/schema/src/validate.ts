// Outside data in, typed data out: a compiled schema, errors by place and rule, never by value.
import { Compile } from 'typebox/compile'
import type { Static, TSchema } from 'typebox'
import { schemaErrors } from './errors.ts'
import { problemsOf } from './problems.ts'

export interface DocumentType<T> {
  readonly name: string
  readonly schema: TSchema
  is(value: unknown): value is T
  /** The value itself, typed. Throws SCHEMA_NOT_VALID. */
  parse(value: unknown): T
}

/** Declares a document: its name in `schemas/NAME.schema.json` and its schema. */
export function documentType<const S extends TSchema>(name: string, schema: S): DocumentType<Static<S>> {
  // Compiled at first use: most programs need few of the documents.
  let compiled: ReturnType<typeof Compile<S>> | undefined
  const validator = (): ReturnType<typeof Compile<S>> => compiled ??= Compile(schema)
  const is = (value: unknown): value is Static<S> => validator().Check(value)
  return {
    name, schema, is,
    parse(value) {
      if (is(value)) return value
      throw schemaErrors.NOT_VALID({ document: name, problems: problemsOf(validator().Errors(value)) })
    },
  }
}

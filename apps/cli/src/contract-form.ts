// `mhmd contract form`: an operation's fields, each with its words and rule; filled in by options or by questions, checked field by field, and signed with the keys of the examples.
import { createInterface } from 'node:readline/promises'
import type { Canonical } from '@mhmd/base'
import { contractsTable, fieldErrors, fieldsOf, formOf, schemaAt, signedAnew, typedValue, withPart } from '@mhmd/contracts'
import type { FieldError, FormField, FormPath, FormSchema, Transaction } from '@mhmd/contracts'
import { sampleKeys } from '@mhmd/contracts/sample-keys'
import { cliErrors } from './errors.ts'
import { writeNew } from './files.ts'
import { outputOf, table } from './output.ts'

export interface FormOptions {
  readonly json?: boolean
  readonly fields?: true
  readonly ask?: true
  readonly set: readonly string[]
  readonly out?: string
}

const pathText = (path: FormPath): string => path.join('.')
const pathOf = (text: string): FormPath => text.split('.').map((step) => (/^\d{1,4}$/.test(step) ? Number(step) : step))

const rules: Readonly<Record<FieldError['rule'], (limit: string) => string>> = {
  missing: () => 'is missing',
  unexpected: () => 'is no field of this operation',
  kind: (limit) => `must be a ${limit}`,
  option: (limit) => `must be one of: ${limit}`,
  pattern: (limit) => `is no ${limit}`,
  longest: (limit) => `is longer than ${limit} characters`,
  least: (limit) => `must be ${limit} or more`,
  most: (limit) => `must be ${limit} or less`,
  'fewest-items': (limit) => `must have at least ${limit} items`,
  'most-items': (limit) => `must have at most ${limit} items`,
  'fewest-members': (limit) => `must have at least ${limit} fields`,
  twice: () => 'stands there twice',
}

/** What is wrong with a payload, a line for each field. */
export function errorLines(schema: FormSchema, payload: Canonical | undefined): string[] {
  return fieldErrors(schema, payload).map(({ path, rule, limit = '' }) => {
    const says = schemaAt(schema, path)?.description
    return `${path.length === 0 ? 'payload' : pathText(path)} ${rules[rule](String(limit))}${rule === 'pattern' && says !== undefined ? ` (${says})` : ''}`
  })
}

/** The schema of a transaction's payload, where it names an operation that there is. */
export function schemaOf({ contract, operation }: Pick<Transaction, 'contract' | 'operation'>): FormSchema | undefined {
  const operations = typeof contract === 'string' ? contractsTable[contract]?.operations : undefined
  return operations !== undefined && Object.hasOwn(operations, operation) ? operations[operation]?.schema : undefined
}

const ruleOf = ({ options }: FormField, { pattern, minimum, maximum }: FormSchema): string => options?.join(', ') ?? pattern ?? `${minimum} to ${maximum}`

/** Steps that lead to an operation, the last of them filled in as was said. */
export async function fillForm(steps: readonly Transaction[], schema: FormSchema, options: FormOptions): Promise<void> {
  const last = steps.at(-1) as Transaction
  const said = options.set.reduce((payload, assignment) => assigned(schema, payload, assignment), last.payload)
  const fields = fieldsOf(formOf(schema, said))
  if (options.fields === true) {
    const rows = fields.map((field) => ({ field: pathText(field.path), type: field.title, optional: field.isOptional, may: ruleOf(field, schemaAt(schema, field.path) ?? {}), says: field.says, example: field.value ?? null }))
    outputOf(options).result(rows, table([['field', 'type', 'what it is', 'what it may be'], ...rows.map(({ field, type, optional, may, says }) => [`${field}${optional ? ' (optional)' : ''}`, type, says, may])]))
    return
  }
  const payload = options.ask === true ? await asked(schema, said, fields) : said
  const wrong = errorLines(schema, payload)
  if (wrong.length > 0) throw cliErrors.BAD_OPTION({ option: '--set', why: wrong.join('; ') })
  const isChanged = JSON.stringify(payload) !== JSON.stringify(last.payload)
  const text = `${JSON.stringify(isChanged ? [...steps.slice(0, -1), signedAnew({ ...last, payload }, sampleKeys)] : steps, null, 2)}\n`
  if (options.out === undefined) process.stdout.write(text)
  else writeNew(options.out, text)
}

/** `PATH=VALUE`; `PATH=` leaves an optional field out. */
function assigned(schema: FormSchema, payload: Canonical, assignment: string): Canonical {
  const [, name, text = ''] = /^([^=]+)=(.*)$/s.exec(assignment) ?? []
  if (name === undefined) throw cliErrors.BAD_OPTION({ option: '--set', why: `${assignment} is not FIELD=VALUE` })
  const field = schemaAt(schema, pathOf(name))
  if (field === undefined) throw cliErrors.BAD_OPTION({ option: '--set', why: `there is no field ${name}; there are ${fieldsOf(formOf(schema, payload)).map(({ path }) => pathText(path)).join(', ')}` })
  return withPart(payload, pathOf(name), text === '' ? undefined : typedValue(field, text)) ?? {}
}

/** Asks for each field that isn't settled by the schema or made by signing; an empty answer keeps what stands there. */
async function asked(schema: FormSchema, payload: Canonical, fields: readonly FormField[]): Promise<Canonical> {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
  let filled = payload
  for (const field of fields.filter(({ title, options }) => title !== 'SignatureText' && options?.length !== 1)) {
    const answer = await settled(field, schemaAt(schema, field.path) ?? {}, lines)
    if (answer !== undefined) filled = withPart(filled, field.path, answer) ?? {}
  }
  return filled
}

/** Asks for one field until the answer is right, or empty. */
async function settled({ path, title, says, options, value }: FormField, schema: FormSchema, lines: AsyncIterator<string>): Promise<Canonical | undefined> {
  for (;;) {
    process.stderr.write(`${pathText(path)} (${options?.join(', ') ?? `${title}: ${says}`}) [${value === undefined ? '' : JSON.stringify(value)}] `)
    const line = await lines.next()
    const text = line.done === true ? '' : line.value.trim()
    const [wrong] = text === '' ? [] : errorLines(schema, typedValue(schema, text))
    process.stderr.write(wrong === undefined ? '\n' : `\n  ${wrong.replace(/^payload/, 'This')}\n`)
    if (wrong === undefined) return text === '' ? undefined : typedValue(schema, text)
  }
}

// A form names each field of every operation, and its errors are there exactly where the validator refuses.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { Canonical } from '@mhmd/base'
import fc from 'fast-check'
import { Compile } from 'typebox/compile'
import type { Transaction } from './contract.ts'
import { fieldErrors } from './field-errors.ts'
import { blankOf, fieldsOf, formOf, schemaAt, typedValue, withPart } from './form.ts'
import type { FormPath, FormSchema } from './form.ts'
import { contractsTable } from './registry.ts'

const examples = JSON.parse(readFileSync(new URL('../examples.json', import.meta.url), 'utf8')) as Readonly<Record<string, readonly Transaction[]>>
const calls = Object.entries(contractsTable).flatMap(([contract, { operations }]) => Object.entries(operations).map(([operation, { schema }]) => ({ call: `${contract} ${operation}`, schema: schema, payload: examples[`${contract} ${operation}`]?.at(-1)?.payload ?? null })))
const schemaOf = (call: string): FormSchema => contractsTable[call.split(' ')[0] ?? '']?.operations[call.split(' ')[1] ?? '']?.schema as FormSchema
const decide = schemaOf('consents@1 decide')
const decision = examples['consents@1 decide']?.at(-1)?.payload ?? null

/** Every path of a value, the root first. */
function pathsOf(value: Canonical, path: FormPath = []): FormPath[] {
  if (typeof value !== 'object' || value === null) return [path]
  const members = (Array.isArray(value) ? [...value.entries()] : Object.entries(value)) as readonly (readonly [string | number, Canonical])[]
  return [path, ...members.flatMap(([step, inner]) => pathsOf(inner, [...path, step]))]
}

const oddity: fc.Arbitrary<Canonical | undefined> = fc.oneof(
  fc.constant(undefined), fc.constantFrom<Canonical>(null, true, '', 0, -1, 1.5, 1e15, 'a', 'A', 'rome', 'withdraw', 'active', 'A_B', 'AB_CD', [], {}, ['a', 'a'], ['a', 'b'], { id: 1 }, 'x'.repeat(43), 'A'.repeat(43), '\u{1F3E5}', '\ud800'),
  fc.integer(), fc.string(),
)

describe('a form', () => {
  it('has every field of every operation, with words, and no error in its example', () => {
    for (const { call, schema, payload } of calls) {
      const fields = fieldsOf(formOf(schema, payload))
      const leaves = pathsOf(payload).filter((path) => typeof at(payload, path) !== 'object')
      assert.deepEqual(leaves.filter((path) => !fields.some((field) => field.path.join('.') === path.join('.'))), [], call)
      for (const { path, says, options } of fields) assert.ok(says !== '' || options !== undefined, `${call} ${path.join('.')} has no words`)
      assert.deepEqual(fieldErrors(schema, payload), [], call)
    }
  })

  it('finds an error exactly where the validator refuses, whatever is put in the place of any part', () => {
    const compiled = new Map(calls.map(({ call, schema }) => [call, Compile(schema as never)]))
    let refused = 0
    fc.assert(fc.property(fc.constantFrom(...calls), fc.nat(), oddity, fc.boolean(), ({ call, schema, payload }, draw, odd, isAdded) => {
      const paths = pathsOf(payload)
      const path = [...paths[draw % paths.length] ?? [], ...(isAdded ? ['another'] : [])]
      const value = withPart(payload, path, odd)
      fc.pre(value !== undefined)
      const isTaken = compiled.get(call)?.Check(value) === true
      if (!isTaken) refused++
      assert.equal(fieldErrors(schema, value).length === 0, isTaken, `${call} ${path.join('.')} = ${JSON.stringify(odd)}`)
    }), { numRuns: 4000 })
    assert.ok(refused > 1000, `${refused} refused`)
  })

  it('says at which field, and what the rule asks for', () => {
    const wrong = (path: FormPath, value: Canonical | undefined): readonly unknown[] => fieldErrors(decide, withPart(decision, path, value))
    assert.deepEqual(wrong(['statement', 'holder'], 'Rome'), [{ path: ['statement', 'holder'], rule: 'pattern', limit: 'MemberId' }])
    assert.deepEqual(wrong(['statement', 'operation'], 'revoke'), [{ path: ['statement', 'operation'], rule: 'option', limit: 'set, withdraw' }])
    assert.deepEqual(wrong(['statement', 'version'], 0), [{ path: ['statement', 'version'], rule: 'least', limit: 1 }])
    assert.deepEqual(wrong(['statement', 'expires'], undefined), [{ path: ['statement', 'expires'], rule: 'missing' }])
    assert.deepEqual(wrong(['why'], 'she said so'), [{ path: ['why'], rule: 'unexpected' }])
    const register = schemaOf('datasets@1 register')
    assert.deepEqual(fieldErrors(register, withPart(examples['datasets@1 register']?.at(-1)?.payload, ['categories'], ['a', 'a'])), [{ path: ['categories', 1], rule: 'twice' }])
  })

  it('reads what is typed, gives a new item a shape, and keeps the order of members', () => {
    assert.equal(typedValue({ type: 'integer' }, '12'), 12)
    assert.equal(typedValue({ type: 'integer' }, '1.2'), '1.2')
    assert.equal(typedValue({ const: 1 }, '1'), 1)
    assert.equal(typedValue({ type: 'string' }, '12'), '12')
    const staff = schemaOf('participants@1 staff')
    assert.deepEqual(blankOf(schemaAt(staff, ['keys', 0]) ?? {}), { key: '', state: 'active' })
    assert.deepEqual(blankOf(staff), { keys: [{ key: '', state: 'active' }] })
    assert.equal(schemaAt(staff, ['keys', 0, 'constructor']), undefined)
    assert.deepEqual(Object.keys(withPart({ a: 1, b: 2 }, ['a'], 3) as object), ['a', 'b'])
    assert.deepEqual(withPart({ a: [1, 2, 3] }, ['a', 1], undefined), { a: [1, 3] })
  })
})

const at = (value: Canonical, path: FormPath): unknown => path.reduce<unknown>((inner, step) => (inner as Record<string | number, unknown>)[step], value)

// Every field that a transaction can have is called something on the playground, in the words of its schema.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contractsTable } from '@mhmd/contracts'
import type { FormSchema } from '@mhmd/contracts'
import { contractForm } from './professional-contract-form-en.ts'

const words: { readonly types: Readonly<Record<string, string>>; readonly members: Readonly<Record<string, string>> } = contractForm

function met(schema: FormSchema, names: Set<string>, types: Map<string, string>): void {
  if (schema.title !== undefined) types.set(schema.title, schema.description ?? '')
  for (const [name, inner] of Object.entries(schema.properties ?? {})) {
    names.add(name)
    met(inner, names, types)
  }
  if (schema.items !== undefined) met(schema.items, names, types)
}

test('members have names, and types the sentences of their schemas', () => {
  const [names, types] = [new Set<string>(), new Map<string, string>()]
  for (const { operations } of Object.values(contractsTable)) for (const { schema } of Object.values(operations)) met(schema, names, types)
  assert.ok(names.size > 60 && types.size > 15)
  for (const name of names) assert.ok(words.members[name], name)
  for (const [title, says] of types) assert.equal(words.types[title], says, title)
})

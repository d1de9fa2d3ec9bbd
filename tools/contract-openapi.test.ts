// The ledger's OpenAPI describes the paths that are served and no others, every reference in it leads somewhere, and what happens on a ledger is of its schemas.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { ScratchLedger, contractsTable } from '@mhmd/contracts'
import type { Transaction } from '@mhmd/contracts'
import { documentType } from '@mhmd/schema'
import { ledgerOpenApi } from './contract-openapi.ts'
import { root } from './imports.ts'

type Schema = Readonly<Record<string, unknown>>
const document = JSON.parse(JSON.stringify(ledgerOpenApi())) as { readonly paths: Readonly<Record<string, Schema>>; readonly components: { readonly schemas: Readonly<Record<string, Schema>> } }
const { schemas } = document.components
const nameIn = (reference: string): string => reference.replace('#/components/schemas/', '')

/** The schema with every reference put in its place. */
function whole(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(whole)
  if (typeof value !== 'object' || value === null) return value
  if ('$ref' in value) return whole(schemas[nameIn(String(value.$ref))])
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, whole(inner)]))
}

describe('the OpenAPI of the ledger', () => {
  it('has the paths that the embedded ledger serves', () => {
    const wire = readFileSync(`${root}adapters/ledger-embedded/src/wire.ts`, 'utf8')
    assert.deepEqual(Object.keys(document.paths).map((path) => path.replace('{operationId}', '')).sort(), [...wire.matchAll(/'(\/ledger\/1\/[^']+)'/g)].map(([, path]) => path).sort())
  })

  it('leads nowhere else than to its own components', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference)
    assert.ok(references.length > 150, `${references.length}`)
    for (const reference of references) assert.ok(Object.hasOwn(schemas, nameIn(reference)), reference)
    for (const name of Object.keys(schemas)) assert.match(name, /^[a-zA-Z0-9._-]+$/)
  })

  it('takes every accepted transaction as its own kind alone, with its assets and events; refuses it with a field more', () => {
    const examples = JSON.parse(readFileSync(`${root}packages/contracts/examples.json`, 'utf8')) as Record<string, Transaction[]>
    const kinds = Object.entries(contractsTable).flatMap(([contract, { operations }]) => Object.keys(operations).map((operation) => ({ call: `${contract} ${operation}`, schema: documentType(operation, whole(schemas[`${contract.replace('@', '.')}.${operation}`]) as never) })))
    const [asset, event] = [documentType('asset', whole(schemas['asset']) as never), documentType('event', whole(schemas['event']) as never)]
    for (const [call, steps] of Object.entries(examples)) {
      const scratch = new ScratchLedger()
      for (const tx of steps) {
        const proposal = scratch.propose(tx)
        scratch.commit(proposal)
        for (const told of proposal.trace.events) assert.ok(event.is(told), `${call}: ${told.name}`)
      }
      for (const { value, key } of scratch.entries()) assert.ok(asset.is(value), key.join('/'))
      const last = steps.at(-1)
      assert.deepEqual(kinds.filter(({ schema }) => schema.is(last)).map((kind) => kind.call), [call])
      assert.deepEqual(kinds.filter(({ schema }) => schema.is({ ...last, why: 'so' })), [])
    }
  })
})

// Nothing reaches the ledger but ids, keys, commitments, versions, states, times and codes: no schema has room for free text, names of organisations excepted.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NetworkDocument, OrganisationName } from '@mhmd/schema'
import { Compile } from 'typebox/compile'
import { memberRecord, network } from '../testing/world.ts'
import { contractsTable } from './registry.ts'
import { stateSchemas } from './state-schemas.ts'

type Node = Readonly<Record<string, unknown>>

/** Every leaf of a schema with its path; insists that objects are closed and arrays bounded on the way. */
function leaves(schema: Node, path: string): readonly { path: string; leaf: Node }[] {
  if (Array.isArray(schema['anyOf'])) return (schema['anyOf'] as readonly Node[]).flatMap((each) => leaves(each, path))
  if (schema['type'] === 'object') {
    assert.equal(schema['additionalProperties'], false, `${path} takes no member that it doesn't name`)
    return Object.entries(schema['properties'] as Readonly<Record<string, Node>>).flatMap(([name, each]) => leaves(each, `${path}.${name}`))
  }
  if (schema['type'] === 'array') {
    assert.ok(typeof schema['maxItems'] === 'number', `${path} is bounded`)
    return leaves(schema['items'] as Node, `${path}[]`)
  }
  return [{ path, leaf: schema }]
}

const payloads = Object.entries(contractsTable).flatMap(([name, contract]) => Object.entries(contract.operations).map(([operation, { schema }]) => [`${name} ${operation}`, schema] as const))
const all = [...payloads, ...Object.entries(stateSchemas)].flatMap(([name, schema]) => leaves(schema as Node, name))
const isLiteral = (leaf: Node): boolean => typeof leaf['const'] === 'string' || typeof leaf['const'] === 'number'
const freeText = (OrganisationName as unknown as Node)['pattern']

describe('schemas of payloads and states', () => {
  it('are there for every operation and every kind of state', () => {
    assert.ok(payloads.length >= 36)
    assert.ok(Object.keys(stateSchemas).length >= 25)
    assert.ok(all.length > 200)
  })

  it('limit every text by a pattern and every number by a range', () => {
    for (const { path, leaf } of all) {
      if (isLiteral(leaf)) continue
      if (leaf['type'] === 'integer') assert.ok(typeof leaf['minimum'] === 'number' && typeof leaf['maximum'] === 'number', `${path} has a range`)
      else assert.ok(leaf['type'] === 'string' && /^\^.*\$$/.test(String(leaf['pattern'])), `${path} has a pattern from beginning to end`)
    }
  })

  it('have free text in public names of organisations alone', () => {
    const free = all.filter(({ leaf }) => leaf['pattern'] === freeText).map(({ path }) => path.replace(/^.* /, ''))
    assert.deepEqual([...new Set(free)].sort(), ['admission-application.member.name', 'genesis.document.founders[].name', 'genesis.document.name', 'member.name', 'propose.member.name'])
  })

  it('have no other pattern that a sentence, a date of birth, a phone number, a name or a mail address would fit', () => {
    const told = ['Alice has asthma', 'she lives in Rome', '1970-01-01', '+39 06 1234567', 'Rossi, Anna', 'anna.rossi@example.org', 'RSSNNA70A41H501X', 'J45.901', 'e10.9']
    for (const { path, leaf } of all) {
      if (isLiteral(leaf) || leaf['type'] !== 'string' || leaf['pattern'] === freeText) continue
      const pattern = new RegExp(String(leaf['pattern']), 'u')
      for (const text of told) assert.ok(!pattern.test(text) || /serverName$/.test(path), `${path} takes ${JSON.stringify(text)}`)
    }
  })

  it('have no pattern that a long hostile text keeps busy', () => {
    const hostile = ['a'.repeat(50_000) + '!', '-'.repeat(50_000), `-----BEGIN CERTIFICATE-----\n${'A'.repeat(64)}\n`.repeat(700), 'a-'.repeat(25_000), 'a.'.repeat(25_000)]
    const patterns = new Set(all.flatMap(({ leaf }) => (typeof leaf['pattern'] === 'string' ? [leaf['pattern']] : [])))
    const started = performance.now()
    for (const pattern of patterns) for (const text of hostile) assert.equal(new RegExp(pattern, 'u').test(text), false)
    assert.ok(performance.now() - started < 5000)
  })
})

describe('names of organisations', () => {
  const is = Compile(NetworkDocument)
  const document = (name: string): unknown => ({ format: 'mhmd-network/1', name, createdAt: 1, founders: [memberRecord('rome')], checkpointKeys: [memberRecord('rome').signingKey], admissionQuorum: 1, nonce: network })
  it('may be in any script, and hold no control characters or broken text', () => {
    for (const name of ['Ospedale Sant’Anna', 'Universitätsklinikum', 'Νοσοκομείο', '病院', '🏥']) assert.ok(is.Check(document(name)), name)
    for (const name of ['', 'a\nb', 'a\u0000', '\ud800', 'x'.repeat(121), 'a\u009b']) assert.ok(!is.Check(document(name)), JSON.stringify(name))
  })
})

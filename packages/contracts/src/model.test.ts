// The business model in schema files is what the contracts do: every event is of its schema and each is met, and every asset is found by the key that its file says.
import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import type { Canonical } from '@mhmd/base'
import { assetKeys, eventSchemas } from '@mhmd/schema'
import { Compile } from 'typebox/compile'
import { genesis } from '../testing/world.ts'
import type { VectorFile } from '../testing/vectors.ts'
import type { ContractEvent, Transaction } from './contract.ts'
import { ScratchLedger } from './scratch.ts'
import { stateKeys } from './state-keys.ts'
import { stateQueries, stateSchemas } from './state-schemas.ts'

const folder = new URL('../../../vectors/contracts/', import.meta.url)
const scratches: ScratchLedger[] = []
const events: ContractEvent[] = []
for (const name of globSync('*.json', { cwd: folder })) for (const { steps } of (JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as VectorFile).cases) {
  const scratch = new ScratchLedger()
  for (const step of steps) {
    const proposal = scratch.propose(step === 'genesis' ? genesis() : step.transaction as unknown as Transaction)
    if (scratch.commit(proposal).code === 'VALID') events.push(...proposal.trace.events)
  }
  scratches.push(scratch)
}

describe('the business model', () => {
  it('has a schema for every event, which every event of the vectors is of; each is met', () => {
    const validators = new Map(Object.entries(eventSchemas).map(([name, schema]) => [name, Compile(schema)]))
    for (const { name, payload } of events) assert.ok(validators.get(name)?.Check(payload), `${name} ${JSON.stringify(payload)}`)
    assert.deepEqual([...new Set(events.map(({ name }) => name))].sort(), Object.keys(eventSchemas).sort())
  })

  it('names the parts of every asset\'s key, and every key of the vectors is of them', () => {
    assert.deepEqual(Object.keys(assetKeys).sort(), Object.keys(stateSchemas).sort())
    const validators = new Map(Object.entries(assetKeys).map(([asset, parts]) => [asset, Object.values(parts).map((part) => Compile(part))]))
    const met = new Set<string>()
    for (const { key: [asset, ...parts] } of scratches.flatMap((scratch) => scratch.entries())) {
      const wanted = validators.get(asset)
      assert.equal(parts.length, wanted?.length, asset)
      for (const [at, part] of parts.entries()) assert.ok(wanted?.[at]?.Check(part), `${asset} ${at}: ${part}`)
      met.add(asset)
    }
    assert.deepEqual([...met].sort(), Object.keys(assetKeys).sort())
    const made = Object.values(stateKeys).map((make) => (make as (...parts: string[]) => readonly string[])('a', 'b', 'c'))
    for (const [asset = '', ...parts] of made) assert.equal(parts.length, Object.keys(assetKeys[asset as keyof typeof assetKeys]).length, asset)
  })

  it('answers every query on a ledger: one value, or all below', () => {
    for (const [name, { asset, by, answers }] of Object.entries(stateQueries)) {
      const found = scratches.flatMap((scratch) => scratch.entries().filter(({ key }) => key[0] === asset).map((entry) => ({ scratch, entry }))).at(0)
      assert.ok(found !== undefined, name)
      const { scratch, entry } = found
      const prefix = entry.key.slice(0, 1 + Object.keys(by).length)
      const answer: readonly { readonly key: readonly string[]; readonly value: Canonical }[] = scratch.query([asset, ...prefix.slice(1)])
      assert.ok(answer.some(({ key }) => key.join() === entry.key.join()), name)
      assert.ok(answer.every(({ key }) => prefix.every((part, at) => key[at] === part)), name)
      if (answers === 'one') assert.equal(answer.length, 1, name)
    }
  })
})

// The contract suite of the store port: every adapter passes it, the one in memory included.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import type { Store } from '../src/index.ts'
import { killedWhileWriting } from './killed-writer.ts'

/** One place for a store. `open` may be called again after `close`, and then finds what was there. */
export interface StoreUnderTest {
  open(): Promise<Store>
  /** For durable stores: where a process of its own finds the same place, `(await import(module))[name](argument)`. */
  readonly opener?: { readonly module: string; readonly name: string; readonly argument: string }
  /** The files whose bytes an attacker with the disk would read. */
  files?(): readonly string[]
  /** Removes the place. */
  remove(): Promise<void>
}

const bytes = (text: string): Uint8Array => Buffer.from(text)
const text = (value: Uint8Array | undefined): string | undefined => value === undefined ? undefined : Buffer.from(value).toString()

async function keysOf(store: Store, table: string, range = {}): Promise<string[][]> {
  return store.read(async (tx) => {
    const keys: string[][] = []
    for await (const { key } of tx.scan(table, range)) keys.push([...key])
    return keys
  })
}

/** `durable` adapters must give `opener` and `files`. */
export function storeSuite(name: string, make: () => Promise<StoreUnderTest>, { durable }: { durable: boolean }): void {
  const withStore = (title: string, body: (store: Store, place: StoreUnderTest) => Promise<void>): void => {
    test(`${name}: ${title}`, async () => {
      const place = await make()
      const store = await place.open()
      try {
        await body(store, place)
      } finally {
        await store.close()
        await place.remove()
      }
    })
  }
  transactionTests(withStore)
  rangeTests(withStore)
  concurrencyTests(withStore)
  refusalTests(withStore)
  if (durable) durabilityTests(name, make)
}

type WithStore = (title: string, body: (store: Store, place: StoreUnderTest) => Promise<void>) => void

function transactionTests(withStore: WithStore): void {
  withStore('what was put is read back, replaced, and gone once deleted', async (store) => {
    await store.write((tx) => tx.put('things', ['a'], bytes('one')))
    assert.equal(text(await store.read((tx) => tx.get('things', ['a']))), 'one')
    await store.write((tx) => tx.put('things', ['a'], bytes('two')))
    assert.equal(text(await store.read((tx) => tx.get('things', ['a']))), 'two')
    await store.write((tx) => tx.delete('things', ['a']))
    assert.equal(await store.read((tx) => tx.get('things', ['a'])), undefined)
  })

  withStore('tables are apart, and a table nobody wrote to is empty', async (store) => {
    await store.write((tx) => tx.put('one', ['k'], bytes('1')))
    assert.equal(await store.read((tx) => tx.get('two', ['k'])), undefined)
    assert.deepEqual(await keysOf(store, 'two'), [])
    await store.write((tx) => tx.delete('three', ['k']))
  })

  withStore('empty and large values keep their bytes', async (store) => {
    const large = new Uint8Array(3_000_000).map((_, index) => index % 251)
    await store.write(async (tx) => {
      await tx.put('values', ['empty'], new Uint8Array(0))
      await tx.put('values', ['large'], large)
    })
    assert.equal((await store.read((tx) => tx.get('values', ['empty'])))?.length, 0)
    assert.ok(Buffer.from(large).equals(Buffer.from((await store.read((tx) => tx.get('values', ['large']))) ?? [])))
  })

  withStore('a closure that throws changes nothing and its own error comes out', async (store) => {
    await store.write((tx) => tx.put('kept', ['a'], bytes('before')))
    const mine = new Error('mine')
    await assert.rejects(store.write(async (tx) => {
      await tx.put('kept', ['a'], bytes('after'))
      await tx.put('kept', ['b'], bytes('after'))
      await tx.put('never-made', ['a'], bytes('after'))
      throw mine
    }), mine)
    assert.equal(text(await store.read((tx) => tx.get('kept', ['a']))), 'before')
    assert.deepEqual(await keysOf(store, 'kept'), [['a']])
    await store.write((tx) => tx.put('never-made', ['b'], bytes('x')))
    assert.deepEqual(await keysOf(store, 'never-made'), [['b']])
  })

  withStore('a transaction sees its own writes, and others do not before it commits', async (store) => {
    await store.write(async (tx) => {
      await tx.put('own', ['b'], bytes('1'))
      await tx.put('own', ['a'], bytes('1'))
      const seen: string[] = []
      for await (const { key } of tx.scan('own')) seen.push(key[0])
      assert.deepEqual(seen, ['a', 'b'])
      assert.deepEqual(await keysOf(store, 'own'), [])
    })
    assert.deepEqual(await keysOf(store, 'own'), [['a'], ['b']])
  })

  withStore('a random sequence of writes leaves what a plain map would hold', async (store) => {
    const key = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }).filter((part) => !part.includes('\u0000') && part.isWellFormed()), { minLength: 1, maxLength: 3 })
    const act = fc.record({ key, value: fc.option(fc.string(), { nil: undefined }) })
    let run = 0
    await fc.assert(fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
      const table = `run-${run++}`
      const model = new Map<string, string>()
      for (const { key: at, value } of acts) {
        await store.write((tx) => value === undefined ? tx.delete(table, at) : tx.put(table, at, bytes(value)))
        if (value === undefined) model.delete(at.join('\u0000'))
        else model.set(at.join('\u0000'), value)
      }
      const expected = [...model].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b))).map(([at, value]) => [at.split('\u0000'), value])
      const found: unknown[] = []
      await store.read(async (tx) => {
        for await (const entry of tx.scan(table)) found.push([[...entry.key], text(entry.value)])
      })
      assert.ok(isDeepStrictEqual(found, expected))
    }), { numRuns: 15 })
  })
}

function rangeTests(withStore: WithStore): void {
  withStore('keys come in the byte order of their UTF-8 form, beyond the basic plane too', async (store) => {
    // U+FF61 is below U+1F600 by code point and above it by UTF-16 code unit; locale orders differ again.
    const ordered = [['Z'], ['a'], ['a', '\u0001'], ['a', 'b'], ['a\u0001'], ['ab'], ['z'], ['é'], ['\uff61'], ['\u{1f600}'], ['\u{1f600}', 'x']]
    await store.write(async (tx) => {
      for (const key of ordered.toReversed()) await tx.put('order', key, bytes('x'))
    })
    assert.deepEqual(await keysOf(store, 'order'), ordered)
    assert.deepEqual(await keysOf(store, 'order', { reverse: true }), ordered.toReversed())
  })

  withStore('prefix, after, reverse and limit select what they say', async (store) => {
    const keys = [['a'], ['b'], ['b', '1'], ['b', '2'], ['b', '3'], ['b1'], ['c']]
    await store.write(async (tx) => {
      for (const key of keys) await tx.put('ranges', key, bytes('x'))
    })
    const below = [['b', '1'], ['b', '2'], ['b', '3']]
    assert.deepEqual(await keysOf(store, 'ranges', { prefix: ['b'] }), below)
    assert.deepEqual(await keysOf(store, 'ranges', { prefix: ['b'], reverse: true }), below.toReversed())
    assert.deepEqual(await keysOf(store, 'ranges', { prefix: ['b'], after: ['b', '1'] }), below.slice(1))
    assert.deepEqual(await keysOf(store, 'ranges', { prefix: ['b'], after: ['b', '3'], reverse: true }), [['b', '2'], ['b', '1']])
    assert.deepEqual(await keysOf(store, 'ranges', { after: ['a'], limit: 2 }), [['b'], ['b', '1']])
    assert.deepEqual(await keysOf(store, 'ranges', { after: ['a'] }), keys.slice(1))
    assert.deepEqual(await keysOf(store, 'ranges', { after: ['zz'] }), [])
    assert.deepEqual(await keysOf(store, 'ranges', { prefix: ['b'], after: ['c'] }), [])
    assert.deepEqual(await keysOf(store, 'ranges', { prefix: ['b'], after: ['a'] }), below)
    assert.deepEqual(await keysOf(store, 'ranges', { prefix: ['b'], after: ['a'], reverse: true }), [])
    assert.deepEqual(await keysOf(store, 'ranges', { limit: 0 }), [])
  })

  withStore('long scans give every row once, and may be left early', async (store) => {
    const names = Array.from({ length: 3000 }, (_, index) => String(index).padStart(5, '0'))
    await store.write(async (tx) => {
      for (const name of names) await tx.put('long', [name], Buffer.alloc(name.endsWith('9') ? 5000 : 5))
    })
    assert.deepEqual((await keysOf(store, 'long')).flat(), names)
    assert.deepEqual((await keysOf(store, 'long', { reverse: true })).flat(), names.toReversed())
    await store.read(async (tx) => {
      for await (const { key } of tx.scan('long')) if (key[0] === '00700') return
    })
    assert.deepEqual((await keysOf(store, 'long', { after: ['02997'] })).flat(), ['02998', '02999'])
  })

  withStore('a scan in a writing transaction may delete what it passes', async (store) => {
    await store.write(async (tx) => {
      for (let index = 0; index < 1200; index++) await tx.put('sweep', [String(index)], bytes('x'))
    })
    await store.write(async (tx) => {
      for await (const { key } of tx.scan('sweep')) await tx.delete('sweep', key)
    })
    assert.deepEqual(await keysOf(store, 'sweep'), [])
  })
}

function concurrencyTests(withStore: WithStore): void {
  withStore('a read keeps the state it began with, over tables and pages', async (store) => {
    await store.write(async (tx) => {
      for (let index = 0; index < 100; index++) await tx.put('left', [String(index).padStart(3, '0')], bytes('old'))
      await tx.put('right', ['r'], bytes('old'))
    })
    await store.read(async (tx) => {
      const seen: string[] = []
      for await (const { key, value } of tx.scan('left')) {
        if (seen.length === 0) {
          await store.write(async (writing) => {
            for (let index = 0; index < 200; index++) await writing.put('left', [String(index).padStart(3, '0')], bytes('new'))
            await writing.put('right', ['r'], bytes('new'))
            await writing.put('made-later', ['r'], bytes('new'))
          })
        }
        assert.equal(text(value), 'old')
        seen.push(key[0])
      }
      assert.equal(seen.length, 100)
      assert.equal(text(await tx.get('right', ['r'])), 'old')
      assert.equal(await tx.get('made-later', ['r']), undefined)
    })
    assert.equal(text(await store.read((tx) => tx.get('right', ['r']))), 'new')
  })

  withStore('read-modify-writes that run at once are as if one after another', async (store) => {
    const add = (): Promise<void> => store.write(async (tx) => {
      const before = Number(text(await tx.get('counter', ['n'])) ?? '0')
      await new Promise((resolve) => setImmediate(resolve))
      await tx.put('counter', ['n'], bytes(String(before + 1)))
    })
    await Promise.all(Array.from({ length: 40 }, add))
    assert.equal(text(await store.read((tx) => tx.get('counter', ['n']))), '40')
  })

  // Write skew: each looks at the whole table and adds only where it is empty. Snapshot isolation alone lets several in.
  withStore('a rule over a range holds although many check it at once', async (store) => {
    const takeSeat = (who: string): Promise<boolean> => store.write(async (tx) => {
      for await (const entry of tx.scan('seat', { prefix: ['row'] })) return entry.key.length === 0
      await new Promise((resolve) => setImmediate(resolve))
      await tx.put('seat', ['row', who], bytes('x'))
      return true
    })
    const taken = await Promise.all(Array.from({ length: 12 }, (_, index) => takeSeat(`p${index}`)))
    assert.equal(taken.filter(Boolean).length, 1)
    assert.equal((await keysOf(store, 'seat')).length, 1)
  })
}

function refusalTests(withStore: WithStore): void {
  withStore('bad table names and keys are refused with a code', async (store) => {
    for (const table of ['', 'A', '1a', 'a b', 'a"; drop table x', '../x', 'é']) {
      await assert.rejects(store.write((tx) => tx.put(table, ['k'], bytes('x'))), { code: 'STORE_BAD_TABLE' })
      await assert.rejects(store.read((tx) => tx.get(table, ['k'])), { code: 'STORE_BAD_TABLE' })
    }
    for (const key of [[], [''], ['a\u0000b']]) await assert.rejects(store.write((tx) => tx.put('t', key, bytes('x'))), { code: 'BASE_BAD_KEY' })
  })

  withStore('a transaction used after its end does nothing and says so', async (store) => {
    const leaked = await store.write(async (tx) => tx)
    await assert.rejects(leaked.put('late', ['k'], bytes('x')), { code: 'STORE_TRANSACTION_OVER' })
    const leakedRead = await store.read(async (tx) => tx)
    await assert.rejects(leakedRead.get('late', ['k']), { code: 'STORE_TRANSACTION_OVER' })
    assert.deepEqual(await keysOf(store, 'late'), [])
  })

  withStore('a closed store says that it is closed', async (store) => {
    await store.close()
    await assert.rejects(store.read((tx) => tx.get('t', ['k'])), { code: 'STORE_CLOSED' })
    await assert.rejects(store.write((tx) => tx.put('t', ['k'], bytes('x'))), { code: 'STORE_CLOSED' })
    await store.close()
  })
}

function durabilityTests(name: string, make: () => Promise<StoreUnderTest>): void {
  test(`${name}: what was acknowledged survives SIGKILL, and a half transaction is never seen`, { timeout: 120_000 }, async () => {
    const place = await make()
    assert.ok(place.opener !== undefined)
    let from = 0
    for (const killAfter of [1, 7, 40, 90]) {
      const acknowledged = await killedWhileWriting(place.opener, { from, killAfter })
      const store = await place.open()
      const [left, right] = await store.read(async (tx) => [text(await tx.get('pair-left', ['n'])), text(await tx.get('pair-right', ['n']))])
      const rows = await keysOf(store, 'pair-log')
      await store.close()
      assert.equal(left, right)
      assert.ok(Number(left) >= acknowledged, `acknowledged ${acknowledged}, found ${left}`)
      assert.equal(rows.length, Number(left))
      from = Number(left)
    }
    await place.remove()
  })

  test(`${name}: deleted and replaced bytes are in no file after purgeFreeSpace`, { timeout: 120_000 }, async () => {
    const place = await make()
    const store = await place.open()
    const planted = (index: number): string => `planted-${index}-${'q'.repeat(40)}`
    const holds = (what: string): boolean => (place.files?.() ?? []).some((file) => readFileSync(file).includes(what))
    await store.write(async (tx) => {
      for (let index = 0; index < 400; index++) await tx.put('secret', [`s${String(index).padStart(4, '0')}`], bytes(planted(index)))
      await tx.put('secret', ['big'], Buffer.from(planted(9999).repeat(2000)))
      await tx.put('stays', ['k'], bytes('kept-and-to-be-found'))
    })
    await store.write((tx) => tx.put('secret', ['s0001'], bytes('replaced')))
    await store.write(async (tx) => {
      for (let index = 2; index < 400; index += 2) await tx.delete('secret', [`s${String(index).padStart(4, '0')}`])
      await tx.delete('secret', ['big'])
    })
    const reading = store.read(async (tx) => {
      await new Promise((resolve) => setTimeout(resolve, 50))
      return tx.get('stays', ['k'])
    })
    await store.purgeFreeSpace()
    assert.equal(text(await reading), 'kept-and-to-be-found')
    // The positive control: the same search finds what was not deleted.
    assert.ok(holds('kept-and-to-be-found') && holds(planted(3)))
    for (const gone of [1, 2, 200, 398, 9999]) assert.ok(!holds(planted(gone)), `planted ${gone} is still there`)
    assert.equal(text(await store.read((tx) => tx.get('secret', ['s0003']))), planted(3))
    await store.close()
    for (const gone of [1, 2, 200, 398, 9999]) assert.ok(!holds(planted(gone)), `planted ${gone} is there after closing`)
    await place.remove()
  })
}

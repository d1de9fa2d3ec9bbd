// Figures of people for everybody: whoever knows all the others can't tell the newcomer by subtracting two days, and asking again brings nothing new.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sha256 } from '@mhmd/crypto'
import { utf8 } from '@mhmd/base'
import { memoryStore } from '@mhmd/store/testing'
import { createPublicPeople, publicationPolicy } from './public-people.ts'
import type { PeopleCounted, PublicPeople, PublicationPolicy } from './public-people.ts'

const DAY = 86_400_000
const START = 28 * DAY * 800
const bytes = (text: string): Uint8Array => sha256(utf8(text))

/** A network whose people and clock the test moves. */
function played(name: string, policy?: PublicationPolicy): { network: { given: number; days: number; height: number; isBehind: boolean }; people: PublicPeople; asked: () => Promise<{ given: number | null; text: string; isSpent: boolean }> } {
  const network = { given: 500, days: 0, height: 7, isBehind: false }
  const count = (): Promise<PeopleCounted | undefined> => Promise.resolve(network.isBehind ? undefined : {
    height: network.height, hash: `block ${network.height}`, holders: ['rome', 'berlin'],
    counts: [{ holder: 'rome', decision: 'given', people: network.given }, { holder: 'rome', decision: 'withdrawn', people: 4 }],
  })
  const people = createPublicPeople({ store: memoryStore(), clock: { now: () => START + network.days * DAY }, secret: bytes(name), count, ...(policy === undefined ? {} : { policy }) })
  const asked = async (): Promise<{ given: number | null; text: string; isSpent: boolean }> => {
    const current = await people.current()
    assert.ok(current !== undefined)
    const { publication, isSpent } = current
    return { given: publication.cells.find(({ holder, decision }) => holder === 'rome' && decision === 'given')?.people ?? null, text: JSON.stringify(publication), isSpent }
  }
  return { network, people, asked }
}

/** Someone gives consent, or not, between two days; gives the difference of the two days' figures. */
async function difference(name: string, { comes, days }: { comes: boolean; days: number }): Promise<number> {
  const { network, asked } = played(name)
  const before = await asked()
  network.days += days
  network.height += 1
  if (comes) network.given++
  return Number((await asked()).given) - Number(before.given)
}

describe('figures of people for everybody', () => {
  it('two days of one period give the same figures, whoever came between them', async () => {
    for (let n = 0; n < 20; n++) assert.equal(await difference(`same ${n}`, { comes: true, days: 1 }), 0)
  })

  it('a newcomer is not found by subtracting two days', async () => {
    const trials = 1500
    let right = 0
    for (let n = 0; n < trials; n++) {
      const comes = n % 2 === 0
      // Who knows everybody else says yes where the figures grew: no rule on the difference does better.
      const says = await difference(`newcomer ${n}`, { comes, days: 28 }) >= 1
      if (says === comes) right++
    }
    // ε of two publications bounds any rule at e^0.6 / (1 + e^0.6) = 0.646; this one is right in about 0.51. Without noise it is always right.
    assert.ok(right / trials < 0.6, `right in ${right} of ${trials}`)
  })

  it('nothing is published while the tables are behind the ledger; what was published stands', async () => {
    const { network, asked, people } = played('behind')
    network.isBehind = true
    assert.equal(await people.current(), undefined)
    network.isBehind = false
    const first = await asked()
    network.isBehind = true
    network.days += 28
    assert.deepEqual(await asked(), first)
    network.isBehind = false
    network.height += 1
    assert.notEqual((await asked()).text, first.text)
  })

  it('asking again, and asking by many at once, brings no second draw', async () => {
    const { network, asked, people } = played('again')
    const first = await asked()
    network.height += 1
    network.given += 40
    const all = await Promise.all(Array.from({ length: 50 }, () => people.current()))
    assert.deepEqual(new Set(all.map((one) => JSON.stringify(one?.publication))), new Set([first.text]))
    network.days -= 60
    assert.equal((await asked()).text, first.text, 'a clock set back')
  })

  it('many who ask first at once get one publication', async () => {
    const { people } = played('at once')
    assert.equal(new Set(await Promise.all(Array.from({ length: 20 }, async () => JSON.stringify(await people.current())))).size, 1)
  })

  it('small cells are not shown, and every holder has every cell', async () => {
    const { people } = played('small')
    const cells = (await people.current())?.publication.cells ?? []
    assert.deepEqual(cells.map(({ holder, decision }) => `${holder} ${decision}`), ['berlin given', 'berlin withdrawn', 'berlin opted-out', 'rome given', 'rome withdrawn', 'rome opted-out'])
    assert.ok(cells.every(({ people: shown }) => shown === null || shown >= publicationPolicy.threshold))
  })

  it('a year’s publications stay within the budget; past it the last one stands', async () => {
    const { network, asked } = played('budget', { ...publicationPolicy, budgetTenths: 9 })
    const texts: string[] = []
    const spent: boolean[] = []
    for (let period = 0; period < 14; period++) {
      const { text, isSpent } = await asked()
      texts.push(text)
      spent.push(isSpent)
      network.days += 28
      network.height += 1
    }
    assert.equal(new Set(texts.slice(0, 13)).size, 3)
    // After 364 days the first one no longer counts.
    assert.deepEqual(spent, [false, false, false, ...Array<boolean>(10).fill(true), false])
  })

  it('noise is as wide as ε says, and leans to no side', async () => {
    const errors: number[] = []
    for (let n = 0; n < 1000; n++) errors.push(Number((await played(`spread ${n}`).asked()).given) - 500)
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
    const size = errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length
    // Laplace of scale 10: mean size 10, standard deviation √200; of a thousand the mean lies within ±2 but once in 10⁵ times.
    assert.ok(Math.abs(mean) < 2, `mean ${mean}`)
    assert.ok(size > 8.5 && size < 11.5, `mean size ${size}`)
  })
})

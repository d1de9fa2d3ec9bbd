// Attacks on counts. Each is run as published against the holder, and against a holder with one protection switched off, where it must win: an attacker who never
// wins says nothing. In each trial a coin decides whether the target belongs to the group in question; the attacker guesses the coin.
// The bars: a blind attacker is right in half of n trials, give or take four standard deviations (4 × 0.5 / √n; false alarm 6 in 100,000), so that is also the
// smallest advantage a run can see. Seeds are fixed: a run repeats.
// Not seen here: timing, and what a refusal says about groups that are themselves small (docs/limits of decision 0006).
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generator, oracle, persons } from '../testing/world.ts'
import type { Oracle, Sabotage } from '../testing/world.ts'

const ROUNDS = 24
const others = persons(0, 400)
const target = 'target'
const withTarget = new Set([...others, target])

type Attack = (holder: Oracle, isIn: boolean, random: () => number) => Promise<boolean>

/** The share of right guesses. */
async function success(attack: Attack, { trials, sabotage = {} }: { trials: number; sabotage?: Sabotage }): Promise<number> {
  const random = generator(20301)
  let right = 0
  for (let trial = 0; trial < trials; trial++) {
    const isIn = random() < 0.5
    if ((await attack(oracle(trial, sabotage), isIn, random)) === isIn) right++
  }
  return right / trials
}

const group = (isIn: boolean, members: readonly string[]): Set<string> => new Set(isIn ? [...members, target] : members)
const coin = (random: () => number): boolean => random() < 0.5
const decideOn = (estimates: readonly number[], random: () => number): boolean => (estimates.length === 0 ? coin(random) : estimates.reduce((sum, one) => sum + one, 0) / estimates.length > 0.5)

/** Two groups that differ by the target, again and again with other company (datashield/dsBase#251: two subsets that differ by one row). */
const differencing: Attack = async (holder, isIn, random) => {
  const estimates: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const company = others.slice(round, 100 + 3 * round)
    const wide = await holder.ask(`wide ${round}`, group(isIn, company), withTarget)
    const narrow = await holder.ask(`narrow ${round}`, new Set(company), withTarget)
    if (wide !== null && narrow !== null) estimates.push(wide - narrow)
  }
  return decideOn(estimates, random)
}

/** The whole minus its two parts, where the target is in neither part (a tracker; Denning & Schlörer 1980), with many ways to cut. */
const partition: Attack = async (holder, isIn, random) => {
  const estimates: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const [start, cut, end] = [round, 100 + 2 * round, 200 + 3 * round]
    const whole = await holder.ask(`whole ${round}`, group(isIn, others.slice(start, end)), withTarget)
    const left = await holder.ask(`left ${round}`, new Set(others.slice(start, cut)), withTarget)
    const right = await holder.ask(`right ${round}`, new Set(others.slice(cut, end)), withTarget)
    if (whole !== null && left !== null && right !== null) estimates.push(whole - left - right)
  }
  return decideOn(estimates, random)
}

/** One group asked in sixty wordings, to average the rounding away; the attacker knows everyone but the target. */
const averaging: Attack = async (holder, isIn, random) => {
  const answers: number[] = []
  for (let wording = 0; wording < 60; wording++) {
    const answer = await holder.ask(`wording ${wording}`, group(isIn, others.slice(0, 52)), withTarget)
    if (answer !== null) answers.push(answer - 52)
  }
  return answers.length === 0 ? coin(random) : decideOn(answers, random)
}

/** The attacker knows everyone in the group but the target and reads one answer: above what he knows, the target is in it. */
const subtraction: Attack = async (holder, isIn, random) => {
  const known = 50 + Math.floor(random() * 5)
  const answer = await holder.ask('one', group(isIn, others.slice(0, known)), withTarget)
  return answer === null ? coin(random) : answer > known
}

/** A group that can hold nobody but the target; a refusal is read as an answer too. */
const singlingOut: Attack = async (holder, isIn) => {
  const answer = await holder.ask('rare', group(isIn, []), withTarget)
  return answer !== null && answer > 0
}

/** Everyone but the target has it: the complement tells. */
const complement: Attack = async (holder, isIn) => {
  const answer = await holder.ask('common', group(isIn, others), withTarget)
  return answer === null || answer === withTarget.size
}

const noOverlapControl: Sabotage = { forgetful: true }
const noThreshold: Sabotage = { policy: { threshold: 0, base: 1 } }
const noRounding: Sabotage = { policy: { base: 1 } }

const attacks: readonly { readonly name: string; readonly attack: Attack; readonly sabotage: Sabotage; readonly without: string; readonly wins: number; readonly trials: number; readonly expected: number }[] = [
  { name: 'differencing', attack: differencing, sabotage: noOverlapControl, without: 'overlap control', wins: 0.7, trials: 30, expected: 0.5 },
  { name: 'differencing', attack: differencing, sabotage: { ...noOverlapControl, ...noRounding }, without: 'overlap control and rounding', wins: 1, trials: 30, expected: 0.5 },
  { name: 'partition', attack: partition, sabotage: noOverlapControl, without: 'overlap control', wins: 0.65, trials: 30, expected: 0.5 },
  { name: 'averaging', attack: averaging, sabotage: { freshKey: true, forgetful: true }, without: 'a kept key', wins: 0.85, trials: 30, expected: 0.5 },
  // One who knows everyone else keeps the advantage that rounding to base 5 leaves: the two neighbouring counts differ in a fifth of the draws.
  { name: 'subtraction', attack: subtraction, sabotage: noRounding, without: 'rounding', wins: 1, trials: 400, expected: 0.6 },
  { name: 'singling out', attack: singlingOut, sabotage: noThreshold, without: 'threshold', wins: 1, trials: 400, expected: 0.5 },
  { name: 'complement', attack: complement, sabotage: noThreshold, without: 'threshold', wins: 1, trials: 400, expected: 0.5 },
]

for (const { name, attack, sabotage, without, wins } of attacks) {
  test(`${name}: wins without ${without} (positive control)`, async () => {
    const share = await success(attack, { trials: 60, sabotage })
    assert.ok(share >= wins, `right in ${share}`)
  })
}

for (const { name, attack, trials, expected } of new Map(attacks.map((one) => [one.name, one])).values()) {
  test(`${name}: no better than ${expected} against the holder`, async () => {
    const share = await success(attack, { trials })
    assert.ok(share <= expected + 2 / Math.sqrt(trials), `right in ${share}`)
  })
}

test('the refusals of differencing and partition say nothing: they are the same with and without the target', async () => {
  const seen = async (isIn: boolean, attack: Attack): Promise<string> => {
    const pattern: string[] = []
    const holder = oracle(1)
    await attack({ ask: async (...question) => {
      const answer = await holder.ask(...question)
      pattern.push(answer === null ? 'withheld' : 'answered')
      return answer
    } }, isIn, () => 0)
    return pattern.join()
  }
  for (const attack of [differencing, partition, averaging]) {
    const pattern = await seen(true, attack)
    assert.equal(pattern, await seen(false, attack))
    assert.ok(pattern.includes('answered') && pattern.includes('withheld'))
  }
})

test('a question asked before and after a withdrawal tells little of who withdrew; drawing by cohort alone would tell more', async () => {
  const attack = (draws: (population: string) => Set<string>): Attack => async (holder, isIn, random) => {
    const members = others.slice(0, 50 + Math.floor(random() * 5))
    const before = await holder.ask('same', group(isIn, members), draws('before'))
    const after = await holder.ask('same', new Set(members), draws('after'))
    assert.ok(before !== null && after !== null)
    return before === after ? false : before > after
  }
  const honest = await success(attack((moment) => (moment === 'before' ? withTarget : new Set(others))), { trials: 400 })
  const byCohortAlone = await success(attack(() => withTarget), { trials: 400 })
  assert.ok(honest <= 0.7, `right in ${honest}`)
  assert.ok(byCohortAlone > honest, `right in ${byCohortAlone}`)
})

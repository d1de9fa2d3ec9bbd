// The contract suite: the same named tests over any engine, the fakes included; the last one proves that every documented refusal was met.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { refusalTable } from '../src/refusals.ts'
import type { MakeEngine } from './engine.ts'
import { Play } from './play.ts'
import { decisionsCases, deskCases } from './suite/decisions-cases.ts'
import { keysCases } from './suite/keys-cases.ts'
import { participantsCases, wrapperCases } from './suite/participants-cases.ts'
import { procedureCases } from './suite/procedure-cases.ts'
import { sharingCases } from './suite/sharing-cases.ts'

/** Every case, by group. */
export const suiteGroups = { 'every transaction': wrapperCases, participants: participantsCases, keys: keysCases, decisions: decisionsCases, desk: deskCases, sharing: sharingCases, procedure: procedureCases } as const

/** Declares the suite's tests for engines that `makeEngine` gives, each with an empty state. An engine that compares times with a clock gets one that follows the transactions'. */
export function contractSuite(name: string, makeEngine: MakeEngine): void {
  describe(`contracts on ${name}`, () => {
    const met = new Set<string>()
    for (const [group, cases] of Object.entries(suiteGroups)) {
      for (const [title, run] of cases) {
        it(`${group}: ${title}`, async () => {
          const engine = await makeEngine()
          try {
            await run(new Play(engine, met))
          } finally {
            await engine.close?.()
          }
        })
      }
    }
    it('every documented refusal was met', () => { assert.deepEqual([...met].sort(), Object.keys(refusalTable).sort()) })
  })
}

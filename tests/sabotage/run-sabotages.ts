// Takes each protection away in a copy of the tree and demands that its test, green on the unchanged copy, turns red.
import { randomInt } from 'node:crypto'
import { runTests } from './named-tests.ts'
import type { Verdict } from './named-tests.ts'
import type { Sabotage } from './table.ts'
import { copyOf } from './working-copy.ts'
import type { WorkingCopy } from './working-copy.ts'

export interface Outcome {
  readonly sabotage: Sabotage
  readonly isCaught: boolean
  /** `red` where the test noticed it; else what went wrong with this row. */
  readonly result: 'red' | 'STAYED GREEN' | 'TEXT NOT FOUND ONCE' | 'TEST DID NOT RUN' | 'RED WITHOUT SABOTAGE'
  /** What the test said. */
  readonly why: string
  readonly seconds: number
}

/** One test of a sabotaged copy: longer than any of them takes, since what hangs has not failed. */
const LIMIT_SECONDS = 90

/** Runs all rows, files at once on as many copies; the property tests of a run share one seed. */
export async function runSabotages(root: string, rows: readonly Sabotage[], { copies, onOutcome }: { copies: number; onOutcome: (outcome: Outcome) => void }): Promise<Outcome[]> {
  process.env['FC_SEED'] ??= String(randomInt(2 ** 31))
  // Tests of whole networks take longest, so they start first.
  const waiting = [...Map.groupBy(rows.toSorted((a, b) => Number(isOfNetwork(b)) - Number(isOfNetwork(a))), (row) => row.testFile).values()]
  const outcomes: Outcome[] = []
  async function work(): Promise<void> {
    const copy = copyOf(root)
    try {
      for (let group = waiting.shift(); group !== undefined; group = waiting.shift()) {
        for await (const outcome of runGroup(copy, group)) {
          outcomes.push(outcome)
          onOutcome(outcome)
        }
      }
    } finally {
      copy.remove()
    }
  }
  await Promise.all(Array.from({ length: copies }, work))
  return rows.flatMap((row) => outcomes.find((outcome) => outcome.sabotage === row) ?? [])
}

const isOfNetwork = (row: Sabotage): boolean => row.testFile.startsWith('tests/')

/** The rows of one test file: its named tests unchanged first, all in one run. */
async function* runGroup(copy: WorkingCopy, rows: readonly Sabotage[]): AsyncGenerator<Outcome> {
  const file = rows[0]?.testFile ?? ''
  const unchanged = await runTests({ root: copy.root, file, names: [...new Set(rows.map((row) => row.test))], seconds: LIMIT_SECONDS })
  for (const sabotage of rows) {
    const started = performance.now()
    const judged = await judge(copy, sabotage, unchanged.get(sabotage.test))
    yield { sabotage, ...judged, isCaught: judged.result === 'red', seconds: (performance.now() - started) / 1000 }
  }
}

async function judge(copy: WorkingCopy, { file, text, replacement, testFile, test }: Sabotage, unchanged: Verdict | undefined): Promise<Pick<Outcome, 'result' | 'why'>> {
  if (unchanged?.state === 'failed') return { result: 'RED WITHOUT SABOTAGE', why: unchanged.why }
  if (unchanged?.state !== 'passed') return { result: 'TEST DID NOT RUN', why: `on the unchanged copy: ${unchanged?.why ?? 'no such test'}` }
  const restore = copy.replace(file, text, replacement)
  if (restore === undefined) return { result: 'TEXT NOT FOUND ONCE', why: file }
  try {
    const verdict = (await runTests({ root: copy.root, file: testFile, names: [test], seconds: LIMIT_SECONDS })).get(test)
    if (verdict?.state === 'failed') return { result: 'red', why: verdict.why }
    return verdict?.state === 'passed' ? { result: 'STAYED GREEN', why: file } : { result: 'TEST DID NOT RUN', why: verdict?.why ?? '' }
  } finally {
    restore()
  }
}

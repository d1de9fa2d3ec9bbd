// Judge: schemathesis 4.32.5 (PyPI) asks a small network's nodes, by their own description and with each role's credentials.
// Usage: npm run conformance -- schemathesis [--examples N] [--seed N] [--only TEXT]. A small sample; `npm run soak -- schemathesis` is the long run.
// Installs schemathesis into .cache/schemathesis on the first run; skips where that can't be.
import { parseArgs } from 'node:util'
import { judgeNodes } from './schemathesis/judge.ts'

const { values } = parseArgs({ options: { examples: { type: 'string', default: '3' }, seed: { type: 'string', default: '20260321' }, only: { type: 'string', default: '' } } })
const counts = { passed: 0, failed: 0, skipped: 0 }

function report(what: string, problems: readonly string[]): void {
  counts[problems.length === 0 ? 'passed' : 'failed']++
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${what}${problems.map((problem) => `\n       ${problem}`).join('')}`)
}

const verdict = await judgeNodes({ examples: Number(values.examples), seed: Number(values.seed), only: values.only }, ({ caller, requests, answered, problems }) => { report(`${caller}: ${requests} requests, ${answered} answered`, problems) })
if (verdict === undefined) counts.skipped++
else report(`each of the ${verdict.operations} operations has succeeded`, verdict.unreached)
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 ? 1 : 0

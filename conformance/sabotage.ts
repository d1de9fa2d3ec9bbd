// Sabotages: one protection after another is taken away in a copy of the tree, and a named test must turn red each time.
// Usage: npm run conformance -- sabotage [PART OF A PROTECTION OR TEST …]
import { availableParallelism } from 'node:os'
import { runSabotages } from '../tests/sabotage/run-sabotages.ts'
import { sabotages } from '../tests/sabotage/table.ts'

const wanted = process.argv.slice(2)
const rows = sabotages.filter((row) => wanted.length === 0 || wanted.some((part) => `${row.protection} ${row.test}`.includes(part)))
const columns = (cells: readonly [string, string, string]): string => `${cells[0].padEnd(20)} ${cells[1].padStart(6)}  ${cells[2]}`

console.log(columns(['result', 'time', 'protection taken away']))
const outcomes = await runSabotages(new URL('..', import.meta.url).pathname, rows, {
  copies: Math.min(2, availableParallelism()),
  onOutcome: ({ sabotage, result, why, seconds }) => {
    console.log(columns([result, `${seconds.toFixed(1)} s`, sabotage.protection]))
    console.log(`${' '.repeat(29)}test: ${sabotage.test} (${sabotage.testFile})`)
    console.log(`${' '.repeat(29)}said: ${why}`)
  },
})
const passed = outcomes.filter((outcome) => outcome.isCaught).length
const failed = Math.max(rows.length - passed, rows.length === 0 ? 1 : 0)
console.log(`${passed} passed, ${failed} failed, 0 skipped`)
process.exit(failed > 0 ? 1 : 0)

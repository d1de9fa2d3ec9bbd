// Soak: hostile and ordinary jobs and files for the de-identification engine, and a report in docs/reports/deid-fuzz.md.
// Usage: npm run soak -- deid-fuzz [COUNT] [SEED] [--from CASE] [--no-report] [--minutes M]   (a million takes about half an hour on a quiet core)
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fuzzCase } from '../deid-fuzz-cases.ts'

const WANTED = 1_000_000
const after = (name: string): string | undefined => process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined
const numbers = process.argv.slice(2).filter((text, at, all) => /^\d+$/.test(text) && !['--from', '--minutes'].includes(all[at - 1] ?? '')).map(Number)
const from = Number(after('--from') ?? 0)
const [count = WANTED, seed = 1] = numbers
const minutes = Number(after('--minutes') ?? Infinity)
const deadline = performance.now() + minutes * 60_000
const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim()
const failures: string[] = []
let done = 0
for (; done < count && performance.now() < deadline; done++) {
  const wrong = await fuzzCase(seed, from + done)
  if (wrong !== undefined) {
    failures.push(`case ${from + done} of seed ${seed}: ${wrong}`)
    console.log(`FAILED ${failures.at(-1)}`)
  }
  if (done % 10_000 === 0) console.log(`${from + done} done`)
}
if (!process.argv.includes('--no-report')) writeReport()
console.log(`${done - failures.length} passed, ${failures.length} failed, 0 skipped`)
process.exitCode = failures.length > 0 ? 1 : 0

function writeReport(): void {
  writeFileSync(fileURLToPath(new URL('../../docs/reports/deid-fuzz.md', import.meta.url)), `${[
    '# Fuzzing of the de-identification engine', '',
    'Seeded cases in turn: random jobs held against a brute force over every node (a seventh); jobs with members changed, taken out or put in (two sevenths); CSV, NDJSON and hierarchy files of odd bytes (three sevenths); jobs of the second tier whose release is checked again and repeated from its sealed manifest (a seventh). A case fails when something is thrown that is no declared code, when an optimum is wrong, when written and read differ, or when a check refuses a release.', '',
    `- cases: ${done}${from > 0 ? ` from case ${from} on` : ''}${done < WANTED ? ` (a shorter run; the full one has ${WANTED})` : ''}`,
    `- failed: ${failures.length}`,
    `- seed: ${seed}`,
    `- commit: ${commit}`,
    `- machine: Node ${process.version}`,
    `- again: \`npm run soak -- deid-fuzz ${done} ${seed}${from > 0 ? ` --from ${from}` : ''}\``, '',
    ...failures.map((failure) => `- ${failure.split('\n')[0]}`),
  ].join('\n').trimEnd()}\n`)
}

// Soak: schemathesis with at least 200 examples of each operation and each role that may call it, and a report in docs/reports/schemathesis.md.
// Usage: npm run soak -- schemathesis [--examples N] [--seed N] [--only TEXT] [--paths TEXT,TEXT] [--no-report]   (about half an hour on two quiet cores; --only ROLE asks in the name of some alone, --paths of some operations alone)
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { judgeNodes } from '../../conformance/schemathesis/judge.ts'
import type { Judged, Verdict } from '../../conformance/schemathesis/judge.ts'

const WANTED = 200
const { values } = parseArgs({ options: { examples: { type: 'string', default: String(WANTED) }, seed: { type: 'string', default: '20260405' }, only: { type: 'string', default: '' }, paths: { type: 'string' }, 'no-report': { type: 'boolean', default: false } } })
const [examples, seed] = [Number(values.examples), Number(values.seed)]
const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim()

const verdict = await judgeNodes({ examples, seed, only: values.only, ...(values.paths === undefined ? {} : { paths: values.paths.split(',') }) }, ({ caller, requests, problems }) => {
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${caller}: ${requests} requests${problems.map((problem) => `\n       ${problem}`).join('')}`)
})
const failed = (verdict?.callers.filter(({ problems }) => problems.length > 0).length ?? 0) + (verdict?.unreached.length === 0 ? 0 : 1)
if (verdict !== undefined && !values['no-report']) writeReport(verdict)
console.log(verdict === undefined ? '0 passed, 0 failed, 1 skipped' : `${verdict.callers.length + 1 - failed} passed, ${failed} failed, 0 skipped`)
process.exitCode = verdict !== undefined && failed > 0 ? 1 : 0

function writeReport({ callers, operations, unreached }: Verdict): void {
  const total = (of: (one: Judged) => number): number => callers.reduce((sum, one) => sum + of(one), 0)
  writeFileSync(fileURLToPath(new URL('../../docs/reports/schemathesis.md', import.meta.url)), `${[
    '# schemathesis over the people interface', '',
    `Three nodes of a small network (hospital, institute, account provider), asked by their own OpenAPI description. Of each operation that a caller may call, ${examples} examples, what the description allows and what it does not; of each that it may not, five, since the refusal comes before the input is read. Status, media type and answer are held against the description; a refusal must carry a code and a remedy that the description names; what is valid by the description must not be called invalid. A status of 500 or more fails, but for 503.`, '',
    `- requests: ${total(({ requests }) => requests)}, answered ${total(({ answered }) => answered)}, lawfully refused ${total(({ refused }) => refused)}`,
    `- operations: ${operations}; never succeeded: ${unreached.length === 0 ? 'none' : unreached.join(', ')}`,
    `- callers with a finding: ${callers.filter(({ problems }) => problems.length > 0).length} of ${callers.length}`,
    `- seed: ${seed}`,
    `- commit: ${commit}`,
    `- machine: Node ${process.version}, schemathesis 4.32.5`,
    `- again: \`npm run soak -- schemathesis --examples ${examples} --seed ${seed}${values.only === '' ? '' : ` --only '${values.only}'`}${values.paths === undefined ? '' : ` --paths '${values.paths}'`}\``, '',
    '| caller | operations it may call · others | requests | answered | refused | findings |', '| --- | --- | --- | --- | --- | --- |',
    ...[...callers].sort((a, b) => a.caller.localeCompare(b.caller)).map(({ caller, operations: [may, others], requests, answered, refused, problems }) => `| ${caller} | ${may} · ${others} | ${requests} | ${answered} | ${refused} | ${problems.length} |`),
  ].join('\n')}\n`)
}

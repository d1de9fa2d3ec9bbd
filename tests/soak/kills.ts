// The kill scenario for long: as many kills as are asked for, and a report of what happened in docs/reports/kills.md.
// Usage: npm run soak -- kills [KILLS] [--seed N] [--no-report]   (400 kills take about half an hour on two cores)
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { killRun, tableOf } from '../scenarios/support/kill-run.ts'
import type { KillRunReport } from '../scenarios/support/kill-run.ts'
import { transcript } from '../scenarios/support/transcript.ts'

const WANTED = 400
// As in the scenario: below the range of ports for outgoing connections.
const basePort = 17_100 + 60 * (process.pid % 50)
const after = (name: string): string | undefined => process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined
const kills = Number(process.argv[2] ?? WANTED) || WANTED
const seed = Number(after('--seed') ?? 1 + Date.now() % 1_000_000)
const file = fileURLToPath(new URL('../../docs/reports/kills.md', import.meta.url))
const git = (...args: string[]): string => execFileSync('git', args, { cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' }).trim()

const { say, check, finish } = transcript(`kills, soak of ${kills}, seed ${seed}`)
const commit = git('rev-parse', '--short=12', 'HEAD')
const isChanged = git('status', '--porcelain', '--untracked-files=no', '--', ':/packages', ':/adapters', ':/apps') !== ''
const checks: string[] = []
const noted = (what: string, holds: boolean): void => {
  checks.push(`- ${holds ? 'holds' : '**FAILED**'}: ${what}`)
  check(what, holds)
}
let outcome: KillRunReport | undefined
try {
  outcome = await killRun({ seed, kills, patients: 28, everyMilliseconds: 4000, basePort, keep: false, say, check: noted })
  for (const line of tableOf(outcome)) say(line)
} catch (error) {
  noted(`it runs to its end (${error instanceof Error ? error.message : String(error)})`, false)
}
if (!process.argv.includes('--no-report')) writeReport()
finish()

function writeReport(): void {
  mkdirSync(fileURLToPath(new URL('../../docs/reports', import.meta.url)), { recursive: true })
  writeFileSync(file, `${[
    '# Kills', '',
    'Processes of a network of five (ledger, two hospitals, institute, account provider) ended by SIGKILL at uniform times from one seed, while citizens decide, withdraw and opt out, stewards import, and a researcher files and asks, all from outside. Every acknowledgement is kept by the client and afterwards held against the interfaces and the ledger\'s folder. Phases are what a client was waiting for that needed the killed process.', '',
    `- kills: ${outcome?.kills.length ?? 0}${kills < WANTED ? ` (a shorter run; the full one has ${WANTED})` : ''}`,
    `- seed: ${seed}`,
    `- commit: ${commit}${isChanged ? ', with uncommitted changes in the working tree' : ''}`,
    `- machine: ${availableParallelism()} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
    `- again: \`npm run soak -- kills ${kills} --seed ${seed}\` (the times and victims of the kills are of the seed; what is under way then is not)`, '',
    '## What must hold', '', ...checks, '',
    ...(outcome === undefined ? [] : ['## What happened', '', ...tableOf(outcome), '']),
    'A kill tests what a process loses with its memory, not what a disk loses with its power: that every acknowledgement follows the sync of its data is shown by a system-call trace (`npm run conformance -- sync-trace`).',
  ].join('\n')}\n`)
}

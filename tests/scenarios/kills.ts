// Kills at uniform times, from one seed, while citizens, stewards and a researcher work from outside: nothing acknowledged is lost, nothing is done twice.
// Usage: npm run scenario -- kills [--seed N] [--kills N] [--patients N] [--keep]
import { killRun, tableOf } from './support/kill-run.ts'
import { transcript } from './support/transcript.ts'

const option = (name: string, otherwise: number): number => process.argv.includes(name) ? Number(process.argv[process.argv.indexOf(name) + 1]) : otherwise
// Below the range from which systems take ports for outgoing connections: a killed node must get its own back.
const basePort = 14_000 + 60 * (process.pid % 50)
const seed = option('--seed', 1 + Date.now() % 1_000_000)
const { say, check, finish } = transcript(`kills, seed ${seed}`)
try {
  const report = await killRun({ seed, kills: option('--kills', 20), patients: option('--patients', 28), everyMilliseconds: 4000, basePort, keep: process.argv.includes('--keep'), say, check })
  for (const line of tableOf(report)) say(line)
} catch (error) {
  check(`it runs to its end (${error instanceof Error ? error.stack ?? error.message : String(error)}; repeat with --seed ${seed})`, false)
}
finish()

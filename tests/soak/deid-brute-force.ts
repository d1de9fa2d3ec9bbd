// Soak: random jobs against the brute force. Usage: npm run soak -- deid-brute-force [COUNT] [SEED]
import { difference } from '../deid-compare.ts'
import { randomJob, seeded } from '../deid-random-jobs.ts'

const [count = '10000', seed = '1'] = process.argv.slice(2)
let failed = 0
for (let i = 0; i < Number(count); i++) {
  const job = randomJob(seeded(Number(seed) * 1_000_003 + i))
  const found = difference(job)
  if (found === undefined) continue
  failed++
  console.log(`FAILED job ${i}: ${found}\n${JSON.stringify(job)}`)
}
console.log(`${Number(count) - failed} passed, ${failed} failed, 0 skipped`)
process.exitCode = failed > 0 ? 1 : 0

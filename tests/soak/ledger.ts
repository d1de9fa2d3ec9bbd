// Soak of the embedded ledger: killed again and again under load, then its files spoiled one at a time; what was acknowledged is held against what is there.
// Usage: npm run soak -- ledger [ROUNDS] [--seed N]   (ROUNDS spoiled files, by default 500, and a kill for each fifty: some ten minutes on two cores)
import { parseArgs } from 'node:util'
import { damageRun, killRun } from '@mhmd/ledger-embedded/testing'
import { transcript } from '../scenarios/support/transcript.ts'

const { values, positionals: [asked = '500'] } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string', default: String(1 + Date.now() % 1_000_000) } } })
const [rounds, seed] = [Number(asked), Number(values.seed)]
const { say, check, finish } = transcript(`embedded ledger, soak of ${rounds}, seed ${seed}`)

const killed = await killRun({ kills: Math.ceil(rounds / 50), seed })
say(`${killed.kills} kills, ${killed.acknowledged} transactions acknowledged`)
check('nothing that was acknowledged is lost', killed.lost.length === 0)
check('nothing stands in two blocks', killed.twice.length === 0)
check('the folder verifies', killed.verified.ok)

const spoiled = await damageRun({ rounds, seed })
for (const [outcome, times] of Object.entries(spoiled.outcomes)) say(`${outcome}: ${times}`)
for (const { file, at, bit, why } of spoiled.unseen) say(`  ${file} ${bit === undefined ? `cut at ${at}` : `bit ${bit} of byte ${at}`}: ${why}`)
check('no damage went unseen, and an export mended each', spoiled.unseen.length === 0)
finish()

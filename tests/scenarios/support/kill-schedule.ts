// When which process is killed: drawn from one seed before the run begins, uniform in time and over the processes.
import type { DevNetwork } from '@mhmd/devnet'
import { seeded } from '@mhmd/ledger-embedded/testing'
import type { Journal } from './kill-journal.ts'

export interface PlannedKill {
  /** Milliseconds after the run's start. */
  readonly after: number
  readonly victim: string
}

export function planKills({ seed, kills, everyMilliseconds, victims }: { seed: number; kills: number; everyMilliseconds: number; victims: readonly string[] }): PlannedKill[] {
  const random = seeded(seed)
  const drawn = Array.from({ length: kills }, () => ({ after: random() * kills * everyMilliseconds, victim: victims[Math.floor(random() * victims.length)] ?? '' }))
  return drawn.sort((a, b) => a.after - b.after)
}

/** One kill as it happened. */
export interface Kill {
  readonly victim: string
  /** Milliseconds after the run's start. */
  readonly at: number
  /** What clients were asking of the victim, or of others behind it, at that moment. */
  readonly phases: readonly string[]
  /** Milliseconds until it was up again. */
  readonly back: number
}

/** Kills by the plan and starts each victim again at once; resolves when the last one is up. A victim that is not up yet is killed as soon as it is. */
export async function killByPlan(network: DevNetwork, plan: readonly PlannedKill[], { journal, say }: { journal: Journal; say: (line: string) => void }): Promise<Kill[]> {
  const started = performance.now()
  const restarts = new Map<string, Promise<void>>()
  const kills: Kill[] = []
  for (const { after, victim } of plan) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, after - (performance.now() - started))))
    await restarts.get(victim)
    const at = performance.now() - started
    const phases = journal.openAt(victim)
    const process = network.process(victim)
    process.kill('SIGKILL')
    restarts.set(victim, (async () => {
      await process.ended
      await network.restart(victim)
      kills.push({ victim, at, phases, back: performance.now() - started - at })
      say(`kill ${kills.length} of ${plan.length}: ${victim} at ${(at / 1000).toFixed(2)} s during ${phases.length === 0 ? 'no call' : phases.join(', ')}; up again after ${Math.round(performance.now() - started - at)} ms`)
    })())
  }
  await Promise.all(restarts.values())
  return kills
}

// One kill at one moment of one act: at a phase that is seen from outside, or at a moment drawn from the seed. The killed process is started again at once.
import type { DevNetwork } from '@mhmd/devnet'
import { pause } from './on-network.ts'
import type { Transcript } from './transcript.ts'

export interface Moment {
  readonly what: string
  /** Resolves when it is there; never, once aborted. */
  reached(signal: AbortSignal): Promise<void>
}

const LOOK_MILLISECONDS = 3

/** As soon as it can be seen. What can't be asked just now is not there yet. */
export const phase = (what: string, holds: () => Promise<boolean>): Moment => ({
  what,
  reached: async (signal) => {
    while (!signal.aborted && !await holds().catch(() => false)) await pause(LOOK_MILLISECONDS)
  },
})

export const after = (milliseconds: number): Moment => ({ what: `${Math.round(milliseconds)} ms after its beginning`, reached: () => pause(milliseconds) })

/** The moment when the act is acknowledged, and not later. */
export const acknowledged: Moment = { what: 'its acknowledgement', reached: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())) }

interface Struck<T> {
  readonly result: T
  /** Whether the act had not been acknowledged when the process was killed. */
  readonly wasUnderWay: boolean
}

/** Begins the act, kills `victim` at the moment or at the act's end, starts it again, and gives what the act came to. */
export async function struck<T>({ network, say }: { readonly network: DevNetwork } & Pick<Transcript, 'say'>, { victim, moment, act }: { readonly victim: string; readonly moment: Moment; readonly act: () => Promise<T> }): Promise<Struck<T>> {
  const over = new AbortController()
  const acting = act().finally(() => over.abort())
  acting.catch(() => undefined)
  await Promise.race([moment.reached(over.signal), acting.catch(() => undefined)])
  const wasUnderWay = !over.signal.aborted
  const process = network.process(victim)
  process.kill('SIGKILL')
  await process.ended
  const killed = performance.now()
  await network.restart(victim)
  say(`${victim} was killed at ${moment.what}${wasUnderWay ? '' : ' (when the act was over)'}, and was up again ${Math.round(performance.now() - killed)} ms later`)
  return { result: await acting, wasUnderWay }
}

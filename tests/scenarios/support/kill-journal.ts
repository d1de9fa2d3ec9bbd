// What the clients of a kill run were told: every acknowledgement with its time, every failed call by its code, and what is open at each node now.
import { appendFileSync } from 'node:fs'
import { MhmdError } from '@mhmd/base'

export type Act = 'decision' | 'import' | 'request' | 'ask'

export interface Acknowledged {
  readonly at: number
  readonly act: Act
  /** Operation id, job id, request id or ask. */
  readonly id: string
}

export interface Journal {
  /** Calls again, with the same identity, until it is acknowledged; gives the answer. Throws what no retry can mend, or the last error after the patience. */
  insist<T>(call: { readonly nodes: readonly string[]; readonly what: string }, work: () => Promise<T>): Promise<T>
  acknowledge(act: Act, id: string): void
  acknowledged(act?: Act): readonly Acknowledged[]
  /** What clients are waiting for at this moment that needs this node. */
  openAt(node: string): string[]
  failures(): ReadonlyMap<string, number>
  calls(): number
}

const PATIENCE_MILLISECONDS = 90_000
const PAUSE_MILLISECONDS = 150
/** Kinds of error after which the same call may be made again; a node that has just started doesn't know its members and keys yet. */
const passing = new Set(['unavailable', 'unauthenticated'])

export function openJournal(file: string): Journal {
  const acknowledged: Acknowledged[] = []
  const failures = new Map<string, number>()
  const open = new Map<symbol, { nodes: readonly string[]; what: string }>()
  let calls = 0

  async function once<T>(call: { nodes: readonly string[]; what: string }, work: () => Promise<T>): Promise<T> {
    const mark = Symbol(call.what)
    open.set(mark, call)
    calls++
    try {
      return await work()
    } finally {
      open.delete(mark)
    }
  }

  return {
    insist: async (call, work) => {
      const until = performance.now() + PATIENCE_MILLISECONDS
      for (;;) {
        try {
          return await once(call, work)
        } catch (error) {
          const code = MhmdError.isInstance(error) ? error.code : String(error)
          failures.set(`${call.what}: ${code}`, (failures.get(`${call.what}: ${code}`) ?? 0) + 1)
          if (!(MhmdError.isInstance(error) && passing.has(error.kind)) || performance.now() > until) throw error
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS))
        }
      }
    },
    acknowledge: (act, id) => {
      const entry = { at: Date.now(), act, id }
      acknowledged.push(entry)
      appendFileSync(file, `${JSON.stringify(entry)}\n`)
    },
    acknowledged: (act) => act === undefined ? acknowledged : acknowledged.filter((entry) => entry.act === act),
    openAt: (node) => [...open.values()].filter((call) => call.nodes.includes(node)).map((call) => call.what),
    failures: () => failures,
    calls: () => calls,
  }
}

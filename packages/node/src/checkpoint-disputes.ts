// What a node does when another member's signed checkpoint contradicts its own log: it keeps both, asks all members, and stops unless most of them hold its history.
import type { Clock, Log } from '@mhmd/base'
import { checkpointText, signNote } from '@mhmd/proof'
import type { Follower } from '@mhmd/ledger'
import type { Checkpoint, NoteSigner } from '@mhmd/proof'
import type { Store } from '@mhmd/store'
import { jsonTable } from './table.ts'

/** A member's first checkpoint that contradicted this node's log, and what became of it. */
export interface Dispute {
  readonly member: string
  readonly heard: number
  /** The member's signed note. */
  readonly theirs: string
  /** This node's checkpoint of the same size, signed by it and by the members that hold the same. */
  readonly own: string
  /** How many members hold this node's history, itself counted, of how many. */
  readonly agreeing: number
  readonly members: number
  /** Whether this node stopped, being in no majority. */
  readonly stopped: boolean
}

export interface Disputes {
  /** Settles a contradiction with a member, once; one at a time. The note's signature was checked. */
  settle(member: string, note: string, theirs: Checkpoint): Promise<void>
  list(): Promise<Dispute[]>
}

const table = jsonTable<Dispute>('checkpoint-disputes')

export function createDisputes(parts: {
  store: Store
  follower: Pick<Follower, 'log' | 'fork' | 'stopOn'>
  signer: NoteSigner
  /** Members whose word counts besides this node's: all but the ledger's operator, who could sign any history. */
  others: () => readonly string[]
  /** A member's signature line over a checkpoint's text; undefined where it holds another history or doesn't answer. */
  cosign: (member: string, text: string) => Promise<string | undefined>
  clock: Clock
  log: Log
}): Disputes {
  const { store, follower, clock } = parts
  let isAsking = false

  const isSettled = async (member: string): Promise<boolean> => await follower.fork() !== undefined || await store.read((tx) => table.get(tx, member)) !== undefined

  async function ask(member: string, note: string, { origin, size }: Checkpoint): Promise<void> {
    const heard = clock.now()
    const text = checkpointText({ origin, size, root: await follower.log.root(size) })
    const asked = parts.others()
    const lines = (await Promise.all(asked.map((other) => parts.cosign(other, text)))).filter((line) => line !== undefined)
    const [agreeing, members] = [lines.length + 1, asked.length + 1]
    const isMinority = 2 * agreeing <= members
    const own = `${signNote(text, [parts.signer])}${lines.map((line) => `${line}\n`).join('')}`
    await store.write((tx) => table.put(tx, [member], { member, heard, theirs: note, own, agreeing, members, stopped: isMinority }))
    parts.log('ledger.split-view', { member, agreeing, members, stopped: isMinority })
    if (isMinority) await follower.stopOn(note)
  }

  return {
    settle: async (member, note, theirs) => {
      if (isAsking) return
      isAsking = true
      try {
        if (!await isSettled(member)) await ask(member, note, theirs)
      } finally {
        isAsking = false
      }
    },
    list: async () => (await store.read((tx) => table.list(tx))).map(({ value }) => value),
  }
}

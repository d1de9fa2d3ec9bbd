// A standing count: where an answer to it is called back while its request is open, its holder is asked again, and the statement names what took the answer's place.
import { newId } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import type { Outbox } from '@mhmd/messages'
import type { ReadTransaction, WriteTransaction } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import { answersIn, asksOut, requestsOut } from './requests.ts'

/** The asking that takes the place of an earlier one. */
export interface Replacement {
  readonly request: string
  readonly ask: string
}

export interface Recomputing {
  /** Asks the holder again; undefined where the asking was not a standing one, or its request is over. */
  askAgain(tx: WriteTransaction, from: string, answered: Replacement): Promise<Replacement | undefined>
  /** The release that came in its place; undefined where the holder gave none in time. Throws NODE_ANSWER_AWAITED until then. */
  outcomeOf(tx: ReadTransaction, from: string, again: Replacement & { readonly since: number }): Promise<string | undefined>
}

/** Well below the time after which a recipient is shown as late. */
const PATIENCE_MILLISECONDS = 20_000

export function createRecomputing(parts: { readonly outbox: Outbox; readonly clock: Clock; readonly randomness: Randomness }): Recomputing {
  const { clock } = parts
  return {
    askAgain: async (tx, from, { request, ask }) => {
      const [asked, filed] = [await asksOut.get(tx, request, ask), await requestsOut.get(tx, request)]
      const isOpen = filed !== undefined && filed.document.until > clock.now() && (filed.authority !== undefined || filed.answers[from]?.state === 'accepted')
      if (asked?.standing !== true || !isOpen) return undefined
      const again = newId(parts.randomness)
      await asksOut.put(tx, [request, again], { holders: [from], standing: true })
      await parts.outbox.post(tx, { to: from, kind: 'ask/1', body: { request, ask: again } })
      return { request, ask: again }
    },
    outcomeOf: async (tx, from, { request, ask, since }) => {
      const answered = await answersIn.get(tx, request, ask, from)
      if (answered === undefined && clock.now() - since < PATIENCE_MILLISECONDS) throw nodeErrors.ANSWER_AWAITED()
      const { release } = (answered?.manifest ?? {}) as { readonly release?: string }
      return release
    },
  }
}

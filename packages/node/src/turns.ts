// Long readings of the store are synchronous from one record to the next: here they give everybody else a turn.
import { setImmediate } from 'node:timers/promises'

/** A request needs several turns of the event loop, and is answered within some tens of milliseconds. */
const TURN_MILLISECONDS = 3

/** The same items, with a turn for others whenever so long has passed without one. */
export async function* inTurns<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  let last = performance.now()
  for await (const item of items) {
    yield item
    if (performance.now() - last < TURN_MILLISECONDS) continue
    await setImmediate()
    last = performance.now()
  }
}

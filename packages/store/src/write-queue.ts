// One after another: runs asynchronous work in the order it was asked for, each once the one before has ended.

export interface WriteQueue {
  <T>(work: () => Promise<T>): Promise<T>
}

/** A failing piece of work fails its own promise only. */
export function writeQueue(): WriteQueue {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work, work)
    last = result.catch(() => undefined)
    return result
  }
}

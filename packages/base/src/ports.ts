// Ports of the outside world that every package may ask for: time and randomness. Only adapters, `node` and `apps` implement them.

/** Wall-clock time in milliseconds since 1970-01-01T00:00:00Z. Never used for order between decisions: versions give that. */
export interface Clock {
  now(): number
}

/** Unpredictable bytes, for keys, salts, nonces and noise. */
export interface Randomness {
  bytes(length: number): Uint8Array
}

/** One line of a node's log: a fixed event name and details that are ids, codes and counts only. */
export interface Log {
  (event: string, details?: Readonly<Record<string, string | number | boolean | undefined>>): void
}

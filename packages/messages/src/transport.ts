// The port by which envelopes travel: bytes to a member, its acknowledgement back.

/**
 * Invariant: the recipient learns from the transport itself, not from the bytes, which member sends. Errors: those of the
 * recipient as MhmdErrors with their code, and errors of kind `unavailable` when it cannot be reached or its answer is lost.
 */
export interface Transport {
  send(to: string, bytes: Uint8Array, signal?: AbortSignal): Promise<Uint8Array>
}

/** The other end: what a member does with bytes from another. */
export type Accept = (bytes: Uint8Array, connection: string) => Promise<Uint8Array>

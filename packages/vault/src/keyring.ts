// The port for epoch keys: a few 32-byte keys that live outside the store and outside every backup.

/** Invariants: what `create` wrote survives a power cut once it resolves; what `destroy` removed is overwritten first and is not there after a power cut once it resolves. */
export interface Keyring {
  /** Ids of the epochs whose keys are there. */
  list(): Promise<readonly string[]>
  /** The key, or undefined where there is none. Throws VAULT_KEY_DAMAGED. */
  read(epoch: string): Promise<Uint8Array | undefined>
  create(epoch: string, key: Uint8Array): Promise<void>
  destroy(epoch: string): Promise<void>
}

// The table of sabotages: each takes one protection away and names the test that must then fail.

export interface Sabotage {
  /** What the network loses. */
  readonly protection: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly text: string
  readonly replacement: string
  readonly testFile: string
  readonly test: string
}

export const sabotages: readonly Sabotage[] = [
  {
    protection: 'a nonce of a signed request is good once',
    file: 'packages/messages/src/verify-request.ts',
    text: 'if (!await options.replays.firstUse(keyid, nonce, expires + WINDOW_SECONDS)) throw',
    replacement: 'if (!await options.replays.firstUse(keyid, nonce, expires + WINDOW_SECONDS) && expires < 0) throw',
    testFile: 'packages/messages/src/requests.test.ts',
    test: 'a signed request is its key\'s, once',
  },
  {
    protection: 'the vault asks for a decision before each record',
    file: 'packages/vault/src/vault.ts',
    text: 'check: () => allowed(decision, subject) })',
    replacement: 'check: () => undefined })',
    testFile: 'packages/vault/src/import.test.ts',
    test: 'without a decision, or with another\'s, nothing is read or imported',
  },
  {
    protection: 'a commitment opens with its salt alone',
    file: 'packages/crypto/src/commitments.ts',
    text: 'sha256(fromBase64Url(salt), statementBytes(',
    replacement: 'sha256(statementBytes(',
    testFile: 'packages/crypto/src/signatures.test.ts',
    test: 'two people with the same choice have different commitments',
  },
]

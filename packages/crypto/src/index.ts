// Signatures, commitments, key derivation, envelope encryption, Merkle log and checkpoints over node:crypto.
export { cryptoErrors } from './errors.ts'
export { newSigningKey, sha256, signingKeyFromSeed, statementBytes, statementDigest, verifySignature } from './signatures.ts'
export type { PublicKey, Signature, SigningKey } from './signatures.ts'
export { commit, newSalt, opens } from './commitments.ts'
export type { Commitment, Salt } from './commitments.ts'
export { deriveKey, mac, open, seal } from './sealing.ts'
export { newMessageKey, openSealed, sealTo } from './sealed-box.ts'
export type { MessageKey } from './sealed-box.ts'

// The ledger port, the follower with its derived log, and proofs; the contract suite is in `testing/`.
export type { Block, Committed, Head, Ledger, PrivateValue, Receipt } from './port.ts'
export { ledgerErrors } from './errors.ts'
export { blockHash, committedText, composeBlockText, hashBlockText, writesDigest } from './block.ts'
export { emptyRoot, leafHash, verifyConsistency, verifyInclusion } from './merkle.ts'
export { checkpointOrigin, checkpointText, memberKeyName, noteKeyId, noteSignature, openNote, parseCheckpoint, signNote, verifierKeyText } from './checkpoint.ts'
export type { Checkpoint, NoteKey, NoteSigner } from './checkpoint.ts'

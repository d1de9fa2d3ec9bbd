// Signatures, commitments, key derivation, envelope encryption, Merkle log and checkpoints over node:crypto.
export {}

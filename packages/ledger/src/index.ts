// The ledger port, its contract suite, the follower with its derived log, and proofs.
export {}

// The holder's record vault: a key per subject, erasure by key destruction, reading only with a decision.
export {}

// Deterministic state transitions: participants, keys, consents, opt-outs, datasets, requests, releases.
export {}

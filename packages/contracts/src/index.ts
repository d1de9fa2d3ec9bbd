// Deterministic state transitions: participants, keys, consents, opt-outs, datasets, requests, releases.
export type { Applied, Contract, ContractEvent, Operation, Outcome, Reads, SignatureCheck, StateView, Transaction, Write } from './contract.ts'

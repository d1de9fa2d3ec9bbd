// For engines' tests: the contract suite, the plain and the fake Fabric engine, and a synthetic network to play on.
export { contractModel } from './contract-model.ts'
export { contractSuite } from './contract-suite.ts'
export { MemoryEngine } from './engine.ts'
export type { Engine, PrivateValue, Submitted } from './engine.ts'
export { FakeFabricEngine } from './fabric-wrapper.ts'
export { anyMember, atDesk, consent, day, decide, declare, deskDeclaration, enrolment, founders, freshId, genesis, herKey, idOf, keyOf, memberRecord, network, networkDocument, optOut, person, publicKeyOf, registerStaff, subjectOf, suiteTime, transaction } from './world.ts'
export type { Person, Submission } from './world.ts'

// Door one: may this person's data be used for this request, now?
export { consentErrors } from './errors.ts'
export { decide, isSimulation } from './decide.ts'
export type { Verdict } from './verdict.ts'
export { reasonCodes, reasonTable } from './reasons.ts'
export type { Answer, Reason, ReasonCode } from './reasons.ts'
export type { Basis, BasisName, CareBasis, ConsentBasis, DeclaredBy, HolderDutyBasis, KeyBasis, OptOutBasis, OwnAccessBasis, PermitBasis, RecordState } from './basis.ts'
export { requireDecision, resolveCohort, resolveDuty, revokeSubject, subjectsOf } from './decision.ts'
export type { Decision, DecisionTerms, StillStands, SubjectBases, Tallies } from './decision.ts'

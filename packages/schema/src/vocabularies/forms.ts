// Forms in which something leaves, from the least exposing to the most, and the safeguards a requester promises.

export const forms = {
  computation: { label: 'Only protected results leave; the records stay', rank: 0, citation: 'EHDS:69(1)' },
  anonymised: { label: 'A table assessed as anonymous for its recipient', rank: 1, citation: 'EHDS:66(2)' },
  pseudonymised: { label: 'Records under pseudonyms', rank: 2, citation: 'EHDS:66(3)' },
  identified: { label: 'Records as they are: for the person, her carers, and the holder\'s own duties', rank: 3, citation: 'EHDS:3' },
} as const

export type Form = keyof typeof forms
export const formCodes = Object.keys(forms) as Form[]
/** The forms that consent terms and secondary use may name. */
export const secondaryFormCodes = ['computation', 'anonymised', 'pseudonymised'] as const

/** Whether form `a` exposes no more than form `b`. */
export const isFormWithin = (a: Form, b: Form): boolean => forms[a].rank <= forms[b].rank

export const safeguards = {
  'secure-processing-environment': { label: 'Secure processing environment', citation: 'EHDS:73(1)' },
  'ethics-approval': { label: 'Approval by an ethics committee', citation: 'EHDS:67(2)(j)' },
  'named-persons-only': { label: 'Access for named persons only', citation: 'EHDS:73(1)(a)' },
  'no-re-identification': { label: 'No attempt to find out who people are', citation: 'EHDS:61(3)' },
  'publication-of-results': { label: 'Results are made public within 18 months', citation: 'EHDS:61(4)' },
} as const

export type Safeguard = keyof typeof safeguards
export const safeguardCodes = Object.keys(safeguards) as Safeguard[]

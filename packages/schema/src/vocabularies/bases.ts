// The bases a request may rest on, with the law behind each and what silence means under it.

export const bases = {
  consent: { label: 'Her consent', silence: 'no', citations: ['GDPR:6(1)(a)', 'GDPR:9(2)(a)'] },
  permit: { label: 'A data permit or an approved health data request', silence: 'yes', citations: ['EHDS:68', 'EHDS:69'] },
  'own-access': { label: 'Her own right of access', silence: 'no', citations: ['EHDS:3', 'GDPR:15'] },
  care: { label: 'Her care', silence: 'no', citations: ['GDPR:9(2)(h)', 'EHDS:11'] },
  'holder-duty': { label: 'A duty of the holder', silence: 'yes', citations: ['GDPR:6(1)(c)', 'GDPR:32'] },
} as const

export type RequestBasis = keyof typeof bases
export const requestBasisCodes = Object.keys(bases) as RequestBasis[]

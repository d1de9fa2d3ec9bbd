// What comes back to a person for her share: never money (a refusal costs nothing, and a permission earns nothing).

export const returns = {
  'study-results': { label: 'The results in plain words', duo: 'DUO:0000019', citation: 'EHDS:58(1)' },
  'own-findings': { label: 'Findings that matter for her own health', duo: null, citation: 'EHDS:61(5)' },
  'derived-data': { label: 'Data derived from hers, given back to the holder', duo: 'DUO:0000029', citation: 'EHDS:51(3)' },
} as const

export type Return = keyof typeof returns
export const returnCodes = Object.keys(returns) as Return[]

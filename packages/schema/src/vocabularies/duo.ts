// GA4GH Data Use Ontology codes and where each is expressed in consent terms; a code without an expression here is one the terms can't hold.
// Origin: EBISPOT/DUO at 81f5c3d, src of duo.csv (CC BY 4.0): identifiers and shorthands only; labels are ours.

export interface DuoRow {
  readonly shorthand: string
  readonly expressedBy: 'purpose' | 'prohibition' | 'recipients' | 'window' | 'safeguard' | 'returns' | 'request' | null
}

export const duoCodes = {
  'DUO:0000004': { shorthand: 'NRES', expressedBy: null },
  'DUO:0000042': { shorthand: 'GRU', expressedBy: 'purpose' },
  'DUO:0000006': { shorthand: 'HMB', expressedBy: 'purpose' },
  'DUO:0000007': { shorthand: 'DS', expressedBy: null },
  'DUO:0000011': { shorthand: 'POA', expressedBy: 'purpose' },
  'DUO:0000043': { shorthand: 'CC', expressedBy: 'purpose' },
  'DUO:0000044': { shorthand: 'NPOA', expressedBy: 'prohibition' },
  'DUO:0000015': { shorthand: 'NMDS', expressedBy: 'prohibition' },
  'DUO:0000016': { shorthand: 'GSO', expressedBy: null },
  'DUO:0000046': { shorthand: 'NCU', expressedBy: 'prohibition' },
  'DUO:0000045': { shorthand: 'NPU', expressedBy: 'recipients' },
  'DUO:0000018': { shorthand: 'NPUNCU', expressedBy: 'recipients' },
  'DUO:0000022': { shorthand: 'GS', expressedBy: 'recipients' },
  'DUO:0000026': { shorthand: 'US', expressedBy: 'recipients' },
  'DUO:0000028': { shorthand: 'IS', expressedBy: 'recipients' },
  'DUO:0000025': { shorthand: 'TS', expressedBy: 'window' },
  'DUO:0000021': { shorthand: 'IRB', expressedBy: 'safeguard' },
  'DUO:0000019': { shorthand: 'PUB', expressedBy: 'returns' },
  'DUO:0000029': { shorthand: 'RTN', expressedBy: 'returns' },
  'DUO:0000020': { shorthand: 'COL', expressedBy: null },
  'DUO:0000012': { shorthand: 'RS', expressedBy: null },
  'DUO:0000024': { shorthand: 'MOR', expressedBy: null },
  'DUO:0000027': { shorthand: 'PS', expressedBy: 'request' },
} as const satisfies Record<string, DuoRow>

export type DuoCode = keyof typeof duoCodes

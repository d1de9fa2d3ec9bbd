// Security labels that keep a record out of every secondary use (FHIR R4, security-labels.html): restricted or very restricted, or of a kind whose disclosure does particular harm.

type Members = Readonly<Record<string, unknown>>

/** HL7 v3 Confidentiality: `R` restricted, `V` very restricted; `U` to `N` hold nothing back. */
const confidentiality = { system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', codes: new Set(['R', 'V']) }

/** HL7 v3 ActCode, below `_ActInformationSensitivityPolicy`: addiction, genetics, HIV, mental health, sexual health, violence and the like. */
const sensitivity = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  codes: new Set(['ETH', 'GDIS', 'HIV', 'MST', 'SCA', 'SDV', 'SEX', 'SPI', 'BH', 'COGN', 'DVD', 'EMOTDIS', 'MH', 'PSY', 'PSYTHPN', 'SUD', 'ETHUD', 'OPIOIDUD', 'STD', 'TBOO', 'VIO', 'SICKLE']),
}

/** Whether the record's own labels hold it back. What has no label is not held back: who labels is the source system. */
export function isHeldBack(resource: Members): boolean {
  const security = (resource['meta'] as Members | undefined)?.['security']
  return Array.isArray(security) && (security as readonly Members[]).some(({ system, code }) => [confidentiality, sensitivity].some((policy) => policy.system === system && policy.codes.has(String(code))))
}

// The share's counts computed from the patients' files alone: shares no code with the product.

export interface RawPatient {
  readonly sex: string
  readonly birthYear: number
  /** `system|code` of every condition. */
  readonly conditions: ReadonlySet<string>
}

interface Resource {
  readonly resourceType: string
  readonly gender?: string
  readonly birthDate?: string
  readonly code?: { readonly coding?: readonly { readonly system?: string; readonly code?: string }[] }
}

/** From a patient's bundle, as it was imported. */
export function readRaw(bundle: { readonly entry: readonly { readonly resource: Resource }[] }): RawPatient {
  const resources = bundle.entry.map((entry) => entry.resource)
  const patient = resources.find((resource) => resource.resourceType === 'Patient')
  const codings = resources.filter((resource) => resource.resourceType === 'Condition').flatMap((resource) => resource.code?.coding ?? [])
  return { sex: patient?.gender ?? '', birthYear: Number(patient?.birthDate?.slice(0, 4)), conditions: new Set(codings.map((coding) => `${coding.system ?? ''}|${coding.code ?? ''}`)) }
}

export interface ConditionQuestion {
  readonly all: readonly [{ readonly type: 'condition'; readonly code: { readonly system: string; readonly code: string } }]
}

export const cohortOf = ({ all: [{ code }] }: ConditionQuestion, people: readonly RawPatient[]): RawPatient[] => people.filter((person) => person.conditions.has(`${code.system}|${code.code}`))

/** The condition that splits both hospitals' people most evenly, so that neither the group nor the rest is small. */
export function bestQuestion(...populations: readonly (readonly RawPatient[])[]): ConditionQuestion {
  const codes = [...new Set(populations.flatMap((population) => population.flatMap((person) => [...person.conditions])))].sort()
  const balance = (name: string): number => Math.min(...populations.map((population) => {
    const having = population.filter((person) => person.conditions.has(name)).length
    return Math.min(having, population.length - having)
  }))
  const best = codes.reduce((chosen, name) => (balance(name) > balance(chosen) ? name : chosen))
  const [system = '', code = ''] = best.split('|')
  return { all: [{ type: 'condition', code: { system, code } }] }
}

// Resources with one thing broken, by kind and from a seed. Each kind is a way in which records go wrong; what comes out is judged, not assumed.

export type Json = Record<string, unknown>

export interface Mutant {
  readonly kind: string
  readonly resource: Json
}

export type Random = () => number

/** mulberry32: small, and the same everywhere. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export const pick = <T>(random: Random, items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)]

interface Place { readonly owner: Json; readonly name: string; readonly value: unknown; readonly path: string }

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every member of the resource and of what is in it. */
function placesOf(owner: Json, path = ''): Place[] {
  return Object.entries(owner).flatMap(([name, value]) => {
    const here = `${path}.${name}`
    const items = Array.isArray(value) ? value : [value]
    return [{ owner, name, value, path: here }, ...items.filter(isObject).flatMap((item) => placesOf(item, here))]
  })
}

type Change = (places: readonly Place[], random: Random, resource: Json) => boolean

/** Changes one of the members that fit. */
const change = (fits: (place: Place) => boolean, to: (place: Place, random: Random) => unknown): Change => (places, random) => {
  const place = pick(random, places.filter((one) => one.name !== 'resourceType' && fits(one)))
  if (place === undefined) return false
  const value = to(place, random)
  if (value === undefined) delete place.owner[place.name]
  else place.owner[place.name] = value
  return true
}

/** Adds members to one of the objects that fit. */
const add = (fits: (object: Json, name: string) => boolean, members: (object: Json) => Json): Change => (places, random, resource) => {
  const objects = [{ value: resource as unknown, name: '' }, ...places.flatMap(({ value, name }) => (Array.isArray(value) ? value : [value]).map((one: unknown) => ({ value: one, name })))]
  const found = pick(random, objects.filter(({ value, name }) => isObject(value) && fits(value, name)))
  if (found === undefined) return false
  Object.assign(found.value as Json, members(found.value as Json))
  return true
}

const isRoot = (object: Json): boolean => object['resourceType'] !== undefined
const isNamed = (...names: string[]) => ({ name }: Place): boolean => names.includes(name)
const isDate = ({ name, value }: Place): boolean => typeof value === 'string' && /^\d{4}-\d\d-\d\d(?:T|$)/.test(value) && /date|time|start|end|issued|recorded|authored|created|lastUpdated|birth|instant/i.test(name)
const isText = ({ value }: Place): boolean => typeof value === 'string'
const isQuantity = (object: Json): boolean => typeof object['value'] === 'number' && typeof object['code'] === 'string'
const div = (content: string): string => `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`
const urn = 'urn:uuid:00000000-0000-4000-8000-00000000000'

/** Elements that FHIR R4 requires of these types. */
const required: Readonly<Record<string, readonly string[]>> = {
  AllergyIntolerance: ['patient'], CarePlan: ['status', 'intent', 'subject'], Claim: ['status', 'type', 'use', 'patient', 'created', 'provider', 'priority', 'insurance'], Condition: ['subject'], DiagnosticReport: ['status', 'code'],
  DocumentReference: ['status', 'content'], Encounter: ['status', 'class'], ExplanationOfBenefit: ['status', 'type', 'use', 'patient', 'outcome', 'insurer', 'insurance'], ImagingStudy: ['status', 'subject'], Immunization: ['status', 'vaccineCode', 'patient', 'occurrenceDateTime'],
  MedicationAdministration: ['status', 'subject', 'effectiveDateTime'], MedicationRequest: ['status', 'intent', 'subject', 'medicationCodeableConcept', 'medicationReference'], Observation: ['status', 'code'], Procedure: ['status', 'subject'], Provenance: ['target', 'recorded', 'agent'],
  SupplyDelivery: [], Questionnaire: ['status'], Bundle: ['type'], Composition: ['status', 'type', 'date', 'author', 'title'], List: ['status', 'mode'], Consent: ['status', 'scope', 'category'], ServiceRequest: ['status', 'intent', 'subject'],
}

/** Codes bound as required, by element. */
const bound = ['status', 'gender', 'use', 'intent', 'outcome', 'mode', 'type', 'action', 'rank', 'comparator', 'kind', 'criticality', 'priority', 'clinicalStatus', 'verificationStatus']

export const kinds: Readonly<Record<string, Change>> = {
  'missing required element': (places, random, resource) => change(({ owner, name }) => owner === resource && (required[String(resource['resourceType'])] ?? []).includes(name), () => undefined)(places, random, resource),
  'missing required member of a part': change(({ name, path }) => ['url', 'contentType', 'agent.who', 'item.sequence', 'insurance.coverage', 'location.location', 'participant.status', 'component.code'].some((end) => path.endsWith(`.${end}`)) || name === 'sequence', () => undefined),
  'object for text': change(({ name, value }) => isText({ value } as Place) && name !== 'id', ({ value }) => ({ text: value })),
  'text for object': change(({ value }) => isObject(value), () => 'text'),
  'number for text': change(isText, () => 7),
  'text for number': change(({ value }) => typeof value === 'number', ({ value }) => String(value)),
  'text for truth value': change(({ value }) => typeof value === 'boolean', ({ value }) => String(value)),
  'one for a list': change(({ value }) => Array.isArray(value), ({ value }) => (value as unknown[])[0]),
  'a list for one': change(({ value }) => !Array.isArray(value), ({ value }) => [value, value]),
  'empty list': change(({ value }) => Array.isArray(value), () => []),
  'empty object': change(({ value }) => isObject(value), () => ({})),
  'empty text': change(isText, () => ''),
  null: change(() => true, () => null),
  'code outside a required binding': change((place) => isText(place) && isNamed(...bound)(place), () => 'nonsense'),
  'concept outside a required binding': change((place) => isNamed('clinicalStatus', 'verificationStatus')(place) && isObject(place.value), () => ({ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'nonsense' }] })),
  'extra property': add(() => true, () => ({ surname: 'x' })),
  'property of another type': add(isRoot, ({ resourceType }) => resourceType === 'Patient' ? { clinicalStatus: { text: 'x' } } : { birthDate: '2000-01-01' }),
  'impossible day': change(isDate, ({ value }) => String(value).replace(/^\d{4}-\d\d-\d\d/, '2023-02-30')),
  'month thirteen': change(isDate, ({ value }) => String(value).replace(/^\d{4}-\d\d-\d\d/, '2023-13-01')),
  'date of another order': change(isDate, () => '29.02.2024'),
  'time without a zone': change((place) => isDate(place) && String(place.value).includes('T'), ({ value }) => String(value).replace(/(?:Z|[+-]\d\d:\d\d)$/, '')),
  'reference to a wrong type': change(({ name, path }) => name === 'reference' && /(subject|patient|encounter|beneficiary)\.reference$/.test(path), () => 'Medication/m1'),
  'reference to an unknown type': change(isNamed('reference'), () => 'Pateint/p1'),
  'reference to what is not contained': change(isNamed('reference'), () => '#nowhere'),
  'reference with spaces': change(isNamed('reference'), () => 'Patient/a b'),
  'extension without url': add((object) => !isRoot(object) || true, () => ({ extension: [{ valueString: 'x' }] })),
  'extension with value and extensions': add((object) => isRoot(object) && object['resourceType'] !== 'Bundle', () => ({ extension: [{ url: 'http://example.org/a', valueString: 'x', extension: [{ url: 'b', valueString: 'y' }] }] })),
  'extension with neither': add((object) => isRoot(object) && object['resourceType'] !== 'Bundle', () => ({ extension: [{ url: 'http://example.org/a' }] })),
  'extension with a relative url': add((object) => isRoot(object) && object['resourceType'] !== 'Bundle', () => ({ extension: [{ url: 'not-absolute', valueString: 'x' }] })),
  'extension of a type that cannot be': add((object) => isRoot(object) && object['resourceType'] !== 'Bundle', () => ({ extension: [{ url: 'http://example.org/a', valueNarrative: { status: 'empty', div: div('x') } }] })),
  'period that ends before it begins': add((object) => typeof object['start'] === 'string' && typeof object['end'] === 'string', () => ({ start: '2024-03-01T10:00:00Z', end: '2024-03-01T09:00:00Z' })),
  'quantity with a code and no system': change(({ owner, name }) => name === 'system' && isQuantity(owner), () => undefined),
  'value and a reason why there is none': add((object) => object['resourceType'] === 'Observation' && Object.keys(object).some((name) => name.startsWith('value')), () => ({ dataAbsentReason: { text: 'x' } })),
  'component with the code of the whole': add((object) => object['resourceType'] === 'Observation' && object['valueQuantity'] !== undefined, ({ code }) => ({ component: [{ code, valueString: 'x' }] })),
  'reference range that says nothing': add((object) => object['resourceType'] === 'Observation', () => ({ referenceRange: [{ type: { text: 'x' } }] })),
  'contact without any way to it': add((object) => object['resourceType'] === 'Patient', () => ({ contact: [{ gender: 'male' }] })),
  'abated, and still active': add((object) => object['resourceType'] === 'Condition', () => ({ abatementDateTime: '2020-01-01', clinicalStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'active' }] } })),
  'entered in error, with a clinical status': add((object) => object['resourceType'] === 'Condition', () => ({ verificationStatus: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-ver-status', code: 'entered-in-error' }] } })),
  'contact point with a value and no system': change(({ name, path }) => name === 'system' && path.endsWith('telecom.system'), () => undefined),
  'element that is an id alone': add((object) => isRoot(object) && object['resourceType'] !== 'Bundle', () => ({ meta: { id: 'a' } })),
  'contained resource that nobody refers to': add((object) => isRoot(object) && object['contained'] === undefined && object['resourceType'] !== 'Bundle', () => ({ contained: [{ resourceType: 'Organization', id: 'unused', name: 'x' }] })),
  'contained resource without id': add((object) => isRoot(object) && object['contained'] === undefined && object['resourceType'] !== 'Bundle', () => ({ contained: [{ resourceType: 'Organization', name: 'x' }] })),
  'contained resource with a version': add((object) => isRoot(object) && object['contained'] === undefined && !['Bundle', 'Organization'].includes(String(object['resourceType'])), () => ({ extension: [{ url: 'http://example.org/a', valueReference: { reference: '#o' } }], contained: [{ resourceType: 'Organization', id: 'o', name: 'x', meta: { versionId: '1' } }] })),
  'narrative that says nothing': add((object) => isRoot(object) && object['resourceType'] !== 'Bundle', () => ({ text: { status: 'generated', div: div(' ') } })),
  'narrative with a script': add((object) => isRoot(object) && object['resourceType'] !== 'Bundle', () => ({ text: { status: 'generated', div: div('a<script>b</script>') } })),
  'narrative with a handler': add((object) => isRoot(object) && object['resourceType'] !== 'Bundle', () => ({ text: { status: 'generated', div: div('<p onclick="a()">b</p>') } })),
  'narrative that is not closed': add((object) => isRoot(object) && object['resourceType'] !== 'Bundle', () => ({ text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>a</div>' } })),
  'narrative with an unknown entity': add((object) => isRoot(object) && object['resourceType'] !== 'Bundle', () => ({ text: { status: 'generated', div: div('a &nonsense; b') } })),
  'narrative without its namespace': add((object) => isRoot(object) && object['resourceType'] !== 'Bundle', () => ({ text: { status: 'generated', div: '<div>a</div>' } })),
  'id with a slash': add(isRoot, () => ({ id: '../../etc/passwd' })),
  'id of 65 characters': add(isRoot, () => ({ id: 'a'.repeat(65) })),
  'two types of a choice': add((object) => Object.keys(object).some((name) => /^(?:value|effective|onset|performed|occurrence|medication|abatement)[A-Z]/.test(name)), (object) => {
    const [found = ''] = Object.keys(object).filter((name) => /^(?:value|effective|onset|performed|occurrence|medication|abatement)[A-Z]/.test(name))
    const stem = /^[a-z]+/.exec(found)?.[0] ?? ''
    return found.endsWith('String') ? { [`${stem}CodeableConcept`]: { text: 'x' } } : { [`${stem}String`]: 'x' }
  }),
  'a type that no choice has': add((object) => typeof object['valueQuantity'] === 'object', () => ({ valueAddress: { city: 'x' } })),
  'unknown resource type': change(({ name }) => name === 'id', ({ value }) => value),
  'uri with a space': change((place) => isText(place) && place.name === 'system' && String(place.value).startsWith('http'), () => 'http://example.org/a b'),
  'code with spaces around it': change((place) => isText(place) && isNamed('code', 'status')(place), ({ value }) => ` ${String(value)} `),
  'control character': change((place) => isText(place) && isNamed('text', 'display', 'family', 'city')(place), () => 'a\u0001b'),
  'text of spaces': change((place) => isText(place) && isNamed('text', 'display', 'family', 'city')(place), () => '   '),
  'bad base64': change((place) => isText(place) && place.name === 'data', () => 'a b*c'),
  'fraction for a whole number': change(({ name, value }) => typeof value === 'number' && isNamed('sequence', 'numberOfSeries', 'numberOfInstances', 'number', 'rank')({ name } as Place), () => 1.5),
  'zero for a positive number': change(({ name, value }) => typeof value === 'number' && name === 'sequence', () => 0),
  'a primitive beside what is none': add((object) => isRoot(object) && object['resourceType'] === 'Patient', () => ({ _name: [{ id: 'x' }] })),
  'identifier that is a list of texts': add((object) => isRoot(object) && object['resourceType'] !== 'Bundle', () => ({ identifier: ['a'] })),
  'bundle: a request in a collection': add((object) => object['resourceType'] === 'Bundle' && object['type'] === 'transaction', () => ({ type: 'collection' })),
  'bundle: no request in a transaction': (places, random, resource) => resource['type'] === 'transaction' && change(({ name, path }) => name === 'request' && path === '.entry.request', () => undefined)(places, random, resource),
  'bundle: a document that begins otherwise': add((object) => object['resourceType'] === 'Bundle', (object) => ({ type: 'document', identifier: { system: 'urn:ietf:rfc:3986', value: `${urn}1` }, timestamp: '2024-01-01T00:00:00Z', entry: bare(object) })),
  'bundle: a message that begins otherwise': add((object) => object['resourceType'] === 'Bundle', (object) => ({ type: 'message', entry: bare(object) })),
  'bundle: the same address twice': add((object) => object['resourceType'] === 'Bundle', (object) => ({ type: 'collection', entry: [...bare(object), ...bare(object).slice(0, 1)] })),
  'bundle: a total where nothing was searched': add((object) => object['resourceType'] === 'Bundle', () => ({ total: 3 })),
  'bundle: an address with a version': add((object) => object['resourceType'] === 'Bundle', (object) => ({ type: 'collection', entry: bare(object).map((entry) => ({ ...entry, fullUrl: `http://example.org/fhir/Patient/${String((entry['resource'] as Json)['id'])}/_history/1` })) })),
  'bundle: an entry of nothing': add((object) => object['resourceType'] === 'Bundle', () => ({ type: 'collection', entry: [{ fullUrl: `${urn}1` }] })),
}

/** A bundle's first entries without requests. */
const bare = (bundle: Json): Json[] => (bundle['entry'] as Json[]).slice(0, 2).map(({ fullUrl, resource }) => ({ fullUrl, resource }))

/** Breaks a copy of the resource in this way, or gives undefined where it can't be. */
export function mutate(resource: Json, kind: string, random: Random): Mutant | undefined {
  const copy = structuredClone(resource)
  if (kind === 'unknown resource type') return { kind, resource: { ...copy, resourceType: 'Pateint' } }
  return kinds[kind]?.(placesOf(copy), random, copy) === true ? { kind, resource: copy } : undefined
}

// Records that must stay out, as files a steward might import: broken, huge, deep, doubled, in other encodings, about nobody.
import { gzipSync } from 'node:zlib'

export interface BadFile {
  readonly what: string
  readonly bytes: () => Buffer
  /** The codes that quarantine must show for this file. */
  readonly codes: readonly string[]
  /** Resources of the file that are good and go in. */
  readonly good: number
}

const patient = (id: string, more: object = {}): object => ({ resourceType: 'Patient', id, identifier: [{ system: 'urn:oid:2.16.840.1.113883.2.9.4.3.2', value: id }], ...more })
const condition = (id: string, subject: string, more: object = {}): object => ({ resourceType: 'Condition', id, subject: { reference: `Patient/${subject}` }, code: { coding: [{ system: 'http://snomed.info/sct', code: '73211009' }] }, ...more })
const lines = (...resources: object[]): Buffer => Buffer.from(resources.map((resource) => `${JSON.stringify(resource)}\n`).join(''))

/** Every file holds marks: in names, ids, codes and free text, and in the parts that are broken. */
export function badFiles(mark: string): BadFile[] {
  const her = patient(mark, { name: [{ family: mark, given: [mark], text: mark }], telecom: [{ system: 'phone', value: mark }], address: [{ line: [mark], city: mark, postalCode: mark }] })
  const hers = (id: string, more: object): object => condition(id, mark, { note: [{ text: `She told me of ${mark}` }], ...more })
  const text = JSON.stringify(her)
  const one = (what: string, bytes: () => Buffer, code: string, good = 0): BadFile => ({ what, bytes, codes: [code], good })
  return [
    one('a record whose end is missing', () => Buffer.from(text.slice(0, -20)), 'FHIR_TRUNCATED'),
    one('a bundle whose end is missing', () => Buffer.from(`{"resourceType":"Bundle","type":"collection","entry":[{"resource":${text}},{"resource":{"resourceType":"Condition","id":"${mark}`), 'FHIR_TRUNCATED', 1),
    one('a line that is no JSON between good ones', () => Buffer.concat([lines(her), Buffer.from(`{"resourceType":"Patient","id":${mark}}\n`), lines(hers('c1', {}))]), 'FHIR_MALFORMED', 2),
    one('a type nobody knows', () => lines({ resourceType: mark, id: 'x' }), 'FHIR_UNKNOWN_TYPE'),
    one('a property nobody knows', () => lines(patient('p2', { [mark]: mark })), 'FHIR_UNKNOWN_PROPERTY'),
    one('a name that is a number', () => lines(patient('p3', { name: [{ family: 7, text: mark }] })), 'FHIR_WRONG_TYPE'),
    one('an id that is a path', () => lines(patient(`../../${mark}`)), 'FHIR_BAD_FORMAT'),
    one('a birth on the 99th', () => lines(patient('p4', { birthDate: '1970-02-99', name: [{ text: mark }] })), 'FHIR_BAD_FORMAT'),
    one('a birth before the year 0', () => lines(patient('p5', { birthDate: '-0044-03-15', name: [{ text: mark }] })), 'FHIR_BAD_FORMAT'),
    one('a sex nobody knows', () => lines(patient('p6', { gender: mark })), 'FHIR_NOT_IN_BINDING'),
    one('a diagnosis of nobody', () => lines({ resourceType: 'Condition', id: 'c2', code: { text: mark } }), 'FHIR_MISSING'),
    one('a diagnosis of a reference that is none', () => lines({ ...condition('c3', 'x'), subject: { reference: `see ${mark}` } }), 'FHIR_BAD_REFERENCE'),
    one('two records of one id', () => lines(her, her), 'FHIR_DUPLICATE_ID', 1),
    one('nesting 5,000 deep', () => Buffer.from(`${'{"resourceType":"Patient","extension":['.repeat(5000)}"${mark}"${']}'.repeat(5000)}\n`), 'FHIR_TOO_DEEP'),
    one('a record of 51 MB between good ones', () => lines(her, patient('p7', { text: { status: 'generated', div: `<div>${mark}${'x'.repeat(51_000_000)}</div>` } }), hers('c4', {})), 'FHIR_TOO_LARGE', 2),
    one('UTF-16', () => Buffer.from(`\ufeff${text}`, 'utf16le'), 'FHIR_BAD_ENCODING'),
    one('Latin-1', () => Buffer.from(`${JSON.stringify(patient('p8', { name: [{ family: `Renée ${mark}` }] }))}\n`, 'latin1'), 'FHIR_BAD_ENCODING'),
    one('XML', () => Buffer.from(`<Patient xmlns="http://hl7.org/fhir"><id value="${mark}"/></Patient>`), 'FHIR_NOT_A_SOURCE'),
    one('a damaged gzip', () => damaged(gzipSync(lines(her, ...Array.from({ length: 200 }, (_, n) => hers(`d${n}`, { recordedDate: `20${10 + n % 15}-01-0${1 + n % 9}` }))))), 'FHIR_NOT_GZIP'),
    one('zero bytes', () => Buffer.alloc(4096), 'FHIR_BAD_ENCODING'),
  ]
}

function damaged(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes)
  for (let at = 40; at < 80; at++) copy[at] = (copy[at] ?? 0) ^ 0xff
  return copy
}

/** A good record that holds marks wherever a record can: what is taken must not come out elsewhere either. */
export const markedRecord = (marks: readonly string[]): Buffer => {
  const [family = '', given = '', id = '', value = '', street = '', phone = '', note = '', code = '', display = ''] = marks
  return lines(
    patient(id, { identifier: [{ system: 'urn:oid:2.16.840.1.113883.2.9.4.3.2', value }], name: [{ family, given: [given] }], address: [{ line: [street] }], telecom: [{ system: 'email', value: phone }], birthDate: '1970-01-01', gender: 'female' }),
    condition(`${id}-c`, id, { note: [{ text: note }], code: { coding: [{ system: 'http://snomed.info/sct', code, display }] } }),
  )
}

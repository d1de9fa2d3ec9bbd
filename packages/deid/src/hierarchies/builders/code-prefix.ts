// Diagnosis and drug codes cut at the levels of their systems: ICD-10 (WHO, 2019 edition, and its clinical modifications), ICD-9-CM (diagnoses) and ATC (WHO).
import { labelled } from './levels.ts'
import type { LabelsOf } from './levels.ts'
import type { CodePrefixSpec } from './spec.ts'

const ICD_10 = /^[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?[+*!†]?$/
/** Leading zeros may be missing, as where a spreadsheet read the codes as numbers. */
const ICD_9 = /^(?:\d{1,3}|V\d{2}|E\d{3})(?:\.\d{1,2})?$/
const ATC = /^[A-Z](?:\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?)?$/

/** First category of each ICD-10 chapter, in order. */
const CHAPTERS: readonly (readonly [first: string, chapter: string])[] = [
  ['A00', 'I'], ['C00', 'II'], ['D50', 'III'], ['E00', 'IV'], ['F00', 'V'], ['G00', 'VI'], ['H00', 'VII'], ['H60', 'VIII'], ['I00', 'IX'], ['J00', 'X'], ['K00', 'XI'],
  ['L00', 'XII'], ['M00', 'XIII'], ['N00', 'XIV'], ['O00', 'XV'], ['P00', 'XVI'], ['Q00', 'XVII'], ['R00', 'XVIII'], ['S00', 'XIX'], ['U00', 'XXII'], ['V00', 'XX'], ['Z00', 'XXI'],
]

/** First category of each ICD-9-CM chapter of diagnoses, in order. */
const CHAPTERS_9: readonly (readonly [first: string, chapter: string])[] = [
  ['000', 'I'], ['140', 'II'], ['240', 'III'], ['280', 'IV'], ['290', 'V'], ['320', 'VI'], ['390', 'VII'], ['460', 'VIII'], ['520', 'IX'],
  ['580', 'X'], ['630', 'XI'], ['680', 'XII'], ['710', 'XIII'], ['740', 'XIV'], ['760', 'XV'], ['780', 'XVI'], ['800', 'XVII'],
]

const SYSTEMS: Readonly<Record<CodePrefixSpec['system'], { depth: number; labelsOf: LabelsOf }>> = {
  'icd-10': { depth: 3, labelsOf: icd10Labels },
  'icd-9-cm': { depth: 3, labelsOf: icd9Labels },
  atc: { depth: 4, labelsOf: (code) => (ATC.test(code) ? [5, 4, 3, 1].map((length) => code.slice(0, length)) : undefined) },
}

/** Four characters, category, chapter. The point is optional in the input and always written here. */
function icd10Labels(code: string): readonly string[] | undefined {
  if (!ICD_10.test(code)) return undefined
  const letters = code.replace(/[.+*!†]/g, '')
  const category = letters.slice(0, 3)
  const fourth = letters.length > 3 ? `${category}.${letters.slice(3, 4)}` : category
  return [fourth, category, `Chapter ${chapterOf(category, CHAPTERS)}`]
}

/** Four digits, category, chapter; E and V codes are groups of their own. */
function icd9Labels(code: string): readonly string[] | undefined {
  if (!ICD_9.test(code)) return undefined
  const [whole = '', part = ''] = code.split('.')
  const category = whole.padStart(3, '0')
  return [part === '' ? category : `${category}.${part.slice(0, 1)}`, category, /^[EV]/.test(category) ? `${category.slice(0, 1)} codes` : `Chapter ${chapterOf(category, CHAPTERS_9)}`]
}

function chapterOf(category: string, chapters: typeof CHAPTERS): string {
  return (chapters.findLast(([first]) => first <= category) as readonly [string, string])[1]
}

export function codePrefixLevels(attribute: string, values: readonly string[], spec: CodePrefixSpec): string[][] {
  return labelled({ attribute, builder: `${spec.type} ${spec.system}` }, values, SYSTEMS[spec.system])
}

export function isIcd10(text: string): boolean {
  return ICD_10.test(text)
}

/** Three digits alone could be any number: some code must be of the kind that only ICD-9 has. */
export function isIcd9(texts: readonly string[]): boolean {
  return texts.every((text) => ICD_9.test(text)) && texts.some((text) => /^[VE]/.test(text))
}

export function isAtc(text: string): boolean {
  return ATC.test(text) && text.length > 1
}

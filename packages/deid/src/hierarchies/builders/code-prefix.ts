// Diagnosis and drug codes cut at the levels of their systems: ICD-10 (WHO, 2019 edition, and its clinical modifications) and ATC (WHO).
import { labelled } from './levels.ts'
import type { LabelsOf } from './levels.ts'
import type { CodePrefixSpec } from './spec.ts'

const ICD_10 = /^[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?[+*!†]?$/
const ATC = /^[A-Z](?:\d{2}(?:[A-Z](?:[A-Z](?:\d{2})?)?)?)?$/

/** First category of each ICD-10 chapter, in order. */
const CHAPTERS: readonly (readonly [first: string, chapter: string])[] = [
  ['A00', 'I'], ['C00', 'II'], ['D50', 'III'], ['E00', 'IV'], ['F00', 'V'], ['G00', 'VI'], ['H00', 'VII'], ['H60', 'VIII'], ['I00', 'IX'], ['J00', 'X'], ['K00', 'XI'],
  ['L00', 'XII'], ['M00', 'XIII'], ['N00', 'XIV'], ['O00', 'XV'], ['P00', 'XVI'], ['Q00', 'XVII'], ['R00', 'XVIII'], ['S00', 'XIX'], ['U00', 'XXII'], ['V00', 'XX'], ['Z00', 'XXI'],
]

const SYSTEMS: Readonly<Record<CodePrefixSpec['system'], { depth: number; labelsOf: LabelsOf }>> = {
  'icd-10': { depth: 3, labelsOf: icd10Labels },
  atc: { depth: 4, labelsOf: (code) => (ATC.test(code) ? [5, 4, 3, 1].map((length) => code.slice(0, length)) : undefined) },
}

/** Four characters, category, chapter. The point is optional in the input and always written here. */
function icd10Labels(code: string): readonly string[] | undefined {
  if (!ICD_10.test(code)) return undefined
  const letters = code.replace(/[.+*!†]/g, '')
  const category = letters.slice(0, 3)
  const fourth = letters.length > 3 ? `${category}.${letters.slice(3, 4)}` : category
  return [fourth, category, `Chapter ${chapterOf(category)}`]
}

function chapterOf(category: string): string {
  return (CHAPTERS.findLast(([first]) => first <= category) as readonly [string, string])[1]
}

export function codePrefixLevels(attribute: string, values: readonly string[], spec: CodePrefixSpec): string[][] {
  return labelled({ attribute, builder: `${spec.type} ${spec.system}` }, values, SYSTEMS[spec.system])
}

export function isIcd10(text: string): boolean {
  return ICD_10.test(text)
}

export function isAtc(text: string): boolean {
  return ATC.test(text) && text.length > 1
}

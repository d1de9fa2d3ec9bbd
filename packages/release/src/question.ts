// Whether a question holds for a person's facts, and whether a request covers what the question asks about.
import type { CodedFact, Facts } from '@mhmd/fhir'
import type { AgeCriterion, CodedCriterion, Criterion, FhirType, Question, UseRequest } from '@mhmd/schema'
import { releaseErrors } from './errors.ts'

export type DataWindow = NonNullable<UseRequest['dataWindow']>

/** All criteria hold. What the records don't say for certain doesn't hold. */
export function holdsFor(question: Question, facts: Facts, window: DataWindow = {}): boolean {
  return question.all.every((criterion) => {
    if (criterion.type === 'sex') return facts.sex === criterion.value
    if (criterion.type === 'age') return facts.birthDate !== undefined && isOfAge(criterion, facts.birthDate)
    return facts.coded.some((fact) => isCoded(criterion, fact) && isWithin(fact.date, window))
  })
}

function isCoded({ type, code }: CodedCriterion, fact: CodedFact): boolean {
  return fact.type === type && fact.system === code.system && fact.code === code.code
}

/** The first and last day that a FHIR date (a year, a month, a day or a moment) can mean, as text: ISO days compare as text, and no month has a day after 31. */
function daysOf(date: string): { first: string; last: string } {
  const day = date.slice(0, 10)
  return { first: day + '-01-01'.slice(day.length - 4), last: day + '-12-31'.slice(day.length - 4) }
}

function isWithin(date: string | undefined, { from, to }: DataWindow): boolean {
  if (from === undefined && to === undefined) return true
  if (date === undefined) return false
  const { first, last } = daysOf(date)
  return (from === undefined || first >= from) && (to === undefined || last <= to)
}

function isOfAge({ from, to, on }: AgeCriterion, birthDate: string): boolean {
  const { first, last } = daysOf(birthDate)
  const oldest = completedYears(first, on)
  const youngest = completedYears(last, on)
  return youngest >= 0 && youngest >= (from ?? 0) && oldest <= (to ?? Infinity)
}

function completedYears(born: string, on: string): number {
  return Number(on.slice(0, 4)) - Number(born.slice(0, 4)) - (on.slice(4) < born.slice(4) ? 1 : 0)
}

const sources: Readonly<Record<Criterion['type'], readonly FhirType[]>> = {
  sex: ['Patient'], age: ['Patient'], condition: ['Condition'], observation: ['Observation'], procedure: ['Procedure'], immunization: ['Immunization'], encounter: ['Encounter'], allergy: ['AllergyIntolerance'],
  medication: ['MedicationRequest', 'MedicationStatement', 'MedicationAdministration', 'MedicationDispense'],
}

/** Types of resources that the question is answered from: no others are opened for it. */
export const typesAsked = ({ all }: Question): readonly FhirType[] => [...new Set(all.flatMap(({ type }) => sources[type]))]

/** Throws RELEASE_QUESTION_BEYOND_REQUEST where a criterion would be answered from data that was not asked for, and so not decided upon. */
export function checkQuestion(question: Question, request: UseRequest): void {
  for (const { type } of question.all) {
    const covered = request.categories.includes('a') && (request.fhirTypes.length === 0 || sources[type].every((source) => request.fhirTypes.includes(source)))
    if (!covered) throw releaseErrors.QUESTION_BEYOND_REQUEST({ criterion: type })
  }
}

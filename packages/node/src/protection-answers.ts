// The search for a draft's protection as stewards see it: where it stands, what each alternative costs and leaves, and one alternative whole with its job.
import type { Tried } from '@mhmd/release'
import { DatasetPolicySchema, deidJobDocument } from '@mhmd/schema'
import Type from 'typebox'
import { Code, Count, Exactly, Id, OrNull, When } from './people-answers.ts'

const Figure = Type.Number()
const ShareShown = Exactly({ share: Figure, low: Figure, high: Figure })
const AxesShown = Exactly({ highestRisk: Figure, averageRisk: Figure, attributeGain: Figure, score: Figure, loss: Figure, pairs: Figure, accuracyLost: Figure })
const Whole = Exactly({ units: Count, loss: Figure, lossStandardError: Figure, suppressed: ShareShown })
const PredictionShown = Exactly({ target: Type.String(), release: ShareShown, input: ShareShown, baseline: ShareShown })

/** What the plot and the lists need. */
export const AlternativeShown = Exactly({
  name: Type.String(), policy: DatasetPolicySchema, axes: AxesShown, optimal: Type.Boolean(), suppressedRows: Count, suppressedPersons: OrNull(Count), whole: Whole, predictions: Type.Array(PredictionShown),
})

const DistanceShown = Exactly({ columns: Type.Array(Type.String()), distance: Figure, standardError: Figure, byChance: Figure })
const MeanDistanceShown = Exactly({ distance: Figure, standardError: Figure, byChance: Figure })
const PriceShown = Exactly({ value: OrNull(Type.String()), rows: Count, suppressed: ShareShown, loss: Figure, lossStandardError: Figure, marginals: MeanDistanceShown, pairs: MeanDistanceShown, predictions: Type.Array(PredictionShown) })
const SampleShown = Exactly({
  rows: Count, classes: Count, meanClassSize: Figure, smallestClassSize: Count, largestClassSize: Count, highestRisk: Figure, lowestRisk: Figure, averageRisk: Figure, recordsAtRisk: Figure, threshold: Figure, sampleUniques: Figure,
})
const PersonsShown = Exactly({ persons: Count, visits: Count, ordered: Type.Boolean(), highestRisk: Figure, averageRisk: Figure, personsAtRisk: Figure, unique: Figure })
const AttributeShown = Exactly({ certainRows: Figure, guessedRight: Figure, guessedRightWithoutClasses: Figure, smallestDistinct: Figure })

export const WholeAlternative = Exactly({
  ...AlternativeShown.properties, score: Figure, lowerBound: Figure, classes: Count, levels: Type.Record(Type.String(), Count), heights: Type.Record(Type.String(), Count),
  lossByAttribute: Type.Record(Type.String(), Figure), marginals: Type.Array(DistanceShown), pairs: Type.Array(DistanceShown), subgroups: Type.Record(Type.String(), Type.Array(PriceShown)),
  unit: Type.Enum(['row', 'person']), sample: SampleShown, persons: OrNull(PersonsShown), attributes: Type.Record(Type.String(), AttributeShown),
  /** Running it gives these figures; the hierarchies it names are built by the builders in the document. */
  job: deidJobDocument.schema,
})

export const ProtectionShown = Exactly({
  protection: OrNull(Id), job: OrNull(Id), state: Type.Enum(['none', 'waiting', 'done', 'failed', 'cancelled']), code: OrNull(Code), at: OrNull(When),
  /** Whether roles, hierarchies or view were changed since: the figures are of the document as it was. */
  isOutdated: Type.Boolean(),
  done: Count, total: Count, rows: OrNull(Count), people: OrNull(Count),
  alternatives: Type.Array(AlternativeShown), impossible: Type.Array(Exactly({ name: Type.String(), code: Code })),
  undominated: Type.Record(Type.String(), Type.Array(Type.String())),
})

export const FormsShown = Exactly({ forms: Type.Array(Exactly({ kind: Type.String(), need: Type.String(), recipient: Type.String(), form: Type.String(), verdict: Type.Enum(['recommended', 'possible', 'not advised', 'not possible here']), because: Type.String(), reason: Type.String() })) })

export const FilesShown = Exactly({
  job: deidJobDocument.schema, hierarchies: Type.Array(Exactly({ name: Type.String(), csv: Type.String() })),
  /** Whether the records are still those that were measured: over others the figures are others. */
  isOfSameRows: Type.Boolean(),
})

export type Carried = Exclude<Tried, { readonly code: string }>

export function alternativeShown({ name, policy, axes, optimal, suppressedRows, suppressedPersons, utility: { whole, predictions } }: Carried): Type.Static<typeof AlternativeShown> {
  return { name, policy, axes, optimal, suppressedRows, suppressedPersons: suppressedPersons ?? null, whole, predictions: [...predictions] }
}

export function wholeAlternative(found: Carried): Type.Static<typeof WholeAlternative> {
  const { score, lowerBound, classes, levels, job, utility: { lossByAttribute, marginals, pairs, subgroups }, risk: { unit, sample, persons, attributes } } = found
  return structuredClone({ ...alternativeShown(found), score, lowerBound, classes, levels, heights: found.heights, lossByAttribute, marginals, pairs, subgroups, unit, sample, persons: persons ?? null, attributes, job }) as Type.Static<typeof WholeAlternative>
}

// Table of contents of the privacy models: from a job's model to the model the search asks.
import type { ModelSpec, ModelType } from '../job.ts'
import type { ModelContext, PrivacyModel } from '../model.ts'
import { averageRisk } from './average-risk.ts'
import { betaLikeness } from './beta-likeness.ts'
import { costBenefit } from './cost-benefit.ts'
import { deltaDisclosure } from './delta-disclosure.ts'
import { deltaPresence } from './delta-presence.ts'
import { distinctLDiversity } from './distinct-l-diversity.ts'
import { entropyLDiversity } from './entropy-l-diversity.ts'
import { kAnonymity } from './k-anonymity.ts'
import { kMap } from './k-map.ts'
import { populationUniqueness } from './population-uniqueness.ts'
import { recursiveLDiversity } from './recursive-l-diversity.ts'
import { sampleUniqueness } from './sample-uniqueness.ts'
import { equalDistance, hierarchicalDistance, orderedDistance, tCloseness } from './t-closeness.ts'

type Compile<T extends ModelType> = (spec: Extract<ModelSpec, { type: T }>, context: ModelContext) => PrivacyModel

const table = {
  'k-anonymity': ({ k }) => kAnonymity(k),
  'k-map': ({ k }, { weight }) => kMap(k, weight),
  'distinct-l-diversity': ({ l, column }, context) => distinctLDiversity(l, context.sensitive(column).index),
  'entropy-l-diversity': ({ l, column, estimator }, context) => entropyLDiversity(l, context.sensitive(column).index, estimator),
  'recursive-l-diversity': ({ l, c, column }, context) => recursiveLDiversity(l, c, context.sensitive(column)),
  'equal-t-closeness': ({ t, column }, context) => tCloseness('equal-t-closeness', t, context.sensitive(column).index, equalDistance(context.sensitive(column))),
  'ordered-t-closeness': ({ t, column }, context) => tCloseness('ordered-t-closeness', t, context.sensitive(column).index, orderedDistance(context.sensitive(column))),
  'hierarchical-t-closeness': ({ t, column }, context) => tCloseness('hierarchical-t-closeness', t, context.sensitive(column).index, hierarchicalDistance(context.sensitive(column))),
  'delta-presence': ({ min, max }, { weight }) => deltaPresence(min, max, weight),
  'delta-disclosure': ({ delta, column }, context) => deltaDisclosure(delta, context.sensitive(column)),
  'basic-beta-likeness': ({ beta, column }, context) => betaLikeness(beta, context.sensitive(column), false),
  'enhanced-beta-likeness': ({ beta, column }, context) => betaLikeness(beta, context.sensitive(column), true),
  'average-risk': ({ threshold }) => averageRisk(threshold),
  'sample-uniqueness': ({ threshold }) => sampleUniqueness(threshold),
  'population-uniqueness': ({ threshold, populationSize, estimator }) => populationUniqueness(threshold, populationSize, estimator),
  'cost-benefit': (payoffs) => costBenefit(payoffs),
} satisfies { readonly [T in ModelType]?: Compile<T> }

/** The types of model this engine can search for. */
export const modelTypes = Object.keys(table) as readonly (keyof typeof table)[]

/** The model of a spec, or undefined where the type isn't one of the search's. */
export function compileModel(spec: ModelSpec, context: ModelContext): PrivacyModel | undefined {
  // Each row takes its own spec; the row of a spec's type takes that spec.
  const compile = (table as unknown as Partial<Record<ModelType, (spec: ModelSpec, context: ModelContext) => PrivacyModel>>)[spec.type]
  return compile?.(spec, context)
}

// Table of contents of the metrics.
import type { MetricSpec } from '../job.ts'
import type { Metric, MetricContext } from '../metric.ts'
import { ambiguity, averageClassSize, classEntropy, classification, discernibility } from './class-metrics.ts'
import { loss } from './loss.ts'
import { nonUniformEntropy } from './non-uniform-entropy.ts'
import { precision } from './precision.ts'

export const metrics: Readonly<Record<MetricSpec['type'], (spec: MetricSpec, context: MetricContext) => Metric>> = {
  'loss': loss,
  'non-uniform-entropy': nonUniformEntropy,
  'non-uniform-entropy-monotone': nonUniformEntropy,
  'precision': precision,
  'discernibility': (_, context) => discernibility(context),
  'average-class-size': (_, context) => averageClassSize(context),
  'ambiguity': (_, context) => ambiguity(context),
  'entropy': (_, context) => classEntropy(context),
  'classification': (_, context) => classification(context),
}

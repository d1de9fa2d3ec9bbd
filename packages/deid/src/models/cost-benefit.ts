// A cost-benefit model in the manner of Wan et al. (PLoS ONE 10(3), 2015): a rational adversary attacks a row of a class of n rows
// when gain/n exceeds the cost of an attack; the publisher releases a class when the benefit of a row outweighs its expected loss.
// Left out: the benefit isn't scaled down by the information a row loses; the metric counts that.
import { holds } from '../model.ts'
import type { ClassModel } from '../model.ts'

export interface Payoffs {
  readonly publisherBenefit: number
  readonly publisherLoss: number
  readonly adversaryGain: number
  readonly adversaryCost: number
}

export function costBenefit({ publisherBenefit, publisherLoss, adversaryGain, adversaryCost }: Payoffs): ClassModel {
  return {
    scope: 'class',
    type: 'cost-benefit',
    // Both the adversary's prospects and the publisher's expected loss fall with the size of the class.
    monotone: { generalisation: true, suppression: true },
    judge(view) {
      const isAttacked = adversaryGain > adversaryCost * view.size
      return !isAttacked || publisherBenefit * view.size >= publisherLoss ? holds : view.size
    },
  }
}

// `opt-outs@1`: what citizens forbid, signed by their own keys; without a key it is declared at a desk (`consents desk`).
import { contract } from '../define-operation.ts'
import { declare, declareBatch } from './decide.ts'

export const optOuts = contract('opt-outs', 1, { declare, 'declare-batch': declareBatch })

// `consents@1`: what citizens permit, signed by their own keys, and what desks declared for them.
import { contract } from '../define-operation.ts'
import { decide, decideBatch } from './decide.ts'
import { desk } from './desk.ts'

export const consents = contract('consents', 1, { decide, 'decide-batch': decideBatch, desk })

// `keys@1`: which key speaks for a subject at a holder.
import { contract } from '../define-operation.ts'
import { close } from './close.ts'
import { enrol } from './enrol.ts'
import { replace } from './replace.ts'

export const keys = contract('keys', 1, { enrol, replace, close })

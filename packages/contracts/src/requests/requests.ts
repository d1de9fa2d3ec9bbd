// `requests@1`: a requester files, each holder named answers for itself, the requester closes.
import { contract } from '../define-operation.ts'
import { answer } from './answer.ts'
import { close } from './close.ts'
import { file } from './file.ts'

export const requests = contract('requests', 1, { file, answer, close })

// `requests@2`: a requester files, amends and closes; an access body examines, or each holder answers for itself.
import { contract } from '../define-operation.ts'
import { amend } from './amend.ts'
import { answer } from './answer.ts'
import { close } from './close.ts'
import { examine } from './examine.ts'
import { file } from './file.ts'

export const useRequests = contract('requests', 2, { file, examine, amend, answer, close })

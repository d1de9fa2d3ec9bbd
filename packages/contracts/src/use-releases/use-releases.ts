// `releases@2`: a holder records what left and what its steward holds of it; the recipient records that it is gone.
import { contract } from '../define-operation.ts'
import { assess } from './assess.ts'
import { deleteRelease } from './delete.ts'
import { record } from './record.ts'

export const useReleases = contract('releases', 2, { record, assess, delete: deleteRelease })

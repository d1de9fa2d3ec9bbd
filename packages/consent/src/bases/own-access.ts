// Her own access to her records (Regulation (EU) 2016/679, Art. 15; Regulation (EU) 2025/327, Art. 3): hers alone, and only where the holder knows that it is she.
import type { UseRequest } from '@mhmd/schema'
import { basesNamed } from '../basis.ts'
import type { Basis } from '../basis.ts'
import { reason } from '../reasons.ts'
import { found } from '../verdict.ts'
import type { Finding } from '../verdict.ts'

export function ownAccessFinding(request: UseRequest, bases: readonly Basis[]): Finding {
  const isShe = request.requester.class === 'citizen' && request.purpose === 'own-access' && isIdentified(bases)
  return isShe ? found(request.until, reason('OWN_ACCESS')) : found(0, reason('OWN_ACCESS_NOT_SHOWN'))
}

// A closed key identifies nobody any more; a desk still can.
function isIdentified(bases: readonly Basis[]): boolean {
  const keyIsClosed = basesNamed(bases, 'key').some((key) => key.state === 'closed')
  return basesNamed(bases, 'own-access').some((access) => access.identifiedBy === 'desk' || !keyIsClosed)
}

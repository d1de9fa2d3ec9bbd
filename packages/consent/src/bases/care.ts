// Her care (Regulation (EU) 2016/679, Art. 9(2)(h); Regulation (EU) 2025/327, Art. 11): for the provider that treats her, while it does, unless she restricted it (Art. 8).
// The override in vital interests (Art. 11(5)) is not offered: it needs its own log and notice, which don't exist yet.
import type { UseRequest } from '@mhmd/schema'
import { basesNamed } from '../basis.ts'
import type { Basis } from '../basis.ts'
import { reason } from '../reasons.ts'
import { found } from '../verdict.ts'
import type { Finding } from '../verdict.ts'

export function careFinding(request: UseRequest, bases: readonly Basis[], time: number): Finding {
  if (request.requester.class !== 'healthcare-provider' || request.purpose !== 'care') return found(0, reason('CARE_NO_RELATION'))
  const relations = basesNamed(bases, 'care').filter((care) => care.provider === request.requester.member)
  if (relations.some((care) => care.restricted)) return found(0, reason('CARE_RESTRICTED'))
  const ends = relations.filter((care) => time >= care.from && time < care.until).map((care) => care.until)
  return ends.length === 0 ? found(0, reason('CARE_NO_RELATION')) : found(Math.min(request.until, Math.max(...ends)), reason('CARE_RELATION'))
}

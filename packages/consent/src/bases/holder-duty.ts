// A duty of the holder (import, quality, backup; Regulation (EU) 2016/679, Art. 6(1)(c), 5(1)(d), 32): its own records, by itself, for that duty and nothing else.
import type { UseRequest } from '@mhmd/schema'
import { basesNamed } from '../basis.ts'
import type { Basis } from '../basis.ts'
import { reason } from '../reasons.ts'
import { found } from '../verdict.ts'
import type { Finding } from '../verdict.ts'

export function holderDutyFinding(request: UseRequest, bases: readonly Basis[]): Finding {
  const isItsDuty = basesNamed(bases, 'holder-duty').some((duty) => duty.holder === request.requester.member && duty.duty === request.purpose)
  return isItsDuty ? found(request.until, reason('DUTY')) : found(0, reason('DUTY_NOT_THE_HOLDERS'))
}

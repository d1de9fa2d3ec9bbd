// Every question there is, in the order in which they are shown.
import type { Question } from '../question.ts'
import { access } from './access.ts'
import { activity } from './activity.ts'
import { anomalies } from './anomalies.ts'
import { consentHalfLife } from './consent-half-life.ts'
import { consents } from './consents.ts'
import { datasets } from './datasets.ts'
import { deadlines } from './deadlines.ts'
import { decisionsByDay } from './decisions-by-day.ts'
import { failures } from './failures.ts'
import { flow } from './flow.ts'
import { participants } from './participants.ts'
import { refusals } from './refusals.ts'
import { requests } from './requests.ts'
import { times } from './times.ts'
import { use } from './use.ts'

export const questions: readonly Question[] = [participants, datasets, consents, consentHalfLife, decisionsByDay, use, requests, times, refusals, deadlines, access, anomalies, activity, failures, flow]

// Which questions each role's dashboard shows, in this order; an auditor's are all there are. Everybody's are of organisations alone; figures of people are the node's to protect.
import { questions } from './questions/index.ts'

export const dashboards = {
  auditor: questions.map(({ name }) => name),
  steward: ['datasets', 'consents', 'decisions-by-day', 'consent-half-life', 'requests', 'deadlines', 'access', 'refusals'],
  researcher: ['datasets', 'use', 'requests', 'times', 'flow', 'refusals', 'access'],
  officer: ['use', 'requests', 'times', 'deadlines', 'refusals', 'access', 'participants'],
  operator: ['activity', 'failures', 'anomalies', 'participants'],
  everybody: ['use', 'participants', 'datasets'],
} as const satisfies Readonly<Record<string, readonly string[]>>

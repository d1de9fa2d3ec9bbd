// Question: what people decided, day by day.
import type { Question } from '../question.ts'

export const decisionsByDay: Question = {
  name: 'decisions-by-day',
  title: ['Decisions day by day', 'Decisioni giorno per giorno'],
  says: ['Consents given and withdrawn, and opt-outs, by day (UTC), over the last days asked for.', 'Consensi dati e revocati, e opposizioni, per giorno (UTC), negli ultimi giorni richiesti.'],
  parameters: { days: { kind: 'days', says: ['So many last days', 'Ultimi giorni'], standard: '90' } },
  columns: { day: ['Day', 'Giorno'], kind: ['Kind', 'Tipo'], state: ['State', 'Stato'], decisions: ['Decisions', 'Decisioni'] },
  sql: `WITH moment AS (SELECT max(time) AS now FROM feed.blocks WHERE height <= $height)
    SELECT strftime(epoch_ms(time), '%Y-%m-%d') AS day, kind, state, count(*) AS decisions FROM feed.writes, moment
    WHERE kind IN ('consent', 'opt-out') AND height <= $height AND time > now - $days::BIGINT * 86400000 GROUP BY ALL ORDER BY ALL`,
  evidence: `SELECT height, place FROM feed.writes, (SELECT max(time) AS now FROM feed.blocks WHERE height <= $height) WHERE kind IN ('consent', 'opt-out') AND height <= $height AND time > now - $days::BIGINT * 86400000`,
  chart: { label: 'day', value: 'decisions' },
}

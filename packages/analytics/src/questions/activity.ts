// Question: how busy the ledger is, day by day and contract by contract.
import type { Question } from '../question.ts'

export const activity: Question = {
  name: 'activity',
  title: ['Activity of the ledger', 'Attività del registro'],
  says: ['Transactions by day (UTC, the ledger’s clock) and contract, the decisions inside batches, and how many attempts were ordered and not applied.', 'Transazioni per giorno (UTC, orologio del registro) e contratto, le decisioni nei lotti, e quante ordinate ma non applicate.'],
  parameters: { days: { kind: 'days', says: ['So many last days', 'Ultimi giorni'], standard: '90' } },
  columns: { day: ['Day', 'Giorno'], contract: ['Contract', 'Contratto'], transactions: ['Transactions', 'Transazioni'], items: ['Decisions in batches', 'Decisioni in lotti'], not_applied: ['Not applied', 'Non applicate'] },
  sql: `WITH moment AS (SELECT max(time) AS now FROM feed.blocks WHERE height <= $height),
    recent AS (SELECT height, strftime(epoch_ms(time), '%Y-%m-%d') AS day FROM feed.blocks, moment WHERE height <= $height AND time > now - $days::BIGINT * 86400000),
    inside AS (SELECT height, place, count(*) AS items FROM feed.items GROUP BY height, place)
    SELECT day, contract, count(*) AS transactions, coalesce(sum(items), 0)::BIGINT AS items, count(*) FILTER (code <> 'VALID') AS not_applied FROM feed.transactions JOIN recent USING (height) LEFT JOIN inside USING (height, place) GROUP BY day, contract ORDER BY day, contract`,
  evidence: `SELECT height, place FROM feed.transactions JOIN feed.blocks USING (height), (SELECT max(time) AS now FROM feed.blocks WHERE height <= $height) WHERE height <= $height AND feed.blocks.time > now - $days::BIGINT * 86400000`,
  chart: { label: 'day', value: 'transactions' },
}

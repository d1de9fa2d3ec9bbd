// Question: how many decisions stand, by holder, kind and state.
import type { Question } from '../question.ts'

export const consents: Question = {
  name: 'consents',
  title: ['Decisions that stand', 'Decisioni in vigore'],
  says: ['Latest decision of each person at each holder: given, withdrawn or run out by the time of the block, and whether she or a desk made it.', 'Ultima decisione di ogni persona presso ogni titolare: data, revocata o scaduta al momento del blocco, e se presa da lei o allo sportello.'],
  parameters: { holder: { kind: 'member', says: ['Only this holder', 'Solo questo titolare'] } },
  columns: { kind: ['Kind', 'Tipo'], holder: ['Holder', 'Titolare'], state: ['State', 'Stato'], actor: ['Made by', 'Presa da'], people: ['People', 'Persone'] },
  sql: `WITH moment AS (SELECT max(time) AS now FROM feed.blocks WHERE height <= $height),
    latest AS (SELECT 'consent' AS kind, * FROM decisions_at($height, 'consent') UNION ALL SELECT 'opt-out', * FROM decisions_at($height, 'opt-out'))
    SELECT kind, holder, CASE WHEN state = 'active' AND expires <= now THEN 'expired' ELSE state END AS state, actor, count(*) AS people
    FROM latest, moment WHERE $holder IS NULL OR holder = $holder GROUP BY ALL ORDER BY ALL`,
  evidence: `SELECT height, place FROM feed.writes WHERE kind IN ('consent', 'opt-out') AND height <= $height AND ($holder IS NULL OR part1 = $holder)`,
  chart: { label: 'state', value: 'people' },
  missing: ['Purposes and recipients of a consent: they are committed to under a salt that only she and the holder have, so that the ledger can count no one by them.', 'Finalità e destinatari di un consenso: sono impegnati con un sale che solo lei e il titolare possiedono, così che il registro non possa contare nessuno in base ad essi.'],
}

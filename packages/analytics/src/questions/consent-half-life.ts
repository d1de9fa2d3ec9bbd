// Question: how long consents last, by Kaplan and Meier (1958): those not withdrawn yet, or run out, count until then.
import type { Question } from '../question.ts'

export const consentHalfLife: Question = {
  name: 'consent-half-life',
  title: ['Half-life of consents', 'Emivita dei consensi'],
  says: ['After how many days half of the consents have been withdrawn (Kaplan–Meier, by holder), and which share is still given after the days asked for. Empty: fewer than half were withdrawn so far.', 'Dopo quanti giorni metà dei consensi è stata revocata (Kaplan–Meier, per titolare) e quale quota è ancora data dopo i giorni richiesti. Vuoto: finora ne è stata revocata meno della metà.'],
  parameters: { days: { kind: 'days', says: ['Share after so many days', 'Quota dopo tanti giorni'], standard: '365' } },
  columns: { holder: ['Holder', 'Titolare'], consents: ['Consents', 'Consensi'], withdrawn: ['Withdrawn', 'Revocati'], half_life_days: ['Half-life in days', 'Emivita in giorni'], share_after: ['Share still given', 'Quota ancora data'] },
  sql: `WITH moment AS (SELECT max(time) AS now FROM feed.blocks WHERE height <= $height),
    steps AS (SELECT part1 AS holder, part2 AS subject, state, time, expires,
      coalesce(sum((state = 'withdrawn')::INTEGER) OVER (PARTITION BY part1, part2 ORDER BY height * 1048576::BIGINT + place ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS spell
      FROM feed.writes WHERE kind = 'consent' AND height <= $height),
    spells AS (SELECT holder, min(time) FILTER (state = 'active') AS begun, min(time) FILTER (state = 'withdrawn') AS withdrawn, max_by(expires, time) FILTER (state = 'active') AS expires FROM steps GROUP BY holder, subject, spell),
    lives AS (SELECT holder, (greatest(coalesce(withdrawn, least(now, expires)) - begun, 0)) / 86400000.0 AS days, withdrawn IS NOT NULL AS is_withdrawn FROM spells, moment WHERE begun IS NOT NULL),
    ends AS (SELECT holder, days, count(*) AS leaving, count(*) FILTER (is_withdrawn) AS withdrawn FROM lives GROUP BY holder, days),
    curve AS (SELECT holder, days, leaving, withdrawn, sum(leaving) OVER (PARTITION BY holder ORDER BY days DESC) AS at_risk FROM ends),
    survival AS (SELECT *, product(1 - withdrawn / at_risk) OVER (PARTITION BY holder ORDER BY days) AS share FROM curve)
    SELECT holder, sum(leaving)::BIGINT AS consents, sum(withdrawn)::BIGINT AS withdrawn, round(min(days) FILTER (share <= 0.5 + 1e-12), 2) AS half_life_days,
      round(coalesce(min(share) FILTER (days <= $days), 1), 4) AS share_after FROM survival GROUP BY holder ORDER BY holder`,
  evidence: `SELECT height, place FROM feed.writes WHERE kind = 'consent' AND height <= $height`,
  chart: { label: 'holder', value: 'share_after' },
}

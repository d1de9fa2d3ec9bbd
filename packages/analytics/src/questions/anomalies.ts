// Question: what is unusual: bursts of a member by the hour (against its median and median absolute deviation), first access for a purpose, silence.
import type { Question } from '../question.ts'

export const anomalies: Question = {
  name: 'anomalies',
  title: ['Anomalies', 'Anomalie'],
  says: ['Hours in which a member submitted far more than it usually does; the first release to a recipient for a purpose; active members that fell silent. Unusual is not wrong.', 'Ore in cui un membro ha inviato molto più del solito; il primo rilascio a un destinatario per una finalità; membri attivi rimasti in silenzio. Insolito non vuol dire sbagliato.'],
  parameters: { factor: { kind: 'factor', says: ['How many deviations above the median make a burst', 'Quante deviazioni sopra la mediana fanno un picco'], standard: '6' }, days: { kind: 'days', says: ['After how many days without a transaction a member counts as silent', 'Dopo quanti giorni senza transazioni un membro è considerato silenzioso'], standard: '30' } },
  columns: { what: ['What', 'Cosa'], who: ['Who', 'Chi'], moment: ['When', 'Quando'], number: ['Number', 'Numero'], usual: ['Usual', 'Di solito'], about: ['About', 'Riguardo a'] },
  sql: `WITH moment AS (SELECT max(time) AS now FROM feed.blocks WHERE height <= $height),
    hours AS (SELECT submitter, time_bucket(INTERVAL 1 HOUR, epoch_ms(time)) AS hour, count(*) AS number FROM feed.transactions JOIN feed.blocks USING (height) WHERE height <= $height GROUP BY ALL),
    usual AS (SELECT submitter, median(number) AS middle, mad(number) AS deviation, count(*) AS hours FROM hours GROUP BY submitter),
    given AS (SELECT json_extract_string(asked.value, '$.requester') AS who, json_extract_string(asked.value, '$.purpose') AS about, given.changed AS given_at, given.part1 AS request FROM procedure_at($height) AS given JOIN procedure_at($height) AS asked ON asked.kind IN ('request', 'use-request') AND asked.part1 = given.part1 WHERE given.kind IN ('release', 'use-release')),
    last_seen AS (SELECT submitter, max(time) AS last, count(*) AS number FROM feed.transactions JOIN feed.blocks USING (height) WHERE height <= $height GROUP BY submitter)
    SELECT 'burst' AS what, submitter AS who, hour AS moment, number, middle AS usual, NULL AS about FROM hours JOIN usual USING (submitter) WHERE hours >= 5 AND number > middle + $factor * greatest(1.4826 * deviation, 1)
    UNION ALL SELECT 'first-access', who, min(given_at), count(*), NULL, about FROM given GROUP BY who, about
    UNION ALL SELECT 'silence', submitter, epoch_ms(last), number, NULL, NULL FROM last_seen, moment JOIN procedure_at($height) AS member ON member.kind = 'member' AND member.state = 'active' AND member.part1 = submitter WHERE last < now - $days::BIGINT * 86400000
    ORDER BY what, moment, who, about`,
  evidence: `SELECT height, place FROM feed.transactions WHERE height <= $height`,
}

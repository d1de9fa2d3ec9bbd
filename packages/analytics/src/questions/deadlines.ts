// Question: which decisions and deliveries are due or late; the days are those of EHDS Articles 60 and 68, three months unless asked otherwise.
import type { Question } from '../question.ts'

export const deadlines: Question = {
  name: 'deadlines',
  title: ['Deadlines', 'Scadenze'],
  says: ['Complete requests that wait for a permit, and permits of tables in force without a release by a holder they name (a count is answered when it is asked for): since when, due when, and whether that was before the time of the block.', 'Richieste complete in attesa di permesso e permessi di tabelle in vigore senza rilascio da un titolare indicato (un conteggio ha risposta quando viene chiesto): da quando, entro quando, e se il termine è passato al momento del blocco.'],
  parameters: { days: { kind: 'days', says: ['Days allowed', 'Giorni concessi'], standard: '90' } },
  columns: { waits_for: ['Waits for', 'In attesa di'], who: ['Whose turn', 'A chi tocca'], request: ['Request', 'Richiesta'], since: ['Since', 'Da'], due: ['Due', 'Entro'], is_late: ['Late', 'In ritardo'] },
  sql: `WITH moment AS (SELECT max(time) AS now FROM feed.blocks WHERE height <= $height),
    state AS (SELECT * FROM procedure_at($height) WHERE kind IN ('use-request', 'permit', 'use-release')),
    waiting AS (
      SELECT 'permit' AS waits_for, json_extract_string(value, '$.authority') AS who, part1 AS request, changed AS since FROM state AS asked
        WHERE kind = 'use-request' AND state = 'complete' AND NOT EXISTS (SELECT 1 FROM state AS permit WHERE permit.kind = 'permit' AND permit.part1 = asked.part1)
      UNION ALL SELECT 'data', holder, part1, changed FROM (
          SELECT permit.part1, permit.changed, unnest(json_extract_string(asked.value, '$.holders[*]')) AS holder FROM state AS permit JOIN state AS asked ON asked.kind = 'use-request' AND asked.part1 = permit.part1 WHERE permit.kind = 'permit' AND permit.state = 'issued' AND json_extract_string(asked.value, '$.form') <> 'computation') AS named
        WHERE NOT EXISTS (SELECT 1 FROM state AS release WHERE release.kind = 'use-release' AND release.part1 = named.part1 AND release.part2 = named.holder))
    SELECT waits_for, who, request, since, since + to_days($days::INTEGER) AS due, since + to_days($days::INTEGER) < epoch_ms(now) AS is_late FROM waiting, moment ORDER BY due, waits_for, who, request`,
  evidence: `SELECT height, place FROM feed.procedure WHERE kind IN ('use-request', 'permit', 'use-release') AND height <= $height`,
  missing: ['Extensions that an access body granted itself: no contract holds them.', 'Proroghe che un organismo di accesso si è concesso: nessun contratto le contiene.'],
}

// Question: who got which data, from whom, and why.
import type { Question } from '../question.ts'

export const access: Question = {
  name: 'access',
  title: ['Who got what and why', 'Chi ha ricevuto cosa e perché'],
  says: ['Every release: recipient, holder, form, purpose and basis of its request, the permit, its assessment for the recipient, and whether it was deleted.', 'Ogni rilascio: destinatario, titolare, forma, finalità e base della richiesta, il permesso, la valutazione per il destinatario, e se è stato cancellato.'],
  parameters: { recipient: { kind: 'member', says: ['Only this recipient', 'Solo questo destinatario'] }, holder: { kind: 'member', says: ['Only this holder', 'Solo questo titolare'] } },
  columns: { released: ['Released', 'Rilasciato'], recipient: ['Recipient', 'Destinatario'], holder: ['Holder', 'Titolare'], form: ['Form', 'Forma'], purpose: ['Purpose', 'Finalità'], basis: ['Basis', 'Base'], authority: ['Access body', 'Organismo di accesso'], permit: ['Permit', 'Permesso'], assessed: ['Assessed', 'Valutato'], deleted: ['Deleted', 'Cancellato'], request: ['Request', 'Richiesta'], height: ['Block', 'Blocco'] },
  sql: `WITH state AS (SELECT * FROM procedure_at($height) WHERE kind IN ('request', 'use-request', 'permit', 'release', 'use-release', 'release-assessment', 'release-deletion'))
    SELECT given.changed AS released, json_extract_string(asked.value, '$.requester') AS recipient, given.part2 AS holder, json_extract_string(given.value, '$.form') AS form, json_extract_string(asked.value, '$.purpose') AS purpose, json_extract_string(asked.value, '$.basis') AS basis,
      json_extract_string(asked.value, '$.authority') AS authority, json_extract_string(permit.value, '$.permit.id') AS permit, assessment.state AS assessed, deletion.changed AS deleted, given.part1 AS request, given.height AS height
    FROM state AS given JOIN state AS asked ON asked.kind IN ('request', 'use-request') AND asked.part1 = given.part1
      LEFT JOIN state AS permit ON permit.kind = 'permit' AND permit.part1 = given.part1
      LEFT JOIN state AS assessment ON assessment.kind = 'release-assessment' AND assessment.part1 = given.part1 AND assessment.part2 = given.part2 AND assessment.part3 = given.part3
      LEFT JOIN state AS deletion ON deletion.kind = 'release-deletion' AND deletion.part1 = given.part1 AND deletion.part2 = given.part2 AND deletion.part3 = given.part3
    WHERE given.kind IN ('release', 'use-release') AND ($recipient IS NULL OR json_extract_string(asked.value, '$.requester') = $recipient) AND ($holder IS NULL OR given.part2 = $holder)
    ORDER BY height, given.place, given.part3`,
  evidence: `SELECT height, place FROM feed.procedure WHERE kind IN ('release', 'use-release', 'release-assessment', 'release-deletion') AND height <= $height AND ($holder IS NULL OR part2 = $holder)
    AND ($recipient IS NULL OR part1 IN (SELECT part1 FROM feed.procedure WHERE kind IN ('request', 'use-request') AND json_extract_string(value, '$.requester') = $recipient))`,
  missing: ['Single looks at records inside a holder: its own access log has them, and each person can read hers.', 'I singoli accessi ai dati presso un titolare: sono nel suo registro degli accessi, e ogni persona può leggere il proprio.'],
}

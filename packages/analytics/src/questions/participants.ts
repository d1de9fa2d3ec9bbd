// Question: which organisations take part, by role and country.
import type { Question } from '../question.ts'

export const participants: Question = {
  name: 'participants',
  title: ['Participants by role and country', 'Partecipanti per ruolo e paese'],
  says: ['Members of the network by what they do, where they are, and whether they are active. A member with two roles counts in both.', 'Membri della rete per ruolo, paese e stato. Un membro con due ruoli conta in entrambi.'],
  parameters: {},
  columns: { role: ['Role', 'Ruolo'], country: ['Country', 'Paese'], state: ['State', 'Stato'], members: ['Members', 'Membri'] },
  sql: `SELECT role, country, state, count(*) AS members FROM (
      SELECT unnest(json_extract_string(value, '$.roles[*]')) AS role, json_extract_string(value, '$.country') AS country, state FROM procedure_at($height) WHERE kind = 'member')
    GROUP BY ALL ORDER BY ALL`,
  evidence: `SELECT height, place FROM feed.procedure WHERE kind = 'member' AND height <= $height`,
  chart: { label: 'role', value: 'members' },
}

// Calls a witness over HTTP (C2SP tlog-witness): nothing that goes over is secret, and what comes back counts by its signature alone.
import type { AskWitness } from '@mhmd/ledger'

const ANSWER_MILLISECONDS = 3000

export const askWitness: AskWitness = async ({ url = '' }, { path, body }) => {
  const response = await fetch(`${url.replace(/\/$/, '')}${path}`, { ...(body === undefined ? {} : { method: 'POST', body }), redirect: 'error', signal: AbortSignal.timeout(ANSWER_MILLISECONDS) })
  return { status: response.status, body: await response.text() }
}

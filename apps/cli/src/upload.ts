// Sends an announced file to a node, and goes on where a cut connection stopped.
import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { clientErrors } from '@mhmd/client'
import { MhmdError } from '@mhmd/base'
import { reviveError } from '@mhmd/messages'

/** As long as a node takes to come back. */
const PATIENCE_MILLISECONDS = 120_000
const PAUSE_MILLISECONDS = 500

interface Target {
  readonly url: URL
  readonly token: string
  readonly size: number
}

/** Resolves with the import's job once every byte has arrived and its digest fits. Throws the node's error, or CLIENT_UNREACHABLE. */
export async function uploadFile(file: string, target: Target): Promise<{ job: string }> {
  const until = Date.now() + PATIENCE_MILLISECONDS
  let offset = 0
  for (;;) {
    try {
      return await sendFrom(file, target, offset)
    } catch (error) {
      const at = continueAt(error)
      if (at === undefined && (MhmdError.isInstance(error) || Date.now() > until)) throw MhmdError.isInstance(error) ? error : clientErrors.UNREACHABLE({ address: target.url.host }, { cause: error })
      offset = at ?? offset
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS))
    }
  }
}

async function sendFrom(file: string, { url, token, size }: Target, offset: number): Promise<{ job: string }> {
  const answer = await fetch(url, {
    method: 'PUT', redirect: 'error', duplex: 'half',
    headers: { 'content-type': 'application/vnd.mhmd.upload', 'content-length': String(size - offset), 'x-upload-token': token, 'x-upload-offset': String(offset) },
    body: Readable.toWeb(createReadStream(file, { start: offset })),
  })
  const body: unknown = await answer.json().catch(() => undefined)
  if (answer.ok) return body as { job: string }
  throw reviveError(body) ?? clientErrors.BAD_ANSWER({ address: url.host, status: answer.status })
}

/** Where the node wants the file continued, if it said so. */
function continueAt(error: unknown): number | undefined {
  const state = MhmdError.isInstance(error) && error.code === 'NODE_STATE' ? error.details['state'] : undefined
  const found = typeof state === 'string' ? /^at byte (\d+)$/.exec(state) : null
  return found === null ? undefined : Number(found[1])
}

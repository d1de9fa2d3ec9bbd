// Sends a long file in one stream, and takes it up where it broke. The request is not signed: it carries the token that a signed announcement gave.
import { MhmdError } from '@mhmd/base'
import { reviveError } from '@mhmd/messages'
import { clientErrors } from './errors.ts'

export interface Upload {
  readonly token: string
  readonly size: number
  /** The file's bytes from an offset on. */
  readonly read: (from: number) => AsyncIterable<Uint8Array>
}

/** What the node answers once it has the whole file; before that, how much it has. */
interface Answer {
  readonly received: number
}

const TRIES = 3
const PAUSE_MS = 500

export async function upload<T>(url: URL, file: Upload, fetchOf: typeof globalThis.fetch): Promise<T> {
  for (let left = TRIES, from = 0; ; left--) {
    try {
      return await put(url, file, { from, fetchOf }) as T
    } catch (error) {
      if (left === 1 || !MhmdError.isInstance(error) || error.kind !== 'unavailable') throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      from = await received(url, file, fetchOf)
    }
  }
}

/** How much the node has: it takes nothing at the wrong place, and says which is the right one. */
async function received(url: URL, file: Upload, fetchOf: typeof globalThis.fetch): Promise<number> {
  try {
    await put(url, { ...file, size: 0, read: () => nothing() }, { from: 0, fetchOf })
    return 0
  } catch (error) {
    const at = MhmdError.isInstance(error) ? /^at byte (\d+)$/.exec(String(error.details['state'])) : null
    return at === null ? 0 : Number(at[1])
  }
}

async function put(url: URL, { token, size, read }: Upload, { from, fetchOf }: { from: number; fetchOf: typeof globalThis.fetch }): Promise<Answer> {
  const headers = { 'content-type': 'application/vnd.mhmd.upload', 'x-upload-token': token, 'x-upload-offset': String(from) }
  const answer = await fetchOf(url, { method: 'PUT', headers, redirect: 'error', body: ReadableStream.from(read(from)), duplex: 'half' })
    .catch((cause: unknown) => { throw clientErrors.UNREACHABLE({ address: url.origin }, { cause }) })
  const body: unknown = await answer.json().catch(() => undefined)
  const refused = reviveError(body)
  if (refused !== undefined) throw refused
  const isWhole = answer.ok && typeof (body as Partial<Answer> | undefined)?.received === 'number' && (body as Answer).received >= size
  if (!isWhole) throw clientErrors.BAD_ANSWER({ address: url.origin, status: answer.status })
  return body as Answer
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

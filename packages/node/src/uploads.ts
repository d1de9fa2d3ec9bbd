// Files that staff send to be imported: announced by a signed request with size and digest, then streamed to the spool folder; never held in memory.
import { createHash, timingSafeEqual } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, statSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Transform } from 'node:stream'
import { newId, toBase64Url } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import type { Store, WriteTransaction } from '@mhmd/store'
import { documentType } from '@mhmd/schema'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import { Count, Exactly, Id } from './people-answers.ts'
import { route, uploaded } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { jsonTable } from './table.ts'

export interface Upload {
  readonly id: string
  readonly size: number
  readonly sha256: string
  /** Opens this one upload's door; given to the announcer only. */
  readonly token: string
  readonly announced: number
  /** The job that the whole file became; who sends its end again is told the same job. */
  readonly job?: string
}

const table = jsonTable<Upload>('uploads')
const WEEK_MILLISECONDS = 7 * 86_400_000
const SIZE_LIMIT = 64 * 1024 ** 3
const uploadHeaders = documentType('upload-headers', Type.Object({ 'x-upload-token': Type.String({ maxLength: 64 }), 'x-upload-offset': Type.Optional(Type.String({ pattern: '^[0-9]{1,15}$' })) }))

export interface Uploads {
  announce(file: { size: number; sha256: string }): Promise<Upload>
  file(id: string): string
  /** `addJob` makes the whole file a job, in the transaction that notes it: once, however often its end is sent. */
  route(addJob: (upload: Upload, tx: WriteTransaction) => Promise<string>): PeopleRoute
  /** Deletes the file; the upload's row stays, for whoever was not told its job. */
  remove(id: string): Promise<void>
  /** Deletes files whose job is over, as a kill or a failure left them, and those that nobody sent to their end in a week. */
  sweep(isOver: (job: string) => Promise<boolean>): Promise<void>
}

export function createUploads(parts: { store: Store; folder: string; clock: Clock; randomness: Randomness }): Uploads {
  const { store } = parts
  const file = (id: string): string => join(parts.folder, `${id}.part`)

  async function announced(id: string, token: string): Promise<Upload> {
    const upload = await store.read((tx) => table.get(tx, id))
    const given = Buffer.from(token)
    const wanted = Buffer.from(upload?.token ?? '')
    if (upload === undefined || given.length !== wanted.length || !timingSafeEqual(given, wanted)) throw nodeErrors.NOT_FOUND({ what: 'upload' })
    return upload
  }

  /** Takes the rest of the file from `offset`; a cut connection leaves what came, to be continued. */
  async function take(upload: Upload, offset: number, body: NodeJS.ReadableStream): Promise<number> {
    const path = file(upload.id)
    const present = existsSync(path) ? statSync(path).size : 0
    if (offset !== present) throw nodeErrors.STATE({ what: 'upload', state: `at byte ${present}` })
    let received = present
    const limit = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        received += chunk.length
        if (received > upload.size) done(nodeErrors.BAD_INPUT({ at: 'body', why: 'it is longer than announced' }))
        else done(null, chunk)
      },
    })
    // Synced before it is closed: the job that it becomes is acknowledged.
    await pipeline(body, limit, createWriteStream(path, { flags: 'a', mode: 0o600, flush: true }))
    return received
  }

  async function checkDigest(upload: Upload): Promise<void> {
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(file(upload.id))) hash.update(chunk as Buffer)
    if (hash.digest('base64url') === upload.sha256) return
    await rm(file(upload.id), { force: true })
    throw nodeErrors.BAD_INPUT({ at: 'body', why: 'its SHA-256 is not the one announced' })
  }

  return {
    file,
    announce: async ({ size, sha256 }) => {
      if (size > SIZE_LIMIT) throw nodeErrors.BAD_INPUT({ at: '/size', why: 'it is more than 64 GiB' })
      const upload: Upload = { id: newId(parts.randomness), size, sha256, token: toBase64Url(parts.randomness.bytes(24)), announced: parts.clock.now() }
      await store.write((tx) => table.put(tx, [upload.id], upload))
      return upload
    },
    route: (addJob) => route({
      method: 'PUT', path: '/staff/1/uploads/:id', roles: ['public'], upload: { type: 'application/vnd.mhmd.upload', limit: SIZE_LIMIT }, headers: uploadHeaders, refusals: ['NODE_STATE', 'NODE_BAD_INPUT'],
      summary: 'Takes a file that was announced, or the rest of it from a byte on; the announcement\'s token opens this and nothing else.',
      answer: Exactly({ received: Count, job: Type.Optional(Id) }),
      handle: async (call) => {
        const id = call.params['id'] ?? ''
        const upload = await announced(id, call.headers['x-upload-token'] ?? '')
        const body = uploaded(call)
        if (upload.job !== undefined) {
          body.resume()
          return { received: upload.size, job: upload.job }
        }
        const received = await take(upload, Number(call.headers['x-upload-offset'] ?? 0), body)
        if (received < upload.size) return { received }
        await checkDigest(upload)
        const job = await store.write(async (tx) => {
          const present = await table.get(tx, id) ?? upload
          const made = present.job ?? await addJob(present, tx)
          await table.put(tx, [id], { ...present, job: made })
          return made
        })
        return { received, job }
      },
    }),
    remove: (id) => rm(file(id), { force: true }),
    sweep: async (isOver) => {
      for (const name of await readdir(parts.folder)) {
        const id = name.replace(/\.part$/, '')
        const upload = await store.read((tx) => table.get(tx, id))
        const isKept = upload !== undefined && (upload.job === undefined ? upload.announced > parts.clock.now() - WEEK_MILLISECONDS : !await isOver(upload.job))
        if (!isKept) await rm(join(parts.folder, name), { force: true })
      }
    },
  }
}

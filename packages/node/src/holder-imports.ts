// A holder's records: announced uploads become import jobs; what stays out is told by place and code; link codes find a patient by her local identifier.
import { createReadStream } from 'node:fs'
import type { ValidationLevel } from '@mhmd/fhir'
import type { Store } from '@mhmd/store'
import { documentType } from '@mhmd/schema'
import { importFindings, importProgress, importRecords } from '@mhmd/vault'
import type { ImportProgress, Vault } from '@mhmd/vault'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { HolderVault } from './holder-vault.ts'
import { levels } from './import-levels.ts'
import type { Job, JobRunner, Jobs } from './jobs.ts'
import { pause } from './ledger-outbox.ts'
import type { LinkCodes } from './link-codes.ts'
import type { NodePart } from './node-part.ts'
import { Code, Count, Exactly, Id, OrNull, When } from './people-answers.ts'
import { route } from './people.ts'
import { jsonTable } from './table.ts'
import type { Uploads } from './uploads.ts'

const closed = { additionalProperties: false } as const
const importDocument = documentType('import', Type.Object({
  /** What the file is called in lists; never a path. */
  name: Type.String({ pattern: '^[^/\\\\\\u0000-\\u001f]{1,120}$' }),
  size: Type.Integer({ minimum: 1 }),
  sha256: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
  /** How much is checked: `structure` without it. */
  level: Type.Optional(Type.Enum([...levels])),
  /** Only if no file of these bytes was imported before: a watched folder's files are sent once. */
  once: Type.Optional(Type.Boolean()),
}, closed))
const patientDocument = documentType('patient-identifier', Type.Object({ system: Type.String({ minLength: 1, maxLength: 500 }), value: Type.String({ minLength: 1, maxLength: 200 }) }, closed))

/** Counts of an import that runs or is done; see `ImportProgress` of packages/vault. */
const ProgressShown = Type.Object({ read: Count, added: Count, changed: Count, unchanged: Count, quarantined: Count, state: Type.Enum(['running', 'done']), sourcesDone: Count, sources: Count, unresolved: Count })
const FindingShown = Type.Object({ source: Type.String(), item: Count, offset: Count, path: Type.String(), code: Code, severity: Type.Enum(['error', 'warning']), rule: Type.Optional(Type.String()) })

const names = jsonTable<{ readonly name: string; readonly level?: ValidationLevel }>('import-names')
/** By the digest of its bytes, the import that a file last became. */
const digests = jsonTable<{ readonly job: string }>('import-digests')
const FINDINGS_SHOWN = 500
/** Pieces that go to the thread that checks: small ones cost more messages. */
const READ_BYTES = 262_144
const SWEEP_MILLISECONDS = 60_000

export function createImports(parts: {
  store: Store
  jobs: Jobs
  records: Vault
  vault: HolderVault
  uploads: Uploads
  linkCodes: LinkCodes
  /** What a bulk source is called. */
  bulkName: (source: string) => Promise<string>
}): Required<Pick<NodePart, 'routes' | 'runners' | 'loops'>> {
  const { store, jobs, records, vault, uploads } = parts

  const runImport: JobRunner = async (job, step) => {
    const upload = String(job.input['upload'])
    const source = { name: upload, open: () => createReadStream(uploads.file(upload), { highWaterMark: READ_BYTES }) }
    const level = (await store.read((tx) => names.get(tx, upload)))?.level ?? 'structure'
    await importRecords([source], { id: job.id, level, vault: records, decision: vault.duty('import'), signal: step.signal, progress: (progress) => step.progress(progress.read, 0) })
    await step.finish(async () => undefined)
    await uploads.remove(upload)
  }

  const importOf = async (id: string): Promise<Job> => {
    const job = await store.read((tx) => jobs.get(tx, id))
    if (job?.kind !== 'import' && job?.kind !== 'bulk') throw nodeErrors.NOT_FOUND({ what: 'import' })
    return job
  }

  /** The import that a file of these bytes became, unless it came to nothing. */
  const importOfBytes = (sha256: string): Promise<string | undefined> => store.read(async (tx) => {
    const job = (await digests.get(tx, sha256))?.job
    const state = job === undefined ? undefined : (await jobs.get(tx, job))?.state
    return state === 'waiting' || state === 'done' ? job : undefined
  })

  const isOver = async (id: string): Promise<boolean> => (await store.read((tx) => jobs.get(tx, id)))?.state !== 'waiting'

  return {
    loops: [async (signal) => {
      while (!signal.aborted) {
        await uploads.sweep(isOver)
        await pause(SWEEP_MILLISECONDS, signal)
      }
    }],
    runners: { import: runImport },
    routes: [
      uploads.route(async (upload, tx) => {
        const job = await jobs.add(tx, 'import', { upload: upload.id })
        await digests.put(tx, [upload.sha256], { job })
        return job
      }),
      route({
        method: 'POST', path: '/staff/1/imports', body: importDocument, roles: ['steward'], refusals: ['NODE_BAD_INPUT'],
        summary: 'Announces a file of records; it is sent to `PUT /staff/1/uploads/{id}` with the token given here, and becomes an import job. With `once`, a file imported before is not wanted: the answer is its job.',
        answer: Exactly({ id: Id, token: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{32}$' })), job: Type.Optional(Id) }),
        handle: async ({ body }) => {
          const before = body.once === true ? await importOfBytes(body.sha256) : undefined
          if (before !== undefined) return { id: before, job: before }
          const { id, token } = await uploads.announce(body)
          await store.write((tx) => names.put(tx, [id], { name: body.name, ...(body.level === undefined ? {} : { level: body.level }) }))
          return { id, token }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/imports/:id', roles: ['steward'], refusals: ['NODE_NOT_FOUND'],
        summary: 'How far an import is, and what it counted.',
        answer: Exactly({ id: Id, state: Type.Enum(['waiting', 'done', 'failed', 'cancelled']), code: Type.Optional(Code), report: OrNull(ProgressShown) }),
        handle: async ({ params }): Promise<{ id: string; state: Job['state']; code?: string; report: ImportProgress | null }> => {
          const job = await importOf(params['id'] ?? '')
          return { id: job.id, state: job.state, ...(job.code === undefined ? {} : { code: job.code }), report: await importProgress(records, job.id) ?? null }
        },
      }),
      route({
        method: 'DELETE', path: '/staff/1/imports/:id', roles: ['steward'], refusals: ['NODE_NOT_FOUND'],
        summary: 'Cancels an import that is not over; what it stored stays.',
        answer: Exactly({ cancelled: Type.Boolean() }),
        handle: async ({ params }) => ({ cancelled: await jobs.cancel((await importOf(params['id'] ?? '')).id) }),
      }),
      route({
        method: 'GET', path: '/staff/1/quarantine', roles: ['steward'], refusals: [],
        summary: 'What stayed out of the imports, by place and code, never by value.',
        answer: Exactly({ quarantine: Type.Array(FindingShown, { maxItems: FINDINGS_SHOWN }) }),
        handle: async () => {
          const quarantine: object[] = []
          for (const job of (await jobs.list(10_000)).filter((candidate) => candidate.kind === 'import' || candidate.kind === 'bulk')) {
            const name = job.kind === 'bulk' ? await parts.bulkName(String(job.input['source'])) : (await store.read((tx) => names.get(tx, String(job.input['upload']))))?.name ?? ''
            for await (const { item, offset, issues } of importFindings(records, job.id)) {
              for (const issue of issues) if (quarantine.length < FINDINGS_SHOWN) quarantine.push({ source: name, item, offset, ...issue })
            }
          }
          return { quarantine }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/records', roles: ['staff'], refusals: [],
        summary: 'How many people have records here.',
        answer: Exactly({ subjects: Count }),
        handle: async () => {
          let subjects = 0
          for await (const _ of records.subjects()) subjects++
          return { subjects }
        },
      }),
      route({
        method: 'POST', path: '/staff/1/link-codes', body: patientDocument, roles: ['desk'], refusals: ['NODE_SUBJECT_UNKNOWN'],
        summary: 'A code by which a patient, found by her identifier, links her device: good once, for seven days.',
        answer: Exactly({ code: Type.String({ pattern: '^[0-9a-hjkmnp-tv-z-]{16,24}$' }), expires: When }),
        handle: async ({ body }) => parts.linkCodes.issue(await vault.find(body.system, body.value)),
      }),
    ],
  }
}

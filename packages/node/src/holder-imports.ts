// A holder's records: announced uploads become import jobs; what stays out is told by place and code; link codes find a patient by her local identifier.
import { createReadStream } from 'node:fs'
import type { Store } from '@mhmd/store'
import { documentType } from '@mhmd/schema'
import { importFindings, importProgress, importRecords } from '@mhmd/vault'
import type { ImportProgress, Vault } from '@mhmd/vault'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { HolderVault } from './holder-vault.ts'
import type { Job, JobRunner, Jobs } from './jobs.ts'
import { pause } from './ledger-outbox.ts'
import type { LinkCodes } from './link-codes.ts'
import type { NodePart } from './node-part.ts'
import { route } from './people.ts'
import type { Staff } from './staff.ts'
import { jsonTable } from './table.ts'
import type { Uploads } from './uploads.ts'

const closed = { additionalProperties: false } as const
const importDocument = documentType('import', Type.Object({
  /** What the file is called in lists; never a path. */
  name: Type.String({ pattern: '^[^/\\\\\\u0000-\\u001f]{1,120}$' }),
  size: Type.Integer({ minimum: 1 }),
  sha256: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
}, closed))
const patientDocument = documentType('patient-identifier', Type.Object({ system: Type.String({ minLength: 1, maxLength: 500 }), value: Type.String({ minLength: 1, maxLength: 200 }) }, closed))

const names = jsonTable<{ readonly name: string }>('import-names')
const FINDINGS_SHOWN = 500
/** Pieces that go to the thread that checks: small ones cost more messages. */
const READ_BYTES = 262_144
const SWEEP_MILLISECONDS = 60_000

export function createImports(parts: {
  store: Store
  staff: Staff
  jobs: Jobs
  records: Vault
  vault: HolderVault
  uploads: Uploads
  linkCodes: LinkCodes
}): Required<Pick<NodePart, 'routes' | 'runners' | 'loops' | 'mount'>> {
  const { store, staff, jobs, records, vault, uploads } = parts

  const runImport: JobRunner = async (job, step) => {
    const upload = String(job.input['upload'])
    const source = { name: upload, open: () => createReadStream(uploads.file(upload), { highWaterMark: READ_BYTES }) }
    await importRecords([source], { id: job.id, vault: records, decision: vault.duty('import'), signal: step.signal, progress: (progress) => step.progress(progress.read, 0) })
    await step.finish(async () => undefined)
    await uploads.remove(upload)
  }

  const importOf = async (id: string): Promise<Job> => {
    const job = await store.read((tx) => jobs.get(tx, id))
    if (job?.kind !== 'import') throw nodeErrors.NOT_FOUND({ what: 'import' })
    return job
  }

  const isOver = async (id: string): Promise<boolean> => (await store.read((tx) => jobs.get(tx, id)))?.state !== 'waiting'

  return {
    loops: [async (signal) => {
      while (!signal.aborted) {
        await uploads.sweep(isOver)
        await pause(SWEEP_MILLISECONDS, signal)
      }
    }],
    runners: { import: runImport },
    mount: (app) => uploads.mount(app, (upload, tx) => jobs.add(tx, 'import', { upload: upload.id })),
    routes: [
      route({
        method: 'POST', path: '/staff/1/imports', body: importDocument,
        handle: async ({ key, body }) => {
          await staff.require(key, 'steward')
          const { id, token } = await uploads.announce(body)
          await store.write((tx) => names.put(tx, [id], { name: body.name }))
          return { id, token }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/imports/:id',
        handle: async ({ key, params }): Promise<{ id: string; state: Job['state']; code?: string; report: ImportProgress | null }> => {
          await staff.require(key, 'steward')
          const job = await importOf(params['id'] ?? '')
          return { id: job.id, state: job.state, ...(job.code === undefined ? {} : { code: job.code }), report: await importProgress(records, job.id) ?? null }
        },
      }),
      route({
        method: 'DELETE', path: '/staff/1/imports/:id',
        handle: async ({ key, params }) => {
          await staff.require(key, 'steward')
          return { cancelled: await jobs.cancel((await importOf(params['id'] ?? '')).id) }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/quarantine',
        handle: async ({ key }) => {
          await staff.require(key, 'steward')
          const quarantine: object[] = []
          for (const job of (await jobs.list(10_000)).filter((candidate) => candidate.kind === 'import')) {
            const name = (await store.read((tx) => names.get(tx, String(job.input['upload']))))?.name ?? ''
            for await (const { item, offset, issues } of importFindings(records, job.id)) {
              for (const issue of issues) if (quarantine.length < FINDINGS_SHOWN) quarantine.push({ source: name, item, offset, ...issue })
            }
          }
          return { quarantine }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/records',
        handle: async ({ key }) => {
          await staff.require(key, 'any')
          let subjects = 0
          for await (const _ of records.subjects()) subjects++
          return { subjects }
        },
      }),
      route({
        method: 'POST', path: '/staff/1/link-codes', body: patientDocument,
        handle: async ({ key, body }) => {
          await staff.require(key, 'desk')
          return parts.linkCodes.issue(await vault.find(body.system, body.value))
        },
      }),
    ],
  }
}

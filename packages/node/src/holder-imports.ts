// A holder's records: announced uploads become import jobs; what stays out is told by place and code; link codes find a patient by her local identifier.
import { pause } from '@mhmd/base'
import { createReadStream } from 'node:fs'
import type { ValidationLevel } from '@mhmd/fhir'
import type { Store } from '@mhmd/store'
import { documentType } from '@mhmd/schema'
import { importProgress } from '@mhmd/vault'
import type { Vault } from '@mhmd/vault'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { HolderVault } from './holder-vault.ts'
import { FindingsShown, IssuesShown, createImportFindings, isImport } from './import-findings.ts'
import { levels } from './import-levels.ts'
import { importsKept } from './import-runs.ts'
import type { ImportRuns } from './import-runs.ts'
import type { Job, JobRunner, Jobs } from './jobs.ts'
import type { LinkCodes } from './link-codes.ts'
import type { NodePart } from './node-part.ts'
import { pageAnswer, pageQuery } from './paging.ts'
import { Code, Count, Exactly, Id, JobShown, OrNull, When } from './people-answers.ts'
import { route } from './people.ts'
import { ProvenanceShown, provenanceOfImport } from './provenance.ts'
import { jsonTable } from './table.ts'
import type { Standing } from './standing.ts'
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

/** How an import came here: sent from a page or by the command line, found in a watched folder, or fetched from a record system. */
const ways = ['page', 'command-line', 'folder', 'record-system'] as const
const ImportShown = Exactly({
  id: Id, name: Type.String(), way: OrNull(Type.Enum([...ways])), level: OrNull(Type.Enum([...levels])), created: When, state: JobShown.properties.state, code: Type.Optional(Code), progress: JobShown.properties.progress, report: OrNull(ProgressShown),
})
/** Its findings, put together once it is over; where it came from, once it is done. */
const WholeImport = Exactly({ ...ImportShown.properties, problem: JobShown.properties.problem, profiles: Type.Array(Type.String()), provenance: OrNull(ProvenanceShown), issues: OrNull(IssuesShown) })

const names = jsonTable<{ readonly name: string; readonly level?: ValidationLevel; readonly by: string; readonly sha256: string; readonly way?: typeof ways[number] }>('import-names')
/** By the digest of its bytes, the import that a file last became. */
const digests = jsonTable<{ readonly job: string }>('import-digests')
/** Pieces of which an import is read and checked: others wait for no more than one. */
const READ_BYTES = 65_536
const SWEEP_MILLISECONDS = 60_000

export function createImports(parts: {
  store: Store
  holder: string
  jobs: Jobs
  records: Vault
  vault: HolderVault
  uploads: Uploads
  linkCodes: LinkCodes
  standing: Pick<Standing, 'linkable'>
  runs: ImportRuns
  /** What a bulk source is called. */
  bulkName: (source: string) => Promise<string>
}): Required<Pick<NodePart, 'routes' | 'runners' | 'loops'>> {
  const { store, jobs, records, vault, uploads } = parts

  const runImport: JobRunner = async (job, step) => {
    const upload = String(job.input['upload'])
    const source = { name: upload, open: () => createReadStream(uploads.file(upload), { highWaterMark: READ_BYTES }) }
    const announced = await store.read((tx) => names.get(tx, upload))
    const keep = await parts.runs.run(job, step, { sources: [source], level: announced?.level ?? 'structure', by: announced?.by ?? null, digests: announced === undefined ? [] : [announced.sha256] })
    if ((await importProgress(records, job.id))?.read === 0) throw nodeErrors.FILE_EMPTY()
    await step.finish(keep)
    await uploads.remove(upload)
  }

  const importOf = async (id: string): Promise<Job> => {
    const job = await store.read((tx) => jobs.get(tx, id))
    if (job === undefined || !isImport(job)) throw nodeErrors.NOT_FOUND({ what: 'import' })
    return job
  }

  /** What its file or source is called, how it came, and how much was checked. */
  async function described(job: Job): Promise<{ name: string; way: typeof ways[number] | null; level: ValidationLevel | null }> {
    if (job.kind === 'bulk') return { name: await parts.bulkName(String(job.input['source'])), way: 'record-system', level: (await store.read((tx) => importsKept.get(tx, job.id)))?.level ?? null }
    const announced = await store.read((tx) => names.get(tx, String(job.input['upload'])))
    return { name: announced?.name ?? '', way: announced?.way ?? null, level: announced?.level ?? 'structure' }
  }

  const findings = createImportFindings({ store, jobs, records, nameOf: async (job) => (await described(job)).name })

  const shown = async (job: Job): Promise<object> => ({
    ...await described(job), id: job.id, created: job.created, state: job.state, ...(job.code === undefined ? {} : { code: job.code }), ...(job.progress === undefined ? {} : { progress: job.progress }), report: await importProgress(records, job.id) ?? null,
  })

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
        handle: async ({ key, body, session }) => {
          const before = body.once === true ? await importOfBytes(body.sha256) : undefined
          if (before !== undefined) return { id: before, job: before }
          const { id, token } = await uploads.announce(body)
          await store.write((tx) => names.put(tx, [id], { name: body.name, by: key, sha256: body.sha256, way: session !== undefined ? 'page' : body.once === true ? 'folder' : 'command-line', ...(body.level === undefined ? {} : { level: body.level }) }))
          return { id, token }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/imports', roles: ['steward'], query: pageQuery(), refusals: [],
        summary: 'Imports of records, whatever way they came, with how far each is and what it counted; newest first.',
        answer: pageAnswer('imports', ImportShown),
        handle: async ({ query }) => {
          const { rows, next } = await jobs.page(query, isImport)
          return { imports: await Promise.all(rows.map(shown)), next }
        },
      }),
      route({
        method: 'GET', path: '/staff/1/imports/:id', roles: ['steward'], refusals: [],
        summary: 'How far an import is, what it counted and what was found in it, by code and place; where it came from, once it is over.',
        answer: WholeImport,
        handle: async ({ params }) => {
          const job = await importOf(params['id'] ?? '')
          const { kept, origin } = await store.read(async (tx) => ({ kept: await importsKept.get(tx, job.id), origin: await provenanceOfImport(tx, job.id, parts.holder) }))
          return { ...await shown(job), ...(job.problem === undefined ? {} : { problem: job.problem }), profiles: kept?.profiles ?? [], provenance: origin ?? null, issues: job.state === 'waiting' ? null : await findings.issuesOf(job) }
        },
      }),
      route({
        method: 'DELETE', path: '/staff/1/imports/:id', roles: ['steward'], refusals: [],
        summary: 'Cancels an import that is not over; what it stored stays.',
        answer: Exactly({ cancelled: Type.Boolean() }),
        handle: async ({ params }) => ({ cancelled: await jobs.cancel((await importOf(params['id'] ?? '')).id) }),
      }),
      route({
        method: 'GET', path: '/staff/1/quarantine', roles: ['steward'], query: pageQuery({ import: Type.Optional(Id) }), refusals: ['NODE_NOT_FOUND'],
        summary: 'What stayed out of the imports, or of one of them, and what was taken with a warning: by place and code, never by value. `limit` counts resources; a resource has all its findings.',
        answer: FindingsShown,
        handle: async ({ query }) => findings.page(query['import'] === undefined ? undefined : await importOf(query['import']), query),
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
        handle: async ({ body }) => parts.linkCodes.issue(await parts.standing.linkable(await vault.find(body.system, body.value))),
      }),
    ],
  }
}

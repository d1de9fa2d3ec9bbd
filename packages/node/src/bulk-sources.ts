// Record systems that give their records by FHIR Bulk Data export: registered with a key of the node's own for each, asked for what changed, imported as a job that survives a kill.
import { createHash } from 'node:crypto'
import { createReadStream, mkdirSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { newId, pause } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import type { ValidationLevel } from '@mhmd/fhir'
import { documentType } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { BulkClient, sendPlain } from './bulk-client.ts'
import type { ExportManifest } from './bulk-client.ts'
import { assertionAlgorithms, newAssertionKey, publicKeyOf, tokenSource } from './bulk-token.ts'
import type { BulkClientKey } from './bulk-token.ts'
import { nodeErrors } from './errors.ts'
import type { ImportRuns } from './import-runs.ts'
import type { JobRunner, JobStep, Jobs } from './jobs.ts'
import { levels } from './import-levels.ts'
import type { NodePart } from './node-part.ts'
import { Exactly, Id, OrNull } from './people-answers.ts'
import { route } from './people.ts'
import { sealedTable } from './sealed-table.ts'

const closed = { additionalProperties: false } as const
const Address = Type.String({ pattern: '^https?://[^\\s/?#@]+(/[^\\s?#]*)?$', maxLength: 500 })
const sourceDocument = documentType('bulk-source', Type.Object({
  name: Type.String({ minLength: 1, maxLength: 120 }),
  /** The server's FHIR base, and where it gives tokens. */
  url: Address, tokenUrl: Address,
  clientId: Type.String({ minLength: 1, maxLength: 200 }),
  scope: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  algorithm: Type.Optional(Type.Enum([...assertionAlgorithms])),
  group: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9.-]{1,64}$' })),
  types: Type.Optional(Type.Array(Type.String({ pattern: '^[A-Z][A-Za-z]{1,40}$' }), { maxItems: 100 })),
  level: Type.Optional(Type.Enum([...levels])),
}, closed))

interface BulkSource extends BulkClientKey {
  readonly name: string
  readonly url: string
  readonly group?: string
  readonly types: readonly string[]
  readonly level: ValidationLevel
  /** The server's own time of the last export that was imported. */
  readonly since?: string
}

interface BulkRun {
  readonly status: string
  readonly manifest?: ExportManifest
}

const Key = Type.Record(Type.String(), Type.String())
const SourceShown = Exactly({ id: Id, name: Type.String(), url: Type.String(), clientId: Type.String(), since: OrNull(Type.String()), jwks: Exactly({ keys: Type.Array(Key) }) })
const READ_BYTES = 65_536
const SWEEP_MILLISECONDS = 60_000

export function createBulkSources(parts: { store: Store; jobs: Jobs; runs: ImportRuns; nodeKey: Uint8Array; folder: string; clock: Clock; randomness: Randomness }): Required<Pick<NodePart, 'routes' | 'runners' | 'loops'>> & { nameOf(source: string): Promise<string> } {
  const { store, jobs, clock, randomness } = parts
  mkdirSync(parts.folder, { recursive: true, mode: 0o700 })
  const sources = sealedTable<BulkSource>('bulk-sources', parts.nodeKey)
  const runs = sealedTable<BulkRun>('bulk-runs', parts.nodeKey)

  async function sourceOf(id: string): Promise<BulkSource> {
    const source = await store.read((tx) => sources.get(tx, id))
    if (source === undefined) throw nodeErrors.NOT_FOUND({ what: 'bulk source' })
    return source
  }

  const shown = (id: string, source: BulkSource): object => ({ id, name: source.name, url: source.url, clientId: source.clientId, since: source.since ?? null, jwks: { keys: [publicKeyOf(source.key)] } })

  /** From what was done before a kill: the order is placed once, its state asked until the files are named. */
  async function manifestOf(job: string, { source, client, step }: { source: BulkSource; client: BulkClient; step: JobStep }): Promise<BulkRun & { manifest: ExportManifest }> {
    const keep = async (run: BulkRun): Promise<BulkRun> => {
      await store.write((tx) => runs.put(tx, [job], run))
      return run
    }
    let run = await store.read((tx) => runs.get(tx, job)) ?? await keep({ status: await client.kickOff(source) })
    while (run.manifest === undefined) {
      const status = await client.status(run.status)
      if (status.state === 'done') run = await keep({ ...run, manifest: status.manifest })
      else await pause(status.afterMilliseconds, step.signal)
      step.signal.throwIfAborted()
    }
    return { ...run, manifest: run.manifest }
  }

  const runBulk: JobRunner = async (job, step) => {
    const id = String(job.input['source'])
    const source = await sourceOf(id)
    const tokens = tokenSource(source, { clock, newId: () => newId(randomness), send: sendPlain })
    const client = new BulkClient(source.url, { tokens, signal: step.signal, now: clock.now })
    const { manifest, status } = await manifestOf(job.id, { source, client, step })
    const paths: string[] = []
    for (const file of [...manifest.output, ...manifest.deleted]) {
      const path = join(parts.folder, `${job.id}-${paths.length}.ndjson`)
      await client.download(file, path, manifest.withToken)
      paths.push(path)
    }
    const files = paths.map((path, at) => ({ name: String(at), open: () => createReadStream(path, { highWaterMark: READ_BYTES }) }))
    const keep = await parts.runs.run(job, step, { sources: files, level: source.level, by: null, digests: await Promise.all(paths.map(digestOf)) })
    if (manifest.errors > 0) await step.note('export-incomplete', { files: manifest.errors })
    await step.finish(async (tx) => {
      const present = await sources.get(tx, id)
      if (present !== undefined) await sources.put(tx, [id], { ...present, since: manifest.transactionTime })
      await runs.delete(tx, job.id)
      await keep(tx)
    })
    for (const path of paths) await rm(path, { force: true })
    await client.dismiss(status)
  }

  /** Files of jobs that are over, as a failure or a kill left them. */
  async function sweep(): Promise<void> {
    for (const name of await readdir(parts.folder)) {
      const job = await store.read((tx) => jobs.get(tx, name.slice(0, name.indexOf('-'))))
      if (job?.state !== 'waiting') await rm(join(parts.folder, name), { force: true })
    }
  }

  return {
    loops: [async (signal) => {
      while (!signal.aborted) {
        await sweep()
        await pause(SWEEP_MILLISECONDS, signal)
      }
    }],
    nameOf: async (id) => (await store.read((tx) => sources.get(tx, id)))?.name ?? '',
    runners: { bulk: runBulk },
    routes: [
      route({
        method: 'POST', path: '/staff/1/bulk-sources', body: sourceDocument, roles: ['steward'], refusals: ['NODE_BAD_INPUT'],
        summary: 'Registers a record system that exports by FHIR Bulk Data; gives the public key that its people register for this node.',
        answer: SourceShown,
        handle: async ({ body }) => {
          for (const at of ['url', 'tokenUrl'] as const) requireSafe(body[at], at)
          const id = newId(randomness)
          const { algorithm = 'ES384', scope = 'system/*.rs', types = [], level = 'structure', ...rest } = body
          const source: BulkSource = { ...rest, algorithm, scope, types, level, key: await newAssertionKey(algorithm, id) }
          await store.write((tx) => sources.put(tx, [id], source))
          return shown(id, source)
        },
      }),
      route({
        method: 'GET', path: '/staff/1/bulk-sources', roles: ['steward'], refusals: [],
        summary: 'Record systems that export by FHIR Bulk Data, each with the node\'s public key for it.',
        answer: Exactly({ sources: Type.Array(SourceShown) }),
        handle: async () => ({ sources: (await store.read((tx) => sources.list(tx))).map(({ key, value }) => shown(key[0] ?? '', value)) }),
      }),
      route({
        method: 'DELETE', path: '/staff/1/bulk-sources/:id', roles: ['steward'], refusals: [],
        summary: 'Forgets a record system and the node\'s key for it; what was imported stays.',
        answer: Exactly({ removed: Type.Literal(true) }),
        handle: async ({ params }) => {
          await sourceOf(params['id'] ?? '')
          await store.write((tx) => sources.delete(tx, params['id'] ?? ''))
          return { removed: true }
        },
      }),
      route({
        method: 'POST', path: '/staff/1/bulk-sources/:id/runs', roles: ['steward'], refusals: [],
        summary: 'Starts an export of what changed since the last one, as a job that ends when it is imported.',
        answer: Exactly({ job: Id }),
        handle: async ({ params }) => {
          const source = params['id'] ?? ''
          await sourceOf(source)
          return { job: await store.write((tx) => jobs.add(tx, 'bulk', { source })) }
        },
      }),
    ],
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: READ_BYTES })) hash.update(piece as Uint8Array)
  return hash.digest('base64url')
}

/** Records travel encrypted; plain http is for this machine alone. */
function requireSafe(address: string, at: string): void {
  const { protocol, hostname } = URL.parse(address) ?? { protocol: '', hostname: '' }
  if (protocol !== 'https:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) throw nodeErrors.BAD_INPUT({ at: `/${at}`, why: 'it is not an https address' })
}

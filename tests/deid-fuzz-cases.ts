// Seeded hostile and ordinary cases for the de-identification engine: each says what went wrong, or nothing.
import { MhmdError } from '@mhmd/base'
import { columnOf, csvBytes, parseCsv, readTableFile } from '@mhmd/columns'
import type { Table } from '@mhmd/columns'
import { checkRelease, readHierarchy, release, releaseManifests, repeatRelease } from '@mhmd/deid'
import type { Job, JobTables } from '@mhmd/deid'
import { deidJobDocument } from '@mhmd/schema'
import { difference } from './deid-compare.ts'
import { engineJob, randomJob, seeded } from './deid-random-jobs.ts'
import type { Random } from './deid-random-jobs.ts'

const below = (random: Random, n: number): number => Math.floor(random() * n)
const pick = <T>(random: Random, from: readonly T[]): T => from[below(random, from.length)] as T
const secret = new Uint8Array(32).fill(3)

/** A refusal with a code is a fair answer; anything else that is thrown is a crash. */
function answered<T>(work: () => T): { readonly value?: T; readonly crash?: string } {
  try {
    return { value: work() }
  } catch (error) {
    if (MhmdError.isInstance(error) && error.kind !== 'bug') return {}
    return { crash: error instanceof Error ? error.stack ?? error.message : String(error) }
  }
}

const oddValues: readonly unknown[] = [null, '', 0, -1, 1e308, 0.5, 2, Number.MAX_SAFE_INTEGER, 1e-300, 'x', '*', [], {}, true, '__proto__', 'q0', 's', ['q0'], ['s', 's'], ';', { path: '' }]
const oddMembers: readonly (readonly [string, unknown])[] = [
  ['person', { column: 's' }], ['person', { column: 'q0', visits: 4, ordered: true }], ['localRecoding', true], ['seed', -5],
  ['masks', [{ type: 'pram', columns: ['q0'], keep: 0.5 }]], ['masks', [{ type: 'rank-swapping', columns: ['s'], share: 1 }]], ['masks', [{ type: 'microaggregation', columns: ['q0', 's'], k: 3, method: 'mdav' }]],
  ['masks', [{ type: 'laplace-noise', columns: ['q0'], sensitivity: 1e-9, epsilon: 1e9 }]], ['masks', [{ type: 'date-shift', columns: ['s'], mostDays: 3 }]], ['masks', [{ type: 'pseudonym', columns: ['s', 'nobody'] }]],
  ['models', [{ type: 'km-anonymity', column: 's', k: 2, m: 3 }, { type: 'k-anonymity', k: 2 }]], ['models', [{ type: 'differential-privacy', epsilon: 0.0001, delta: 0.5 }]], ['models', [{ type: 'differential-privacy', epsilon: 2, delta: 0.3, searchEpsilon: 1 }]],
  ['models', [{ type: 'k-anonymity', k: 1e15 }]], ['metric', { type: 'classification', column: 's' }], ['metric', { type: 'classification' }], ['metric', { type: 'loss', column: 'q0' }],
]

/** Changes a document somewhere: a member replaced, taken out or put in. */
function mutated(random: Random, value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || (depth > 0 && random() < 0.25)) return pick(random, oddValues)
  if (Array.isArray(value)) return random() < 0.3 ? [...value, ...value] : value.map((item: unknown, at) => at === 0 ? mutated(random, item, depth + 1) : item)
  const entries = Object.entries(value)
  if (entries.length === 0) return pick(random, oddValues)
  const at = below(random, entries.length)
  if (random() < 0.2) return Object.fromEntries(entries.filter((_, i) => i !== at))
  return Object.fromEntries(entries.map(([name, own], i) => [name, i === at ? mutated(random, own, depth + 1) : own]))
}

function oddJob(random: Random): string | undefined {
  const { job, tables } = engineJob(randomJob(random))
  let document: unknown = job
  for (let times = 1 + below(random, 3); times > 0; times--) document = random() < 0.5 ? { ...(document as object), ...Object.fromEntries([pick(random, oddMembers)]) } : mutated(random, document)
  return answered(() => {
    const parsed: Job = deidJobDocument.parse(document)
    return release(parsed, tables, random() < 0.9 ? { secret } : {})
  }).crash
}

const pieces: readonly string[] = [',', ';', '"', '""', '\n', '\r\n', '\r', '\0', '\uFEFF', '*', 'a', '1', 'ä', '\u{1F600}', ' ', '{', '}', '[', ']', ':', '{"a":1}', 'null', 'true', '1e999', '\\', '\\u0000', '-', '.']
const oddText = (random: Random): string => Array.from({ length: below(random, 40) }, () => pick(random, pieces)).join('')

function oddBytes(random: Random): Uint8Array {
  const bytes = Buffer.from(random() < 0.5 ? oddText(random) : random() < 0.5 ? 'a,b\n1,2\n3,"4"\n' : '{"a":1,"b":"x"}\n{"a":2,"b":null}\n')
  for (let times = below(random, 4); times > 0 && bytes.length > 0; times--) bytes[below(random, bytes.length)] = below(random, 256)
  return bytes
}

/** What was read is written and read again as it was. */
function oddCsv(random: Random): string | undefined {
  const bytes = oddBytes(random)
  const delimiter = pick(random, [',', ';', '\t', '|'])
  const { value: read, crash } = answered(() => parseCsv(bytes, { delimiter }))
  if (read === undefined) return crash
  const again = answered(() => parseCsv(csvBytes(read.table, read.format), { delimiter }))
  if (again.value === undefined) return again.crash ?? `what was written is refused: ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`
  return JSON.stringify(texts(again.value.table)) === JSON.stringify(texts(read.table)) ? undefined : `written and read differ: ${JSON.stringify(Buffer.from(bytes).toString('latin1'))}`
}

const texts = ({ rows, columns }: Table): unknown => [rows, columns.map(({ name, dictionary, codes }) => [name, Array.from(codes, (code) => dictionary[code])])]

async function oddNdjson(random: Random): Promise<string | undefined> {
  try {
    await readTableFile('ndjson', [oddBytes(random)])
  } catch (error) {
    if (!MhmdError.isInstance(error)) return String(error)
  }
  return undefined
}

const oddHierarchy = (random: Random): string | undefined => answered(() => readHierarchy('a', oddBytes(random), pick(random, [',', ';']))).crash

/** Second tier: what is released is what a check finds, and the sealed manifest repeats it. */
function secondTier(random: Random): string | undefined {
  const { job, tables } = engineJob(randomJob(random))
  const extended = withSecondTier(random, job, tables)
  const { value: found, crash } = answered(() => release(extended.job, extended.tables, { secret }))
  if (found === undefined) return crash
  const findings = answered(() => checkRelease({ job: extended.job, ...extended.tables, output: found.table, secret }).findings)
  if (findings.value === undefined) return findings.crash ?? 'the check refuses what was released'
  const wrong = findings.value[0]
  if (wrong !== undefined) return `the check finds ${wrong.code} ${wrong.says} in ${JSON.stringify(extended.job)}`
  const repeated = answered(() => repeatRelease(releaseManifests(extended.job, extended.tables, { found, secret }).sealed, extended.tables))
  return repeated.value === undefined ? repeated.crash ?? 'the sealed manifest does not repeat the release' : undefined
}

function withSecondTier(random: Random, job: Job, tables: JobTables): { job: Job; tables: JobTables } {
  const { rows } = tables.input
  const items = Array.from({ length: rows }, () => ['flu', 'gout', 'scurvy', 'mumps'].filter(() => random() < 0.5).join(';'))
  const numbers = Array.from({ length: rows }, () => String(below(random, 9)))
  const input: Table = { rows, columns: [...tables.input.columns, columnOf('items', items), columnOf('n', numbers)] }
  const isLocal = job.person === undefined && random() < 0.3
  return {
    tables: { ...tables, input },
    job: {
      ...job,
      columns: { ...job.columns, items: { role: 'sensitive' }, n: { role: 'insensitive' } },
      models: [...(isLocal ? [{ type: 'k-anonymity' as const, k: 2 }] : job.models), ...(random() < 0.5 ? [{ type: 'km-anonymity' as const, column: 'items', k: 1 + below(random, 3), m: 1 + below(random, 3) }] : [])],
      ...(isLocal ? { localRecoding: true, metric: { type: 'loss' as const } } : {}),
      masks: random() < 0.5 ? [pick(random, [{ type: 'pram', columns: ['n'], keep: 0.3 }, { type: 'rank-swapping', columns: ['n'], share: 0.4 }, { type: 'gaussian-noise', columns: ['n'], sensitivity: 1, rho: 0.1, step: 0.25 }, { type: 'top-bottom-coding', columns: ['n'], bottom: 2, top: 7 }] as const)] : [],
    },
  }
}

const kinds: readonly ((random: Random) => string | undefined | Promise<string | undefined>)[] = [(random) => difference(randomJob(random)), oddJob, oddJob, oddCsv, oddNdjson, oddHierarchy, secondTier]

/** What went wrong in case i of a seed; undefined where nothing did. */
export async function fuzzCase(seed: number, i: number): Promise<string | undefined> {
  const random = seeded(seed * 1_000_003 + i)
  try {
    return await kinds[i % kinds.length]?.(random)
  } catch (error) {
    return error instanceof Error ? error.stack ?? error.message : String(error)
  }
}

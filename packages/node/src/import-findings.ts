// What imports noted: by place and code, never by value; page by page, and of one import put together by code and place with what each means and what to do.
import { ordinal } from '@mhmd/base'
import { fhirErrors } from '@mhmd/fhir'
import type { Store } from '@mhmd/store'
import { importFindings, vaultErrors } from '@mhmd/vault'
import type { ImportFinding, Vault } from '@mhmd/vault'
import Type from 'typebox'
import type { Job, Jobs } from './jobs.ts'
import { Next, pageOf } from './paging.ts'
import type { InOrder, Page, Row } from './paging.ts'
import { Code, Count, Exactly, Id } from './people-answers.ts'

const FindingShown = Type.Object({ import: Id, source: Type.String(), item: Count, offset: Count, path: Type.String(), code: Code, severity: Type.Enum(['error', 'warning']), rule: Type.Optional(Type.String()), profile: Type.Optional(Type.String()) })
export const FindingsShown = Exactly({ quarantine: Type.Array(FindingShown), next: Next })

/** What was found in one import, put together by code and place. */
export const IssuesShown = Exactly({
  resources: Count, isWhole: Type.Boolean(),
  kinds: Type.Array(Exactly({ code: Code, severity: Type.Enum(['error', 'warning']), place: Type.String(), rule: Type.Optional(Type.String()), profile: Type.Optional(Type.String()), count: Count, says: Type.String(), remedy: Type.String() })),
})

/** Resources whose findings are put together for one answer. */
const SUMMED = 100_000
const KINDS_SHOWN = 200

type Finding = ImportFinding & { readonly import: string; readonly name: string }
interface Kind {
  readonly count: number
}

export const isImport = ({ kind }: Job): boolean => kind === 'import' || kind === 'bulk'

export interface ImportFindings {
  /** Of one import, or of all, the newest first; a page counts resources, and each has all its findings. */
  page(only: Job | undefined, query: Readonly<Record<string, string | undefined>>): Promise<object>
  /** Of so many resources at most. */
  issuesOf(job: Job): Promise<object>
}

export function createImportFindings({ store, jobs, records, nameOf }: { store: Store; jobs: Jobs; records: Vault; nameOf: (job: Job) => Promise<string> }): ImportFindings {
  const inOrder = (only: Job | undefined): InOrder<Finding> => async function* ({ after }) {
    for await (const job of only === undefined ? importsFrom(after?.[1]) : [only]) {
      const name = await nameOf(job)
      for await (const finding of importFindings(records, job.id, after?.[1] === job.id ? placeIn(after) : undefined)) yield rowOf(job, { ...finding, import: job.id, name })
    }
  }

  /** The newest first, or from one of them on. */
  async function* importsFrom(first: string | undefined): AsyncGenerator<Job> {
    const job = first === undefined ? undefined : await store.read((tx) => jobs.get(tx, first))
    if (job !== undefined) yield job
    let next: string | null | undefined = job === undefined ? undefined : `${ordinal(job.created)}.${job.id}`
    while (next !== null) {
      const page: Page<Job> = await jobs.page(next === undefined ? {} : { after: next }, isImport)
      yield* page.rows
      next = page.next
    }
  }

  return {
    page: async (only, query) => {
      const { rows, next } = await pageOf(query, { rows: inOrder(only) })
      return { quarantine: rows.flatMap(({ import: id, name, item, offset, issues }) => issues.map((issue) => ({ import: id, source: name, item, offset, ...issue }))), next }
    },
    issuesOf: async ({ id }) => {
      const kinds = new Map<string, Kind>()
      let resources = 0
      for await (const { issues } of importFindings(records, id)) {
        if (resources === SUMMED) return { resources, isWhole: false, kinds: commonest(kinds) }
        resources++
        for (const { path, ...issue } of issues) {
          const kind = { ...issue, place: path.replace(/\[\d+\]/g, '') }
          const name = JSON.stringify(kind)
          kinds.set(name, { ...kind, ...wordsOf(issue.code), count: (kinds.get(name)?.count ?? 0) + 1 })
        }
      }
      return { resources, isWhole: true, kinds: commonest(kinds) }
    },
  }
}

/** A place in an import that a caller named; none where it names the import alone, or no place. */
function placeIn([, , ...place]: readonly (string | undefined)[]): { readonly source: number; readonly item: number } | undefined {
  const [source = NaN, item = NaN] = place.map(Number)
  return Number.isSafeInteger(source) && Number.isSafeInteger(item) ? { source, item } : undefined
}

const rowOf = (job: Job, value: Finding): Row<Finding> => ({ key: [ordinal(job.created), job.id, ordinal(value.source), ordinal(value.item)], value })
const commonest = (kinds: ReadonlyMap<string, Kind>): object[] => [...kinds.values()].sort((a, b) => b.count - a.count).slice(0, KINDS_SHOWN)

/** One sentence stands for many findings: where each is, stands with each. */
const manyPlaces = new Proxy({}, { get: () => '…' }) as never

/** What a finding's code says, and what to do about it. */
function wordsOf(code: string): { says: string; remedy: string } {
  for (const { prefix, rows } of [fhirErrors.table, vaultErrors.table]) {
    const row = (rows as Readonly<Record<string, { readonly says: (details: never) => string; readonly remedy: string }>>)[code.slice(prefix.length + 1)]
    if (code.startsWith(`${prefix}_`) && row !== undefined) return { says: row.says(manyPlaces), remedy: row.remedy }
  }
  return { says: '', remedy: '' }
}

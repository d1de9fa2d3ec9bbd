// The ledger's analytics at a node: tables fed from the blocks that its follower checked, begun when somebody first asks; questions, evidence, SQL of auditors.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Answer, Database, Feed } from '@mhmd/analytics'
import { dashboards, questions, views } from '@mhmd/analytics/questions'
import { MhmdError, pause } from '@mhmd/base'
import type { Clock, Log } from '@mhmd/base'
import type { Follower, Ledger } from '@mhmd/ledger'
import { documentType } from '@mhmd/schema'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { NodePart } from './node-part.ts'
import { AnswerShown, EvidenceShown, QuestionShown, analyticsRefusals, limited, questionShown, rows } from './analytics-answers.ts'
import { AtHeight, Digest, Exactly, OrNull } from './people-answers.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { publicFigures } from './public-figures.ts'
import type { PublicFiguresParts } from './public-figures.ts'

export interface AnalyticsParts extends Pick<PublicFiguresParts, 'members' | 'self' | 'store' | 'nodeKey'> {
  /** The tables' file: derived from blocks alone, and made again where it is gone. */
  readonly file: string
  readonly networkId: string
  readonly ledger: Pick<Ledger, 'blocks' | 'endorsedBlocks'>
  readonly follower: Follower
  readonly clock: Clock
  readonly log: Log
}

interface Running {
  readonly database: Database
  readonly feed: Feed
  readonly ended: Promise<void>
}

/** How long an answer waits for the tables to come to where the node is. */
const PATIENCE_MILLISECONDS = 2000
const LOOK_MILLISECONDS = 20

const text = (pattern: string): Type.TOptional<Type.TString> => Type.Optional(Type.String({ pattern }))
const asked = { height: text('^[0-9]{1,10}$'), holder: text('^[a-z0-9-]{1,40}$'), recipient: text('^[a-z0-9-]{1,40}$'), requester: text('^[a-z0-9-]{1,40}$'), request: text('^[0-9a-z]{1,40}$'), days: text('^[0-9]{1,6}$'), factor: text('^[0-9]{1,6}$') }
const askQuery = documentType('analytics-query', Exactly(asked))
const evidenceQuery = documentType('analytics-evidence-query', Exactly({ ...asked, below: text('^[0-9]{1,10}$') }))
const sqlDocument = documentType('analytics-sql', Exactly({ sql: Type.String({ minLength: 1, maxLength: 20_000 }) }))
const question = { question: Type.String({ pattern: '^[a-z-]{1,40}$' }) }

const EVIDENCE_AT_ONCE = 100

export function analytics(parts: AnalyticsParts): NodePart {
  const tables = createTables(parts)
  const everybodys = publicFigures({
    ...parts,
    ask: (name, height) => tables.use(({ ask }, database) => ask(database, { name, ...(height === undefined ? {} : { height }) })),
    evidence: (name) => tables.use(({ evidenceOf }, database) => evidenceOf(database, { name }, { limit: EVIDENCE_AT_ONCE })),
  })
  return { routes: [...routesOf(tables), ...everybodys], loops: [tables.run] }
}

/** DuckDB is loaded when somebody first asks. */
const importAnalytics = () => import('@mhmd/analytics')
type Module = Awaited<ReturnType<typeof importAnalytics>>

interface Tables {
  /** Once they have come to where the node was when it was asked, or after two seconds at most. */
  use<T>(read: (module: Module, database: Database) => Promise<T>): Promise<T>
  /** Closes the tables when the node stops. */
  run(signal: AbortSignal): Promise<void>
}

function createTables(parts: AnalyticsParts): Tables {
  const stop = new AbortController()
  let module: Promise<Module> | undefined
  let running: Promise<Running> | undefined
  let failure: Error | undefined

  const load = (): Promise<Module> => module ??= importAnalytics().catch((cause: unknown) => {
    module = undefined
    throw nodeErrors.NO_ANALYTICS(undefined, { cause })
  })

  async function start(): Promise<Running> {
    const { createFeed, followLedger, openDatabase } = await load()
    mkdirSync(dirname(parts.file), { recursive: true })
    const database = await openDatabase({ file: parts.file, networkId: parts.networkId })
    const feed = await createFeed(database)
    const ended = followLedger({ feed, ...parts }, stop.signal).catch((error: unknown) => {
      failure = error as Error
      parts.log('analytics-ended', { code: MhmdError.isInstance(error) ? error.code : 'INTERNAL' })
    })
    return { database, feed, ended }
  }

  const started = (): Promise<Running> => running ??= start().catch((error: unknown) => {
    running = undefined
    throw error
  })

  return {
    use: async (read) => {
      if (stop.signal.aborted) throw nodeErrors.NO_ANALYTICS(undefined)
      const { database, feed } = await started()
      const [target, until] = [parts.follower.height(), parts.clock.now() + PATIENCE_MILLISECONDS]
      while (failure === undefined && feed.position().height < target && parts.clock.now() < until) await pause(LOOK_MILLISECONDS, stop.signal)
      if (failure !== undefined) throw failure
      return read(await load(), database)
    },
    run: async (signal) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      stop.abort()
      const open = await running?.catch(() => undefined)
      await open?.ended
      open?.database.close()
    },
  }
}

function routesOf(tables: Tables): PeopleRoute[] {
  return [
    route({
      method: 'GET', path: '/staff/1/analytics/questions', roles: ['staff'], refusals: [],
      summary: 'Every question that can be put to the ledger: words in English and Italian, parameters, columns, SQL, what the contracts do not hold; the five views; and which questions each role’s dashboard shows.',
      answer: Exactly({ questions: Type.Array(QuestionShown), views: Type.Array(Exactly({ name: Type.String(), says: Type.String(), atHeight: OrNull(Type.String()) })), dashboards: Type.Record(Type.String(), Type.Array(Type.String())) }),
      handle: () => Promise.resolve({ questions: questions.map(questionShown), views: views.map(({ name, says, atHeight }) => ({ name, says, atHeight: atHeight ?? null })), dashboards }),
    }),
    route({
      method: 'GET', path: '/staff/1/analytics/questions/:question', roles: ['staff'], params: question, query: askQuery, refusals: analyticsRefusals,
      summary: 'The answer to a question, now or at an earlier height; it names the block that it holds for, and asked again there it is the same.',
      answer: AnswerShown,
      handle: ({ params, query }): Promise<Answer> => tables.use(({ ask }, database) => ask(database, askedOf(params['question'], query))),
    }),
    route({
      method: 'GET', path: '/staff/1/analytics/questions/:question/evidence', roles: ['staff'], params: question, query: evidenceQuery, refusals: analyticsRefusals,
      summary: 'The transactions that the answer’s figures were made of, newest first, from below a height on.',
      answer: EvidenceShown,
      handle: ({ params, query: { below, ...query } }) => tables.use(({ evidenceOf }, database) => evidenceOf(database, askedOf(params['question'], query), { limit: EVIDENCE_AT_ONCE, ...(below === undefined ? {} : { below: Number(below) }) })),
    }),
    route({
      method: 'POST', path: '/staff/1/analytics/sql', roles: ['auditor'], body: sqlDocument, refusals: [...limited, 'ANALYTICS_SQL_REFUSED'],
      summary: 'One SELECT over the views and tables, in a read-only transaction with limits on time, rows, bytes and memory; it reaches no file and changes nothing.',
      answer: Exactly({ height: AtHeight, hash: Digest, ...rows }),
      handle: ({ body: { sql } }) => tables.use(({ runSql }, database) => runSql(database, sql)),
    }),
  ]
}

function askedOf(name = '', { height, ...parameters }: Readonly<Record<string, string | undefined>>): { name: string; parameters: Readonly<Record<string, string | undefined>>; height?: number } {
  return { name, parameters, ...(height === undefined ? {} : { height: Number(height) }) }
}

// How this node does, for those who run it: its view of the ledger, jobs, what waits to leave, room on the disk, its certificate, versions.
import { X509Certificate } from 'node:crypto'
import { statfsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '@mhmd/base'
import { contractsTable } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import type { Jobs } from './jobs.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { AtHeight, Count, Digest, Exactly, OrNull, When } from './people-answers.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'

const HealthShown = Exactly({
  startedAt: When, now: When,
  /** Of a holder: whether anything may leave it now, or why not. */
  doors: OrNull(Type.String({ pattern: '^(open|closed: [A-Z_]+)$' })),
  /** The head this node holds, and how old the ledger's word for it is. */
  ledger: Exactly({ height: AtHeight, hash: Digest, confirmedMillisecondsAgo: OrNull(Type.Integer()), forked: Type.Boolean(), pendingEffects: Count }),
  jobs: Exactly({ waiting: Count, failed: Count, done: Count, cancelled: Count }),
  /** Messages that have not been taken by their recipients yet. */
  messagesWaiting: Count,
  disk: Exactly({ dataBytes: Count, freeBytes: Count }),
  certificateExpires: When,
  versions: Exactly({ node: Type.String(), interface: Type.String(), contracts: Type.Array(Type.String()) }),
})

export interface OperatorParts {
  readonly store: Store
  readonly jobs: Jobs
  readonly ledger: LedgerOutbox
  readonly follower: Follower
  readonly clock: Clock
  /** Of a holder: why its doors are closed, if they are. */
  readonly closedBy: (() => string | undefined) | undefined
  /** The node's data folder. */
  readonly data: string
  readonly certificate: string
}

const COUNTED = 100_000

export function operatorRoutes(parts: OperatorParts): PeopleRoute[] {
  const { follower, clock } = parts
  const startedAt = clock.now()
  const certificateExpires = new X509Certificate(parts.certificate).validToDate.getTime()

  async function ledgerShown(): Promise<object> {
    const confirmedAt = follower.confirmedAt()
    return { ...follower.head(), confirmedMillisecondsAgo: confirmedAt === undefined ? null : clock.now() - confirmedAt, forked: await follower.fork() !== undefined, pendingEffects: await parts.ledger.pending() }
  }

  async function jobsShown(): Promise<object> {
    const counts = { waiting: 0, failed: 0, done: 0, cancelled: 0 }
    for (const { state } of await parts.jobs.list(COUNTED)) counts[state]++
    return counts
  }

  const messagesWaiting = (): Promise<number> => parts.store.read(async (tx) => {
    let count = 0
    for await (const _ of tx.scan('outbox-due', { limit: COUNTED })) count++
    return count
  })

  return [
    route({
      method: 'GET', path: '/staff/1/health', roles: ['staff'], refusals: [],
      summary: 'How the node does: age of the ledger\'s head, jobs, what waits, room on the disk, expiry of its certificate, versions.',
      answer: HealthShown,
      handle: async () => {
        const { bavail, bsize } = statfsSync(parts.data)
        return {
          startedAt, now: clock.now(), doors: doorsShown(parts.closedBy), ledger: await ledgerShown(), jobs: await jobsShown(), messagesWaiting: await messagesWaiting(),
          disk: { dataBytes: await bytesIn(parts.data), freeBytes: bavail * bsize }, certificateExpires,
          versions: { node: process.versions.node, interface: '1', contracts: Object.keys(contractsTable).sort() },
        }
      },
    }),
  ]
}

const doorsShown = (closedBy: OperatorParts['closedBy']): string | null => closedBy === undefined ? null : closedBy() === undefined ? 'open' : `closed: ${closedBy() ?? ''}`

/** Files come and go while they are counted. */
async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const sizes = await Promise.all(entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name)).then(({ size }) => size, () => 0)))
  return sizes.reduce((sum, size) => sum + size, 0)
}

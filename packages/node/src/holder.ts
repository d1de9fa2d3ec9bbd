// What the role of data holder adds to a node: its vault and imports, its citizens' interface, its desk, its side of requests.
import { join } from 'node:path'
import { deriveKey } from '@mhmd/crypto'
import type { StatementSigner } from '@mhmd/accounts'
import type { Clock, Log, Randomness } from '@mhmd/base'
import type { Follower } from '@mhmd/ledger'
import { fileKeyring } from '@mhmd/keyring-file'
import type { Outbox } from '@mhmd/messages'
import { countPolicy } from '@mhmd/release'
import type { MemberRecord } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import { openVault } from '@mhmd/vault'
import type { Vault } from '@mhmd/vault'
import { createAccessLog } from './access-log.ts'
import { accessRoutes } from './access-routes.ts'
import type { NodeConfig } from './config.ts'
import { citizenRoutes } from './holder-citizens.ts'
import { createAnnouncements } from './catalogue-announcements.ts'
import { createDatasetDrafts } from './dataset-drafts.ts'
import { datasetRoutes } from './holder-datasets.ts'
import { deskRoutes } from './holder-desk.ts'
import { createBulkSources } from './bulk-sources.ts'
import { createImports } from './holder-imports.ts'
import { createHolderRequests } from './holder-requests.ts'
import { createHolderVault } from './holder-vault.ts'
import type { HolderVault } from './holder-vault.ts'
import { heldBytes } from './held-bytes.ts'
import { homePaths } from './home.ts'
import type { NodeSecrets } from './home.ts'
import type { Jobs } from './jobs.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { keyClosingRoutes } from './key-closings.ts'
import { createLinkCodes } from './link-codes.ts'
import type { NodePart } from './node-part.ts'
import { receiveRelayed } from './relay.ts'
import { createReleasesKept } from './releases-kept.ts'
import { createSignedRecords } from './signed-records.ts'
import type { Staff } from './staff.ts'
import { createStanding } from './standing.ts'
import type { Standing } from './standing.ts'
import { createStatementTables, recallLookup } from './statements.ts'
import { createTableReleases } from './table-releases.ts'
import { serveTables } from './table-serving.ts'
import type { Trust } from './trust.ts'
import { createUploads } from './uploads.ts'
import { createErasures } from './withdrawal-erasure.ts'
import { createIntake } from './withdrawal-intake.ts'
import { ledgerFallback } from './withdrawal-ledger.ts'
import { watchWithdrawals } from './withdrawal-watch.ts'

/** What reads people's data in a holder, inside its process. */
export interface HolderInside {
  readonly vault: Vault
  readonly holderVault: HolderVault
  readonly standing: Standing
  readonly follower: Follower
}

export async function createHolder(parts: {
  store: Store
  staff: Staff
  ledger: LedgerOutbox
  outbox: Outbox
  follower: Follower
  isBehind: () => boolean
  trust: Trust
  self: () => MemberRecord
  jobs: Jobs
  clock: Clock
  randomness: Randomness
  log: Log
  network: string
  config: NodeConfig
  secrets: NodeSecrets
  home: string
  blindAfterMilliseconds: number
  ledgerAfterMilliseconds: number
  mixMilliseconds: number
  lateAfterMilliseconds: number
  signer: StatementSigner
  /** Told what it is made of, for the test that walks all doors. */
  tellInside: (inside: HolderInside) => void
}): Promise<NodePart> {
  const { store, clock, randomness, config, secrets, network, follower } = parts
  const paths = homePaths(parts.home)
  const nodeKey = secrets.nodeKey
  const vault = await openVault({ store, keyring: await fileKeyring(paths.keyring), clock, randomness })
  const accessLog = createAccessLog({ store, vault, self: config.id, clock, randomness })
  const holderVault = createHolderVault({ vault, log: accessLog, self: parts.self, clock, randomness })
  const records = createSignedRecords({
    sealFor: (tx, subject, bytes) => vault.sealAside(tx, { subject, place: 'signed-record' }, bytes),
    openFor: (tx, subject, sealed) => vault.openAside(tx, { subject, place: 'signed-record' }, sealed),
  })
  const standing = createStanding({ holder: config.id, store, follower, isBehind: parts.isBehind, records, clock, blindAfterMilliseconds: parts.blindAfterMilliseconds })
  const linkCodes = createLinkCodes({ store, secret: deriveKey(nodeKey, 'link-codes'), clock, randomness })
  const statements = createStatementTables(nodeKey)
  const releases = createReleasesKept(nodeKey)
  const recallOf = recallLookup({ ...parts, statements })
  const countSecret = deriveKey(nodeKey, 'count')
  const intake = createIntake({ store, holder: config.id, network, follower, records, standing, statements, clock })
  const common = { ...parts, holder: config.id, member: config.id, nodeKey, records, standing, statements, releases, recallOf, intake, countSecret }
  const requests = createHolderRequests({ ...common, vault: holderVault, policy: countPolicy })
  const bytes = heldBytes('release-bytes', { store, nodeKey })
  const tables = createTableReleases({ ...common, vault: holderVault, requests, bytes })
  const bulk = createBulkSources({ ...common, records: vault, vault: holderVault, folder: join(paths.data, 'bulk') })
  const imports = createImports({ ...common, bulkName: bulk.nameOf, records: vault, vault: holderVault, linkCodes, uploads: createUploads({ store, folder: paths.spool, clock, randomness }) })
  const drafts = createDatasetDrafts({ ...common, vault: holderVault })
  const announcements = createAnnouncements(common)
  const withdrawals = watchWithdrawals(common)
  const erasures = createErasures({ ...common, vault, holderVault, accessLog })
  const relayed = receiveRelayed({ ...common, messageKey: secrets.messageKey })
  parts.tellInside({ vault, holderVault, standing, follower })
  return {
    routes: [
      ...requests.routes, ...tables.routes, ...imports.routes, ...bulk.routes, ...deskRoutes({ ...common, vault: holderVault }), ...drafts.routes, ...datasetRoutes({ ...common, drafts, announcements }), ...withdrawals.routes, ...erasures.routes,
      ...citizenRoutes({ holder: config.id, network, signing: secrets.signing, follower, linkCodes, standing, intake, requests, clock }),
      ...accessRoutes({ holder: config.id, log: accessLog, intake }), ...keyClosingRoutes({ ...common, vault: holderVault }),
    ],
    handlers: { ...requests.handlers, ...tables.handlers, ...withdrawals.handlers, ...relayed.handlers },
    runners: { ...requests.runners, ...tables.runners, ...imports.runners, ...bulk.runners, ...drafts.runners, ...erasures.runners, ...relayed.runners },
    ...serveTables({ ...common, requests, bytes }),
    loops: [announcements.run, ...withdrawals.loops, ...imports.loops, ...bulk.loops, ledgerFallback({ ...parts, records, afterMilliseconds: parts.ledgerAfterMilliseconds })],
  }
}

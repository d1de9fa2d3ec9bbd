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
import { createHolderAgreements } from './holder-agreements.ts'
import { citizenRoutes } from './holder-citizens.ts'
import { createAnnouncements } from './catalogue-announcements.ts'
import { createDatasetDrafts } from './dataset-drafts.ts'
import { draftPreviewRoutes } from './draft-previews.ts'
import { createDraftRows } from './draft-rows.ts'
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
import { createImportRuns } from './import-runs.ts'
import { createLinkCodes } from './link-codes.ts'
import { mergeListener, mergeRoutes } from './merge-routes.ts'
import type { NodePart } from './node-part.ts'
import { openMerges } from './patient-merges.ts'
import { createProfiles } from './profiles.ts'
import { provenanceOf, provenanceRoutes } from './provenance.ts'
import type { PermitsKnown } from './permits-known.ts'
import { receiveRelayed } from './relay.ts'
import { createReleasesKept } from './releases-kept.ts'
import { createSignedRecords } from './signed-records.ts'
import type { Staff } from './staff.ts'
import { createStanding } from './standing.ts'
import type { Standing } from './standing.ts'
import { createStatementTables, recallLookup } from './statements.ts'
import { protectionsKept } from './protections-kept.ts'
import { createProtections } from './protections.ts'
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
  permits: PermitsKnown
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
  pieceBytes: number
  signer: StatementSigner
  /** Told what it is made of, for the test that walks all doors. */
  tellInside: (inside: HolderInside) => void
}): Promise<NodePart> {
  const { store, clock, randomness, config, secrets, network, follower } = parts
  const paths = homePaths(parts.home)
  const nodeKey = secrets.nodeKey
  const vault = await openVault({ store, keyring: await fileKeyring(paths.keyring), clock, randomness })
  const accessLog = createAccessLog({ store, vault, self: config.id, clock, randomness })
  const merges = await openMerges({ store, nodeKey, clock, randomness, listener: () => mergeListener({ holder: config.id, follower, records, statements, standing, clock, randomness }) })
  const holderVault = createHolderVault({ vault, log: accessLog, merges, self: parts.self, clock, randomness })
  const records = createSignedRecords({
    sealFor: (tx, subject, bytes) => vault.sealAside(tx, { subject, place: 'signed-record' }, bytes),
    openFor: (tx, subject, sealed) => vault.openAside(tx, { subject, place: 'signed-record' }, sealed),
  })
  const standing = createStanding({ holder: config.id, store, follower, isBehind: parts.isBehind, records, merges, clock, blindAfterMilliseconds: parts.blindAfterMilliseconds })
  const linkCodes = createLinkCodes({ store, secret: deriveKey(nodeKey, 'link-codes'), clock, randomness })
  const statements = createStatementTables(nodeKey)
  const releases = createReleasesKept(nodeKey)
  const recallOf = recallLookup({ ...parts, statements })
  const countSecret = deriveKey(nodeKey, 'count')
  const intake = createIntake({ store, holder: config.id, network, follower, records, standing, statements, clock })
  const nameOf = (member: string): string => parts.trust.member(member)?.name ?? member
  await releases.fill(store)
  const common = { ...parts, nameOf, holder: config.id, member: config.id, nodeKey, records, standing, statements, releases, recallOf, intake, merges, countSecret }
  const requests = createHolderRequests({ ...common, vault: holderVault, policy: countPolicy })
  const bytes = heldBytes('release-bytes', { store, nodeKey })
  const agreements = createHolderAgreements({ ...common, requests })
  const tables = createTableReleases({ ...common, vault: holderVault, requests, agreements, bytes })
  const profiles = createProfiles({ store, clock, randomness })
  const runs = createImportRuns({ ...common, records: vault, vault: holderVault, profiles })
  const bulk = createBulkSources({ ...common, runs, folder: join(paths.data, 'bulk') })
  const imports = createImports({ ...common, runs, bulkName: bulk.nameOf, records: vault, vault: holderVault, linkCodes, uploads: createUploads({ store, folder: paths.spool, clock, randomness }) })
  const protections = protectionsKept(nodeKey)
  const drafts = createDatasetDrafts({ ...common, vault: holderVault, protections })
  const draftRows = createDraftRows({ vault: holderVault, clock })
  const protecting = createProtections({ ...common, rows: draftRows, drafts, kept: protections })
  const announcements = createAnnouncements(common)
  const withdrawals = watchWithdrawals({ ...common, requests })
  const erasures = createErasures({ ...common, vault, holderVault, accessLog })
  const relayed = receiveRelayed({ ...common, messageKey: secrets.messageKey })
  parts.tellInside({ vault, holderVault, standing, follower })
  return {
    routes: [
      ...requests.routes, ...agreements.routes, ...tables.routes, ...imports.routes, ...bulk.routes, ...deskRoutes({ ...common, vault: holderVault }), ...drafts.routes, ...protecting.routes, ...draftPreviewRoutes({ store, drafts, rows: draftRows }), ...datasetRoutes({ ...common, drafts }), ...withdrawals.routes, ...erasures.routes,
      ...citizenRoutes({ holder: config.id, network, signing: secrets.signing, follower, linkCodes, standing, intake, merges, requests, permits: parts.permits, erasedOf: erasures.erasedOf, clock }),
      ...accessRoutes({ holder: config.id, log: accessLog, intake, merges, nameOf, origins: (subjects) => provenanceOf(subjects, { store, vault, holder: config.id }) }), ...profiles.routes, ...provenanceRoutes({ store, holder: config.id }), ...mergeRoutes({ store, merges, vault: holderVault }), ...keyClosingRoutes({ ...common, vault: holderVault }),
    ],
    handlers: { ...requests.handlers, ...tables.handlers, ...withdrawals.handlers, ...relayed.handlers },
    runners: { ...requests.runners, ...tables.runners, ...imports.runners, ...bulk.runners, ...drafts.runners, ...protecting.runners, ...erasures.runners, ...relayed.runners },
    ...serveTables({ ...common, requests, bytes }),
    loops: [announcements.run, ...withdrawals.loops, ...imports.loops, ...bulk.loops, ledgerFallback({ ...parts, records, afterMilliseconds: parts.ledgerAfterMilliseconds })],
  }
}

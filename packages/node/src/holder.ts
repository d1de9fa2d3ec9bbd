// What the role of data holder adds to a node: its vault and imports, its citizens' interface, its desk, its side of requests.
import { deriveKey } from '@mhmd/crypto'
import type { Clock, Log, Randomness } from '@mhmd/base'
import type { Follower } from '@mhmd/ledger'
import { fileKeyring } from '@mhmd/keyring-file'
import type { Outbox } from '@mhmd/messages'
import { countPolicy } from '@mhmd/release'
import type { MemberRecord } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import { openVault } from '@mhmd/vault'
import type { NodeConfig } from './config.ts'
import { citizenRoutes } from './holder-citizens.ts'
import { deskRoutes } from './holder-desk.ts'
import { createImports } from './holder-imports.ts'
import { createHolderRequests } from './holder-requests.ts'
import { createHolderVault } from './holder-vault.ts'
import { homePaths } from './home.ts'
import type { NodeSecrets } from './home.ts'
import type { Jobs } from './jobs.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { createLinkCodes } from './link-codes.ts'
import type { NodePart } from './node-part.ts'
import { createSignedRecords } from './signed-records.ts'
import type { Staff } from './staff.ts'
import { createStanding } from './standing.ts'
import type { Trust } from './trust.ts'
import { createUploads } from './uploads.ts'

export async function createHolder(parts: {
  store: Store
  staff: Staff
  ledger: LedgerOutbox
  outbox: Outbox
  follower: Follower
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
}): Promise<NodePart> {
  const { store, clock, randomness, config, secrets, network, follower } = parts
  const paths = homePaths(parts.home)
  const nodeKey = secrets.nodeKey
  const vault = await openVault({ store, keyring: await fileKeyring(paths.keyring), clock, randomness })
  const holderVault = createHolderVault({ vault, self: parts.self, clock, randomness })
  const records = createSignedRecords({
    sealFor: (tx, subject, bytes) => vault.sealAside(tx, { subject, place: 'signed-record' }, bytes),
    openFor: (tx, subject, sealed) => vault.openAside(tx, { subject, place: 'signed-record' }, sealed),
  })
  const standing = createStanding({ holder: config.id, store, follower, records, clock, blindAfterMilliseconds: parts.blindAfterMilliseconds })
  const linkCodes = createLinkCodes({ store, secret: deriveKey(nodeKey, 'link-codes'), clock, randomness })
  const common = { ...parts, member: config.id, nodeKey, records, standing, vault: holderVault }
  const requests = createHolderRequests({ ...common, policy: countPolicy, countSecret: deriveKey(nodeKey, 'count') })
  const imports = createImports({ ...common, records: vault, linkCodes, uploads: createUploads({ store, folder: paths.spool, clock, randomness }) })
  return {
    routes: [
      ...requests.routes, ...imports.routes, ...deskRoutes(common),
      ...citizenRoutes({ store, holder: config.id, network, signing: secrets.signing, follower, linkCodes, records, standing, requests, clock, randomness }),
    ],
    handlers: requests.handlers,
    runners: { ...requests.runners, ...imports.runners },
    mount: imports.mount,
  }
}

// A node: its store, its view of the ledger, its doors, wired once. Start-up and shutdown read from top to bottom.
import { MhmdError, pause } from '@mhmd/base'
import type { Clock, Log, Randomness } from '@mhmd/base'
import { embeddedLedgerClient } from '@mhmd/ledger-embedded'
import { createFollower } from '@mhmd/ledger'
import type { Follower, Ledger } from '@mhmd/ledger'
import { createInbox, createOutbox } from '@mhmd/messages'
import type { Handler } from '@mhmd/messages'
import type { WitnessPolicy } from '@mhmd/proof'
import type { MemberRecord } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import { httpsTransport, memberClient, receiveMessages, startMemberServer, startPeopleServer } from '@mhmd/transport-https'
import type { Peer } from '@mhmd/transport-https'
import { statementSigner } from '@mhmd/accounts'
import { createAccessBody } from './access-body.ts'
import { createAccountService } from './account-routes.ts'
import { analytics } from './analytics.ts'
import { catalogue } from './catalogue.ts'
import { BATCH_LIMIT } from './decision-batches.ts'
import { datasetsKept } from './datasets-kept.ts'
import { createCheckpoints } from './checkpoints.ts'
import { nodeErrors } from './errors.ts'
import { createEvents } from './events.ts'
import { PIECE_BYTES } from './held-bytes.ts'
import { createHolder } from './holder.ts'
import { createHoldings } from './holdings.ts'
import type { HolderInside } from './holder.ts'
import { channelOf, fabricOptions, openFabricLedger } from './fabric.ts'
import { homePaths, readAdminKey, readConfig, readFabric, readNetwork, readSecrets } from './home.ts'
import type { NodeConfig } from './config.ts'
import type { NodeSecrets } from './home.ts'
import { jobRoutes } from './job-routes.ts'
import { createJobs } from './jobs.ts'
import type { JobRunner } from './jobs.ts'
import { createLedgerOutbox } from './ledger-outbox.ts'
import { ledgerRoutes } from './ledger-routes.ts'
import { memberRoutes } from './member-routes.ts'
import { openStore } from './open-store.ts'
import { networkRoutes } from './network-routes.ts'
import { operatorRoutes } from './operator-routes.ts'
import type { StoreChoice } from './open-store.ts'
import { mountPeopleInterface } from './people-interface.ts'
import { isSecure } from './people-origins.ts'
import type { NodePart } from './node-part.ts'
import { permitRoutes } from './permit-routes.ts'
import { createPermitsKnown } from './permits-known.ts'
import { relayRoutes } from './relay.ts'
import { proofRoutes } from './proof-routes.ts'
import type { RateLimits } from './rate-limits.ts'
import { requestMessaging } from './request-messages.ts'
import { receiveRequests } from './request-intake.ts'
import { createRequester } from './requester.ts'
import { requestsIn, requestsOut } from './requests.ts'
import type { SessionLimits } from './sessions.ts'
import { createStaff } from './staff.ts'
import { createTrust } from './trust.ts'
import type { Trust } from './trust.ts'
import { receiveRecalls } from './withdrawal-recall.ts'

export interface NodeOptions {
  readonly home: string
  readonly log: Log
  readonly clock: Clock
  readonly randomness: Randomness
  /** Default: a SQLite file in the node's folder. */
  readonly store?: StoreChoice
  /** How long the ledger's head may go unconfirmed before the doors close. Default 10 s. */
  readonly blindAfterMilliseconds?: number
  /** How long decisions wait at an account provider to be mixed with others; at a holder, how long they wait at its providers at most. Default 1 s. */
  readonly batchMilliseconds?: number
  /** An account provider's batch of so many people leaves without waiting longer. Default 500, a full one. */
  readonly batchPeople?: number
  /** How long a holder waits for the ledger to show a decision it received before it sends it itself; more than `batchMilliseconds`. Default 5 s. */
  readonly ledgerAfterMilliseconds?: number
  /** How long a holder gathers withdrawals before it calls releases back. Default 3 s. */
  readonly mixMilliseconds?: number
  /** After how long without its statement a recipient is shown as late. Default 60 s. */
  readonly lateAfterMilliseconds?: number
  /** What one answer carries at most of a table on its way. Default 512 KiB. */
  readonly pieceBytes?: number
  /** Whether the people interface's answers are held against its own description: in tests. */
  readonly checkAnswers?: boolean
  /** How long sessions last. Default 15 minutes idle, 8 hours in all. */
  readonly sessionLimits?: SessionLimits
  /** How often one address and one key may ask. */
  readonly rateLimits?: RateLimits
  /** The folder of the portal's built pages; none are served without it. */
  readonly portal?: string
  /** How often the newest checkpoint is shown to the next member. Default 10 s. */
  readonly compareMilliseconds?: number
  /** Which witnesses are asked to cosign checkpoints: a C2SP tlog-policy with their addresses. */
  readonly witnesses?: WitnessPolicy
}

export interface RunningNode {
  readonly member: string
  readonly network: string
  readonly peoplePort: number
  readonly memberPort: number
  /** Every way in: routes of the people port, kinds of message, kinds of job. */
  readonly doors: readonly string[]
  stop(): Promise<void>
}

const insides = new WeakMap<RunningNode, HolderInside>()

/** What reads people's data in a holder's node: for the test that walks all doors, and not exported from the package. */
export const insideOf = (node: RunningNode): HolderInside | undefined => insides.get(node)

/** Why a holder's doors are closed; nothing where the node is no holder's. */
const closedByOf = ({ roles }: NodeConfig, inside: { readonly holder?: HolderInside }): (() => string | undefined) | undefined => roles.includes('data-holder') ? () => inside.holder?.standing.closedBy()?.code : undefined

/** Whether it asks others for data, or is asked. */
const isParty = ({ roles }: NodeConfig): boolean => ['data-user', 'data-holder', 'access-body'].some((role) => roles.includes(role))

const waitsOf = (options: NodeOptions): { compareMilliseconds: number; batchMilliseconds: number; batchPeople: number; blindAfterMilliseconds: number; ledgerAfterMilliseconds: number; mixMilliseconds: number; lateAfterMilliseconds: number; pieceBytes: number } => ({
  compareMilliseconds: options.compareMilliseconds ?? 10_000,
  batchMilliseconds: options.batchMilliseconds ?? 1000,
  batchPeople: options.batchPeople ?? BATCH_LIMIT,
  blindAfterMilliseconds: options.blindAfterMilliseconds ?? 10_000,
  ledgerAfterMilliseconds: options.ledgerAfterMilliseconds ?? 5000,
  mixMilliseconds: options.mixMilliseconds ?? 3000,
  lateAfterMilliseconds: options.lateAfterMilliseconds ?? 60_000,
  pieceBytes: options.pieceBytes ?? PIECE_BYTES,
})

const interfaceOf = ({ checkAnswers = false, sessionLimits, rateLimits, portal }: NodeOptions): { checkAnswers: boolean; sessionLimits: SessionLimits | undefined; rateLimits: RateLimits | undefined; portal: string | undefined } => ({ checkAnswers, sessionLimits, rateLimits, portal })

/** What a holder sends itself is alone and at once: sent before the batch that holds it, it would undo the batch (decision 0033). */
function checkBatches({ batchMilliseconds, ledgerAfterMilliseconds }: ReturnType<typeof waitsOf>): void {
  if (!(ledgerAfterMilliseconds > batchMilliseconds)) throw nodeErrors.LEDGER_AFTER_TOO_SHORT({ ledgerAfterMilliseconds, batchMilliseconds })
}

/** Starts the node in a folder that has joined a network. Throws NODE_LEDGER_AFTER_TOO_SHORT, NODE_HOME_MISSING, NODE_NOT_JOINED, STORE_IN_USE, STORE_NOT_YOURS, TRANSPORT_PORT_TAKEN. */
export async function startNode(options: NodeOptions): Promise<RunningNode> {
  const { home, log, clock, randomness } = options
  checkBatches(waitsOf(options))
  const config = readConfig(home)
  const network = readNetwork(home)
  const secrets = readSecrets(home)
  const { compareMilliseconds, batchMilliseconds, batchPeople, ...waits } = waitsOf(options)
  const store = await openStore(home, config.id, options.store)
  const stopping = new AbortController()
  const { ledger, follower, trust, members, tls } = await openLedger({ home, member: config.id, network, secrets, store, clock, log, randomness })
  const self = (): MemberRecord => trust.everyMember().find(({ id }) => id === config.id) ?? applicationOf(network.document.founders, config)
  const peerOf = (id: string): Peer | undefined => peerFrom(trust.member(id))

  for (const list of [requestsIn, requestsOut, datasetsKept]) await list.fill(store)
  const staff = createStaff(store)
  // The first administrator may register people, herself included; she holds no other role by that.
  if ((await staff.list()).length === 0) await staff.add({ key: readAdminKey(home), roles: ['admin'] })
  const ledgerOutbox = createLedgerOutbox({ store, ledger, network: network.id, member: config.id, key: secrets.signing, clock, log })
  const checkpoints = createCheckpoints({ store, follower, trust, members, peerOf, network: network.id, member: config.id, key: secrets.signing, clock, log, compareMilliseconds, witnesses: options.witnesses })
  const outbox = createOutbox({
    store, network: network.id, self: config.id, transport: httpsTransport(members, peerOf), signingKey: () => secrets.signing,
    checkpoint: checkpoints.newest, clock, randomness, wait: pause, log,
  })
  const common = { store, staff, isBehind: checkpoints.isBehind, disputes: checkpoints.disputes, ledger: ledgerOutbox, outbox, follower, trust, self, clock, randomness, log, network: network.id, config, secrets }
  const jobRunners: Record<string, JobRunner> = {}
  const inside: { holder?: HolderInside } = {}
  const events = createEvents({ clock, randomness })
  const jobs = createJobs({ store, clock, randomness, log, runners: jobRunners, changed: ({ id, kind, progress }) => events.tell('job', { id, kind, ...progress }) })
  follower.onBlock(({ height }) => events.tell('ledger', { height }))
  const permits = createPermitsKnown({ ...common, self: config.id })
  const nameOf = (id: string): string => trust.member(id)?.name ?? id
  const parts: NodePart[] = [permits, { routes: permitRoutes({ permits, nameOf }) }, { routes: jobRoutes({ store, jobs }) }, memberRoutes(common), proofRoutes({ follower, checkpoints, member: config.id }), catalogue({ ...common, self: config.id, nameOf })]
  parts.push({ routes: [events.route, ...ledgerRoutes({ ledger, follower }), ...operatorRoutes({ ...common, jobs, closedBy: closedByOf(config, inside), data: homePaths(home).data, certificate: secrets.tls.cert }), ...networkRoutes({ follower, checkpoints, staff, clock, self: config.id, home, fabric: readFabric(home), channelOf })] })
  parts.push(analytics({ file: homePaths(home).analytics, networkId: network.id, ledger, follower, clock, log, store, self: config.id, members: trust.members, nodeKey: secrets.nodeKey }))
  const signer = statementSigner({ network: network.id, member: config.id }, secrets.statement, secrets.signing)
  parts.push(relayRoutes({ ...common, self: config.id }))
  if (isParty(config)) parts.push(requestMessaging({ ...common, nodeKey: secrets.nodeKey, messageKey: secrets.messageKey }))
  if (config.roles.includes('data-user')) {
    const holdings = createHoldings({ ...common, jobs, signer, members, peerOf, nodeKey: secrets.nodeKey })
    parts.push(createRequester({ ...common, permits, nameOf }), holdings, receiveRecalls({ ...common, jobs, signer, holdings }))
  }
  if (config.roles.includes('account-provider')) {
    const accounts = createAccountService({ ...common, member: config.id, outbox: ledgerOutbox, signing: secrets.signing, nodeKey: secrets.nodeKey, batchMilliseconds, batchPeople })
    parts.push({ routes: accounts.routes, loops: [accounts.run] })
  }
  if (config.roles.includes('data-holder') || config.roles.includes('access-body')) parts.push({ handlers: receiveRequests(common) })
  if (config.roles.includes('access-body')) parts.push(createAccessBody({ ...common, permits, nameOf, self: config.id }))
  if (config.roles.includes('data-holder')) parts.push(await createHolder({ ...common, permits, jobs, home, signer, tellInside: (made) => { inside.holder = made }, ...waits }))
  for (const part of parts) Object.assign(jobRunners, part.runners)

  const doors = parts.flatMap((part) => [...Object.keys(part.handlers ?? {}).map((kind) => `message ${kind}`), ...Object.keys(part.runners ?? {}).map((kind) => `job ${kind}`)])
  const inbox = createInbox({ store, network: network.id, self: config.id, clock, log, senderOf: (id) => trust.member(id), handlers: Object.assign({}, ...parts.map((part) => part.handlers ?? {})) as Record<string, Handler>, taken: ({ from, kind }) => events.tell('message', { from, kind }), heard: (from, note) => void checkpoints.heard(from, note).catch(() => log('checkpoint-not-compared', { from })) })
  const memberServer = await startMemberServer({ host: config.member.host, port: config.member.port, log, tls, allowList: trust.memberOfTlsKey, register: (app) => {
    receiveMessages(app, inbox.accept)
    checkpoints.mount(app)
    app.addHook('onRoute', ({ method, path }) => void doors.push(...[method].flat().filter((one) => one !== 'HEAD').map((one) => `member ${one} ${path}`)))
    for (const part of parts) part.mountMember?.(app)
  } })
  trust.onChange(() => {
    memberServer.refresh()
    void members.refresh()
  })
  const peopleServer = await startPeopleServer({
    host: config.people.host, port: config.people.port, log, isSecure: isSecure(config),
    register: async (app) => {
      app.addHook('onRoute', ({ method, path }) => void doors.push(...[method].flat().filter((one) => one !== 'HEAD' && one !== 'OPTIONS').map((one) => `${one} ${path}`)))
      await mountPeopleInterface(app, parts.flatMap((part) => part.routes ?? []), { store, staff, config, members: trust.everyMember, clock, randomness, log, ...interfaceOf(options) })
    },
  })
  const loops = [follower.run.bind(follower), ledgerOutbox.run, outbox.run, jobs.run, checkpoints.run, pruning(inbox.prune), ...parts.flatMap((part) => part.loops ?? [])]
  const running = loops.map((loop) => loop(stopping.signal).catch((error: unknown) => log('loop-ended', { code: MhmdError.isInstance(error) ? error.code : 'INTERNAL' })))

  const node: RunningNode = {
    member: config.id,
    network: network.id,
    doors,
    peoplePort: peopleServer.port,
    memberPort: memberServer.port,
    stop: async () => {
      stopping.abort()
      await Promise.all([peopleServer.close(), memberServer.close()])
      // Closing the ledger's client first ends the calls that would wait for it.
      await Promise.all([ledger.close(), ...running])
      await members.close()
      await store.close()
    },
  }
  if (inside.holder !== undefined) insides.set(node, inside.holder)
  return node
}

/** The ledger's client (by this organisation's own peer where it has one, else at the operator), the follower over it and the trust derived from it; before the first block, trust is the network file. */
async function openLedger(parts: { home: string; member: string; randomness: Randomness; network: ReturnType<typeof readNetwork>; secrets: NodeSecrets; store: Store; clock: Clock; log: Log }): Promise<{
  ledger: Ledger
  follower: Follower
  trust: Trust
  members: ReturnType<typeof memberClient>
  tls: () => { key: string; cert: string; ca: string[] }
}> {
  const { network, secrets, store, clock, log } = parts
  const known: { trust?: Trust } = {}
  const founders = network.document.founders
  const tls = (): { key: string; cert: string; ca: string[] } => ({ ...secrets.tls, ca: known.trust?.caRoots() ?? founders.map((member) => member.caRoot) })
  const members = memberClient({ tls })
  const operator = (): Peer => {
    const present = (known.trust?.everyMember() ?? founders).find((member) => member.roles.includes('ledger-operator'))
    const peer = peerFrom(present)
    if (peer === undefined) throw new Error('the network has no ledger operator')
    return peer
  }
  const fabric = fabricOptions(parts.home, { member: parts.member, networkId: network.id, log, randomness: parts.randomness })
  const ledger = fabric === undefined ? embeddedLedgerClient({ client: members, peer: operator }) : await openFabricLedger(fabric)
  const follower = await createFollower({ ledger, store, clock, networkId: network.id, log })
  const trust = createTrust({ network: network.document, follower, clock })
  known.trust = trust
  await trust.refresh()
  return { ledger, follower, trust, members, tls }
}

const peerFrom = (member: MemberRecord | undefined): Peer | undefined => member === undefined ? undefined : { endpoint: member.endpoint, serverName: member.serverName, pins: member.tlsKeys }

function applicationOf(founders: readonly MemberRecord[], config: NodeConfig): MemberRecord {
  const founder = founders.find((member) => member.id === config.id)
  if (founder === undefined) throw nodeErrors.NOT_ADMITTED()
  return founder
}

const pruning = (prune: () => Promise<number>) => async (signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await prune()
    await pause(60_000, signal)
  }
}

// The ledger's process: the engine in the operator's folder, or Fabric through the operator's peer, served to members over mutual TLS; its trust comes from its own state.
import { Engine, ledgerRoutes } from '@mhmd/ledger-embedded'
import type { ServedLedger } from '@mhmd/ledger-embedded'
import type { Ledger } from '@mhmd/ledger'
import { signTransaction } from '@mhmd/contracts'
import type { Clock, Log, Randomness } from '@mhmd/base'
import { newId, pause } from '@mhmd/base'
import { startMemberServer } from '@mhmd/transport-https'
import { fabricOptions, openFabricGateway } from './fabric.ts'
import { homePaths, readConfig, readNetwork, readSecrets } from './home.ts'
import { accepted } from './ledger-outbox.ts'
import { createTrust } from './trust.ts'

export interface RunningLedger {
  readonly member: string
  readonly network: string
  readonly memberPort: number
  readonly height: number
  stop(): Promise<void>
}

/** Starts the ledger in its operator's folder, and founds it from the pinned network file where it is empty. */
export async function startLedger(options: { home: string; log: Log; clock: Clock; randomness: Randomness }): Promise<RunningLedger> {
  const { clock } = options
  const config = readConfig(options.home)
  const network = readNetwork(options.home)
  const secrets = readSecrets(options.home)
  const fabric = fabricOptions(options.home, { member: config.id, networkId: network.id, log: options.log, randomness: options.randomness })
  const engine: ServedLedger = fabric === undefined ? await Engine.open({ folder: homePaths(options.home).ledger, networkId: network.id, clock }) : await openFabricGateway(fabric)
  const ledger = engine.forMember(config.id)
  if ((await ledger.head()).height < 0) {
    accepted(await ledger.submit(signTransaction({
      network: network.id, contract: 'participants@1', operation: 'genesis', operationId: newId(options.randomness),
      submitter: config.id, time: clock.now(), payload: { document: network.document },
    }, secrets.signing)))
  }
  const listeners = new Set<(block: { committed: readonly { writes: readonly { key: readonly string[] }[] }[] }) => void | Promise<void>>()
  const trust = createTrust({
    network: network.document,
    clock,
    follower: {
      latestBelow: async (prefix) => (await ledger.range(prefix)).map((entry) => ({ ...entry, height: 0, index: 0 })),
      onBlock: (listener) => {
        listeners.add(listener as never)
        return () => void listeners.delete(listener as never)
      },
    },
  })
  await trust.refresh()
  const server = await startMemberServer({
    host: config.member.host, port: config.member.port, log: options.log,
    tls: () => ({ ...secrets.tls, ca: trust.caRoots() }),
    // Who is suspended reads on, and hears from the contracts why what it submits is refused.
    allowList: trust.anyMemberOfTlsKey,
    register: (app) => ledgerRoutes(app, engine, options.log),
  })
  trust.onChange(() => server.refresh())
  const stopping = new AbortController()
  const following = followMembers(ledger, engine.head.height + 1, { listeners, signal: stopping.signal })
  return {
    member: config.id, network: network.id, memberPort: server.port, height: engine.head.height,
    stop: async () => {
      stopping.abort()
      await following
      await server.close()
      await engine.close()
    },
  }
}

/** The operator's own view of its blocks: new members are let in as soon as their block stands. */
async function followMembers(ledger: Ledger, from: number, { listeners, signal }: { listeners: ReadonlySet<(block: never) => void | Promise<void>>; signal: AbortSignal }): Promise<void> {
  let next = from
  while (!signal.aborted) {
    try {
      for await (const block of ledger.blocks(next, signal)) {
        for (const listener of listeners) await listener(block as never)
        next = block.height + 1
      }
    } catch {
      await pause(250, signal)
    }
  }
}


// Commands of whoever runs the machines: a node's folder, the founding of a network, and the processes themselves.
import { fileURLToPath } from 'node:url'
import { MhmdError } from '@mhmd/base'
import type { Log } from '@mhmd/base'
import { networkId } from '@mhmd/contracts'
import { initHome, joinHome, readApplication, useFabric } from '@mhmd/node/home'
import { foundNetwork, parseMember } from '@mhmd/node/network'
import type { StoreChoice } from '@mhmd/node'
import { Command, Option } from 'commander'
import { clock, command, numberOf, randomness } from './action.ts'
import { checkpointsCommand } from './checkpoints.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile, writeNew } from './files.ts'
import { ledgerExportCommand, ledgerRepairCommand } from './ledger-repair.ts'
import { ledgerVerifyCommand } from './ledger-verify.ts'
import { outputOf } from './output.ts'
import { readPolicy } from './roots.ts'

/** Where `npm start` builds the pages. */
const pagesFolder = fileURLToPath(new URL('../../portal/dist', import.meta.url))

/** Throws CLI_BAD_OPTION. */
function originOf(text: string): string {
  const url = URL.parse(text)
  if (url?.protocol !== 'https:' || url.origin !== text) throw cliErrors.BAD_OPTION({ option: '--people-origin', why: 'it is not like https://share.hospital.example' })
  return text
}

const collect = (value: string, before: string[]): string[] => [...before, value]

interface InitOptions {
  readonly home: string
  readonly id: string
  readonly name: string
  readonly country: string
  readonly role: string[]
  readonly adminKey: string
  readonly serverName: string
  readonly host: string
  readonly memberPort: string
  readonly peoplePort: string
  readonly peopleOrigin?: string
  readonly json?: boolean
}

interface RunOptions {
  readonly home: string
  readonly blindAfter: string
  readonly batchEvery: string
  readonly batchPeople: string
  readonly ledgerAfter: string
  readonly mix: string
  readonly lateAfter: string
  readonly piece: string
  readonly portal: string
  readonly compareEvery: string
  readonly witnesses?: string
}

export function nodeCommand(): Command {
  return new Command('node').description('an organisation\'s node').addCommand(
    command('init', 'make a node\'s folder, with fresh keys and its own certificate authority')
      .requiredOption('--home <folder>', 'the node\'s folder')
      .requiredOption('--id <id>', 'short name in the network, like rome')
      .requiredOption('--name <name>', 'the organisation\'s name')
      .requiredOption('--country <code>', 'ISO 3166-1 alpha-2')
      .requiredOption('--role <role>', 'data-holder, data-user, account-provider, access-body, auditor or ledger-operator; may be repeated', collect, [])
      .requiredOption('--admin-key <key>', 'public key of the first administrator (mhmd key new)')
      .requiredOption('--server-name <name>', 'host name in the TLS certificate')
      .option('--host <address>', 'address to listen on', '127.0.0.1')
      .requiredOption('--member-port <port>', 'port for other members (mutual TLS)')
      .requiredOption('--people-port <port>', 'port for people; plain http is allowed on loopback only')
      .option('--people-origin <address>', 'how browsers reach the people port through a proxy that speaks TLS, like https://share.hospital.example')
      .action(async (options: InitOptions) => {
        const member = await initHome(options.home, {
          id: options.id, name: options.name, country: options.country, roles: options.role,
          member: { host: options.host, port: portOf('--member-port', options.memberPort), serverName: options.serverName },
          people: { host: options.host, port: portOf('--people-port', options.peoplePort), ...(options.peopleOrigin === undefined ? {} : { origin: originOf(options.peopleOrigin) }) },
        }, { now: clock.now(), adminKey: options.adminKey })
        outputOf(options).result(member, [`Made a node for ${member.name} in ${options.home}.`, 'Next: found a network with this application, or join one (mhmd node join).'])
      }),
  ).addCommand(
    command('join', 'pin the network: compare its hash with the one the founders published')
      .requiredOption('--home <folder>').requiredOption('--network <file>', 'network.json').requiredOption('--hash <hash>', 'the hash as the founders published it')
      .option('--fabric <file>', 'where the ledger is Hyperledger Fabric and this organisation has a peer: how to reach it (channel, chaincode, msp, address, others, tlsRoot, certificate, privateKey)')
      .action((options: { home: string; network: string; hash: string; fabric?: string; json?: boolean }) => {
        const id = joinHome(options.home, readJsonFile(options.network), options.hash)
        if (options.fabric !== undefined) useFabric(options.home, readJsonFile(options.fabric))
        outputOf(options).result({ network: id }, [`Pinned network ${id}.`, 'Members admit this node with: mhmd member admit --application FILE (see mhmd node application).'])
      }),
  ).addCommand(
    command('application', 'print this node\'s signed application for membership').requiredOption('--home <folder>')
      .action((options: { home: string; json?: boolean }) => {
        const application = readApplication(options.home)
        outputOf(options).result(application, [JSON.stringify(application, null, 2)])
      }),
  ).addCommand(
    command('run', 'run the node until it is stopped').requiredOption('--home <folder>').option(...untilInputEnds)
      .option('--blind-after <seconds>', 'close the doors after so long without the ledger', '10')
      .option('--batch-every <milliseconds>', 'account providers: how long decisions wait to be mixed; holders: how long they wait at the providers at most', '1000')
      .option('--batch-people <number>', 'account providers: so many people\'s decisions leave without waiting longer', '500')
      .option('--ledger-after <milliseconds>', 'holders: how long the ledger may take to show a decision before the holder sends it itself; longer than every provider\'s --batch-every', '5000')
      .option('--mix <milliseconds>', 'holders: how long withdrawals are gathered before releases are called back', '3000')
      .option('--portal <folder>', 'the built pages', pagesFolder)
      .option('--piece <bytes>', 'holders: what one answer carries at most of a table on its way', '524288')
      .option('--late-after <seconds>', 'holders: when a recipient that has not answered a recall is shown as late', '60')
      .option('--compare-every <seconds>', 'how often the newest checkpoint is shown to the next member', '10')
      .option('--witnesses <file>', 'which witnesses cosign this node\'s checkpoints: a C2SP tlog-policy with their addresses')
      .addOption(new Option('--store <kind>', 'where the node keeps its state').choices(['sqlite', 'postgres']).default('sqlite'))
      .option('--database <url>', 'PostgreSQL database, without a password (that comes from PGPASSFILE); default: PGHOST, PGDATABASE, PGUSER …')
      .action(async (options: RunOptions & { store: StoreChoice['kind']; database?: string }) => {
        const { startNode } = await import('@mhmd/node')
        const node = await startNode({ home: options.home, store: storeOf(options), log: logLine, clock, randomness, blindAfterMilliseconds: 1000 * numberOf('--blind-after', options.blindAfter), batchMilliseconds: numberOf('--batch-every', options.batchEvery), batchPeople: numberOf('--batch-people', options.batchPeople), ledgerAfterMilliseconds: numberOf('--ledger-after', options.ledgerAfter), mixMilliseconds: numberOf('--mix', options.mix), lateAfterMilliseconds: 1000 * numberOf('--late-after', options.lateAfter), pieceBytes: numberOf('--piece', options.piece), portal: options.portal, compareMilliseconds: 1000 * numberOf('--compare-every', options.compareEvery), ...(options.witnesses === undefined ? {} : { witnesses: readPolicy(options.witnesses) }) })
        await untilStopped({ event: 'ready', member: node.member, network: node.network, peoplePort: node.peoplePort, memberPort: node.memberPort }, node.stop, options)
      }),
  )
}

export function networkCommand(): Command {
  return new Command('network').description('the network: its file, its members\' standing, and its ledger where that is Fabric').addCommand(
    command('found', 'write network.json from the founders\' applications')
      .requiredOption('--name <name>', 'the network\'s name')
      .requiredOption('--application <file>', 'a founder\'s application.json; repeat for each founder', collect, [])
      .requiredOption('--out <file>', 'where to write network.json')
      .action((options: { name: string; application: string[]; out: string; json?: boolean }) => {
        const document = foundNetwork(options.name, options.application.map((file) => parseMember(readJsonFile(file))), { now: clock.now(), randomness })
        writeNew(options.out, `${JSON.stringify(document, null, 2)}\n`)
        const hash = networkId(document)
        outputOf(options).result({ hash, file: options.out }, [`Founders: ${document.founders.map((member) => member.id).join(', ')}`, `Hash: ${hash}`, 'Read the hash to each other by another way before joining.'])
      }),
  )
}

export function ledgerCommand(): Command {
  return new Command('ledger').description('the embedded ledger').addCommand(
    command('run', 'run the ledger in its operator\'s folder until it is stopped').requiredOption('--home <folder>').option(...untilInputEnds)
      .action(async (options: RunOptions) => {
        const { startLedger } = await import('@mhmd/node')
        const ledger = await startLedger({ home: options.home, log: logLine, clock, randomness })
        await untilStopped({ event: 'ready', member: ledger.member, network: ledger.network, memberPort: ledger.memberPort, height: ledger.height }, ledger.stop, options)
      }),
  ).addCommand(ledgerVerifyCommand()).addCommand(ledgerExportCommand()).addCommand(ledgerRepairCommand()).addCommand(checkpointsCommand())
}

/** One JSON line an event: fixed names, ids, codes and counts. */
const logLine: Log = (event, details) => void process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...details })}\n`)

interface RunOptions {
  readonly home: string
  readonly untilInputEnds?: boolean
}

const untilInputEnds = ['--until-input-ends', 'stop too when standard input ends, as it does when the program that started this one is gone'] as const

/** Says it is ready, then waits for SIGINT or SIGTERM and stops in order. */
async function untilStopped(ready: Record<string, string | number>, stop: () => Promise<void>, options: RunOptions): Promise<void> {
  const { event, ...details } = ready
  logLine(String(event), details)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    if (options.untilInputEnds === true) process.stdin.resume().once('end', resolve).once('error', resolve)
  })
  // Its pipe would keep the process from ending.
  process.stdin.destroy()
  try {
    await stop()
    logLine('stopped')
  } catch (error) {
    logLine('stopped-badly', { code: MhmdError.isInstance(error) ? error.code : 'INTERNAL' })
    process.exitCode = 1
  }
}

/** Command lines are seen by everybody on the machine and stay in histories: a password has no place there. */
function storeOf({ store, database }: { store: StoreChoice['kind']; database?: string }): StoreChoice {
  if (database === undefined) return { kind: store }
  if (store !== 'postgres') throw cliErrors.BAD_OPTION({ option: '--database', why: 'only with --store postgres' })
  const url = URL.canParse(database) ? new URL(database) : undefined
  if (url?.protocol !== 'postgres:' && url?.protocol !== 'postgresql:') throw cliErrors.BAD_OPTION({ option: '--database', why: 'it must be postgres://USER@HOST:PORT/DATABASE' })
  if (url.password !== '' || url.searchParams.has('password')) throw cliErrors.BAD_OPTION({ option: '--database', why: 'it must hold no password; put that into the file that PGPASSFILE names' })
  return { kind: store, url: database }
}

function portOf(option: string, text: string): number {
  const port = numberOf(option, text)
  if (port > 65535) throw cliErrors.BAD_OPTION({ option, why: 'it must be a port, 0 to 65535' })
  return port
}

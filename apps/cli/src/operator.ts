// Commands of whoever runs the machines: keys, a node's folder, the founding of a network, and the processes themselves.
import { MhmdError } from '@mhmd/base'
import type { Log } from '@mhmd/base'
import { networkId } from '@mhmd/contracts'
import { foundNetwork, initHome, joinHome, parseMember, readApplication, startLedger, startNode } from '@mhmd/node'
import { Command } from 'commander'
import { clock, command, randomness } from './action.ts'
import { cliErrors } from './errors.ts'
import { newKeyFile, readJsonFile, writeNew } from './files.ts'
import { outputOf } from './output.ts'

const collect = (value: string, before: string[]): string[] => [...before, value]

export function keyCommand(): Command {
  return new Command('key').description('keys of people').addCommand(
    command('new', 'make a signing key; the file is the secret').requiredOption('--out <file>', 'where to write it').action((options: { out: string; json?: boolean }) => {
      const key = newKeyFile(options.out).publicKey
      outputOf(options).result({ key, file: options.out }, [`Public key: ${key}`, `Secret kept in ${options.out}; whoever has that file can sign as you.`])
    }),
  )
}

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
  readonly json?: boolean
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
      .action(async (options: InitOptions) => {
        const member = await initHome(options.home, {
          id: options.id, name: options.name, country: options.country, roles: options.role,
          member: { host: options.host, port: portOf('--member-port', options.memberPort), serverName: options.serverName },
          people: { host: options.host, port: portOf('--people-port', options.peoplePort) },
        }, { now: clock.now(), adminKey: options.adminKey })
        outputOf(options).result(member, [`Made a node for ${member.name} in ${options.home}.`, 'Next: found a network with this application, or join one (mhmd node join).'])
      }),
  ).addCommand(
    command('join', 'pin the network: compare its hash with the one the founders published')
      .requiredOption('--home <folder>').requiredOption('--network <file>', 'network.json').requiredOption('--hash <hash>', 'the hash as the founders published it')
      .action((options: { home: string; network: string; hash: string; json?: boolean }) => {
        const id = joinHome(options.home, readJsonFile(options.network), options.hash)
        outputOf(options).result({ network: id }, [`Pinned network ${id}.`, 'Members admit this node with: mhmd member admit --application FILE (see mhmd node application).'])
      }),
  ).addCommand(
    command('application', 'print this node\'s signed application for membership').requiredOption('--home <folder>')
      .action((options: { home: string; json?: boolean }) => {
        const application = readApplication(options.home)
        outputOf(options).result(application, [JSON.stringify(application, null, 2)])
      }),
  ).addCommand(
    command('run', 'run the node until it is stopped').requiredOption('--home <folder>')
      .option('--blind-after <seconds>', 'close the doors after so long without the ledger', '10')
      .option('--batch-every <milliseconds>', 'account providers: how long decisions wait to be mixed', '1000')
      .action(async (options: { home: string; blindAfter: string; batchEvery: string }) => {
        const node = await startNode({ home: options.home, log: logLine, clock, randomness, blindAfterMilliseconds: 1000 * numberOf('--blind-after', options.blindAfter), batchMilliseconds: numberOf('--batch-every', options.batchEvery) })
        await untilStopped({ event: 'ready', member: node.member, network: node.network, peoplePort: node.peoplePort, memberPort: node.memberPort }, node.stop)
      }),
  )
}

export function networkCommand(): Command {
  return new Command('network').description('the network file').addCommand(
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
    command('run', 'run the ledger in its operator\'s folder until it is stopped').requiredOption('--home <folder>')
      .action(async (options: { home: string }) => {
        const ledger = await startLedger({ home: options.home, log: logLine, clock, randomness })
        await untilStopped({ event: 'ready', member: ledger.member, network: ledger.network, memberPort: ledger.memberPort, height: ledger.height }, ledger.stop)
      }),
  )
}

/** One JSON line an event: fixed names, ids, codes and counts. */
const logLine: Log = (event, details) => void process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), event, ...details })}\n`)

/** Says it is ready, then waits for SIGINT or SIGTERM and stops in order. */
async function untilStopped(ready: Record<string, string | number>, stop: () => Promise<void>): Promise<void> {
  const { event, ...details } = ready
  logLine(String(event), details)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  try {
    await stop()
    logLine('stopped')
  } catch (error) {
    logLine('stopped-badly', { code: MhmdError.isInstance(error) ? error.code : 'INTERNAL' })
    process.exitCode = 1
  }
}

function numberOf(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw cliErrors.BAD_OPTION({ option, why: 'it must be a whole number, zero or more' })
  return value
}

function portOf(option: string, text: string): number {
  const port = numberOf(option, text)
  if (port > 65535) throw cliErrors.BAD_OPTION({ option, why: 'it must be a port, 0 to 65535' })
  return port
}

// `npm start`: a whole network on this machine, seeded with synthetic people; Ctrl-C stops everything, the next start goes on where it was.
import { MhmdError } from '@mhmd/base'
import { buildPages } from '@mhmd/portal'
import { forgetNetwork, readMade, writeMade } from './folder.ts'
import { personaLinks } from './links.ts'
import { startNetwork } from './network.ts'
import type { DevNetwork } from './network.ts'
import { DEFAULT_PORT, optionsOf, startOf, usage } from './options.ts'
import type { Options } from './options.ts'
import { isLedger, rosters } from './roster.ts'
import { seedPermit } from './seed-permit.ts'
import { seedPeople } from './seed.ts'

const started = performance.now()
const print = (text: string): void => void process.stdout.write(text)
const say = (line: string): void => print(`[${((performance.now() - started) / 1000).toFixed(1).padStart(5)} s] ${line}\n`)
const stopping = new AbortController()
let isOver = false

function printTable(network: DevNetwork): void {
  const rows = network.plan.organisations.map((organisation) => [organisation.id, organisation.name, organisation.roles.join(', '), isLedger(organisation) ? 'none: members only' : network.address(organisation.id), String(network.process(organisation.id).pid)])
  const table = [['id', 'organisation', 'role', 'for people and staff', 'process'], ...rows]
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? []
  print(`\n${table.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ').trimEnd()}\n`).join('')}`)
}

const whileSeeding = `
  Links that make your browser one of these people's follow when everybody has been seeded (a few minutes with 300
  patients; --patients 40 takes one). What works by then stands below.
`

const guide = ({ folder }: Options): string => `
  Everyone in this network is invented, and all of it is a simulation: the rules of the European Health Data Space
  for secondary use apply from 26 March 2029. Things to try (in another terminal; --help tells more):

    npx mhmd status --profile ${folder}/staff/rome/admin.json
    npx mhmd request inbox --profile ${folder}/staff/rome/admin.json
    npx mhmd permit list --profile ${folder}/staff/access/admin.json
    npx mhmd citizen show --device ${folder}/citizens/001
    npm run scenario -- share      # a whole share, from import to withdrawal, with a transcript
    docs/examples/README.md        # files and commands to do it yourself
    ${folder}/network.json         # what an auditor checks a proof against, on the page of a transaction

  Ctrl-C stops everything.

`

/** Each makes one browser that person's; the secret stands behind the # and is sent to no server by opening the page. */
async function printLinks(network: DevNetwork): Promise<void> {
  print(`\n  Be one of these people in your browser (an invitation works once; a citizen's link holds her recovery code):\n\n${(await personaLinks(network)).map(({ who, link }) => `  ${who}\n    ${link}\n`).join('')}
  Staff make a passkey on the first visit. On a computer that can't, Chromium stands in for one while its developer tools
  are open on the page: More tools, WebAuthn, Enable virtual authenticator environment, Add (internal, with resident keys
  and user verification). Each of them needs a browser profile of her own where two work at the same organisation.

`)
}

/** What became of the people is noted beside the network, so that a stopped seeding goes on with the next start. */
async function seed(network: DevNetwork, options: Options): Promise<void> {
  const made = readMade(options.folder)
  if (made === undefined || made.people?.done === true) return
  const people = made.people ?? { patients: options.patients, data: options.data, done: false }
  if (made.people !== undefined) say('Going on with the people of this network, where the last start was stopped.')
  writeMade(options.folder, { ...made, people })
  await seedPeople(network, { ...people, say, signal: stopping.signal })
  await seedPermit(network, say)
  writeMade(options.folder, { ...made, people: { ...people, done: true } })
}

/** Every process of the network, Fabric's included. */
const watched = (network: DevNetwork, { folder }: Options): { readonly name: string; readonly ended: Promise<number | string>; readonly log: string }[] =>
  [...network.processes().map(({ name, ended }) => ({ name, ended, log: `${folder}/logs/${name}.log` })), ...network.fabric?.processes.values() ?? []]

async function run(options: Options): Promise<void> {
  if (options.fresh) forgetNetwork(options.folder)
  const basePort = options.port ?? readMade(options.folder)?.basePort ?? DEFAULT_PORT
  const pages = buildPages().then(() => say('The pages are built'), (error: unknown) => say(`The pages could not be built (${error instanceof Error ? error.message.split('\n')[0] ?? '' : ''}); everything else works.`))
  const ledger = options.ledger ?? readMade(options.folder)?.ledger ?? 'embedded'
  const network = await startNetwork({ folder: options.folder, basePort, ledger, organisations: rosters.whole, witnesses: true }, say, stopping.signal)
  try {
    for (const { name, ended, log } of watched(network, options)) void ended.then((how) => stopping.signal.aborted || isOver || say(`${name} ended (${how}). Its log is in ${log}; to start it again: Ctrl-C, then ${startOf(options)}.`))
    printTable(network)
    if (readMade(options.folder)?.people?.done !== true) print(whileSeeding)
    print(guide(options))
    await seed(network, options)
    await pages
    await printLinks(network)
    say('Ready. The network runs until Ctrl-C.')
    await new Promise((resolve) => stopping.signal.addEventListener('abort', resolve, { once: true }))
  } finally {
    isOver = true
    print('\nStopping …\n')
    await network.stop()
  }
}

const ONE_PRESS_MILLISECONDS = 1000
let firstSignal: number | undefined

/**
 * The first signal stops in order, a later one at once: what still runs then notices that its launcher is gone. One Ctrl-C may
 * come several times, from the terminal and from the programs that started this one.
 */
function onSignal(): void {
  firstSignal ??= performance.now()
  if (performance.now() - firstSignal > ONE_PRESS_MILLISECONDS) process.exit(130)
  stopping.abort()
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
try {
  const options = optionsOf(process.argv.slice(2))
  if (options.help) print(usage)
  else await run(options).catch((error: unknown) => {
    // Whatever broke off because everything was to stop, is no error.
    if (!stopping.signal.aborted) throw error
  })
  if (stopping.signal.aborted) print(`Everything is stopped. The data stay; start again with \`${startOf(options)}\`.\n`)
  process.exit(0)
} catch (error) {
  if (!MhmdError.isInstance(error)) throw error
  process.stderr.write(`${error.code}: ${error.message}\n  → ${error.remedy}\n`)
  process.exit(error.kind === 'conflict' ? 5 : 2)
}

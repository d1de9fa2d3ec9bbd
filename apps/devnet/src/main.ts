// `npm start`: a whole network on this machine, seeded with synthetic people; Ctrl-C stops everything, the next start goes on where it was.
import { MhmdError } from '@mhmd/base'
import { devnetErrors } from './errors.ts'
import { forgetNetwork, startNetwork } from './network.ts'
import type { DevNetwork } from './network.ts'
import { defaultPatients } from './patients.ts'
import { rosters } from './roster.ts'
import { seedPeople } from './seed.ts'

interface Options {
  readonly fresh: boolean
  readonly folder: string
  readonly port: number
  readonly patients: number
  readonly data: string
}

function optionsOf(args: readonly string[]): Options {
  const values = new Map<string, string>()
  let fresh = false
  for (let at = 0; at < args.length; at++) {
    const option = args[at] ?? ''
    if (option === '--fresh') fresh = true
    else if (['--folder', '--port', '--patients', '--data'].includes(option) && args[at + 1] !== undefined) values.set(option, args[++at] ?? '')
    else throw devnetErrors.BAD_OPTION({ option })
  }
  return {
    fresh,
    folder: values.get('--folder') ?? '.devnet',
    port: wholeNumber('--port', values.get('--port') ?? '7400'),
    patients: wholeNumber('--patients', values.get('--patients') ?? '300'),
    data: values.get('--data') ?? defaultPatients(),
  }
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) throw devnetErrors.BAD_OPTION({ option: `${option} ${text}` })
  return value
}

const started = Date.now()
const say = (line: string): void => void process.stdout.write(`[${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s] ${line}\n`)

function printTable(network: DevNetwork): void {
  const rows = network.plan.organisations.map((organisation) => [organisation.id, organisation.name, organisation.roles.join(', '), network.url(organisation.id), String(network.process(organisation.id).pid)])
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  process.stdout.write('\n')
  for (const row of rows) process.stdout.write(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('   ')}\n`)
}

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2))
  if (options.fresh) forgetNetwork(options.folder)
  const network = await startNetwork({ folder: options.folder, basePort: options.port, organisations: rosters.whole }, say)
  const stopping = new AbortController()
  let isStopping = false
  const stop = async (): Promise<void> => {
    if (isStopping) return
    isStopping = true
    stopping.abort()
    process.stdout.write('\nStopping …\n')
    await network.stop()
    process.stdout.write('Everything is stopped. The data stay; start again with `npm start`.\n')
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void stop())
  for (const child of network.processes()) void child.ended.then((how) => isStopping || say(`${child.name} ended (${how}); start it again with Ctrl-C and npm start. Its log is in ${options.folder}/logs/${child.name}.log`))

  printTable(network)
  process.stdout.write(`
  Everyone in this network is invented, and all of it is a simulation: the rules of the European Health Data Space
  for secondary use apply from 26 March 2029. Things to try (in another terminal; --help tells more):

    npx mhmd status --profile ${options.folder}/staff/rome/admin.json
    npx mhmd request inbox --profile ${options.folder}/staff/rome/admin.json
    npx mhmd citizen show --device ${options.folder}/citizens/001
    npm run scenario -- share      # a whole share, from import to withdrawal, with a transcript

  Ctrl-C stops everything.
\n`)
  if (network.isNew || options.fresh) await seedPeople(network, { patients: options.patients, data: options.data, say, signal: stopping.signal })
  say('Ready. The network runs until Ctrl-C.')
}

try {
  await main()
} catch (error) {
  if (!MhmdError.isInstance(error)) throw error
  process.stderr.write(`${error.code}: ${error.message}\n  → ${error.remedy}\n`)
  process.exit(error.kind === 'conflict' ? 5 : 2)
}

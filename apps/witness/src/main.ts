// mhmd-witness: makes, runs and shows a witness. Few parts on purpose, so that it can run where nothing else of its member does.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { MhmdError } from '@mhmd/base'
import type { Log } from '@mhmd/base'
import { witnessErrors } from './errors.ts'
import { initFolder, openState, policyLine, readConfig, readLogs, trustLog } from './folder.ts'
import { startWitness } from './serve.ts'

// `node:sqlite` says it is experimental on every start; it is pinned with the Node version.
process.removeAllListeners('warning')

const help = `mhmd-witness COMMAND --home FOLDER

  init --name NAME --port PORT [--host ADDRESS]   make a witness with a fresh key; NAME like witness.hospital.example/w1
  trust --roots FILE                              add a log: network.json, or a file of trust roots (mhmd roots)
  run                                             run it until it is stopped
  show                                            its policy line, what it cosigned last, and what contradicted that
`

const { positionals: [command = ''], values } = parseArgs({ allowPositionals: true, strict: true, options: { home: { type: 'string' }, name: { type: 'string' }, port: { type: 'string' }, host: { type: 'string', default: '127.0.0.1' }, roots: { type: 'string' }, help: { type: 'boolean' }, 'until-input-ends': { type: 'boolean' } } })

function needed(name: 'home' | 'name' | 'port' | 'roots'): string {
  const value = values[name]
  if (value === undefined) throw witnessErrors.BAD_OPTION({ why: `--${name} is missing` })
  return value
}

const print = (line: string): void => void process.stdout.write(`${line}\n`)
const log: Log = (event, details) => print(JSON.stringify({ time: new Date().toISOString(), event, ...details }))

const commands: Readonly<Record<string, () => void | Promise<void>>> = {
  init: () => {
    const port = Number(needed('port'))
    if (!Number.isInteger(port) || port < 1 || port > 65_535) throw witnessErrors.BAD_OPTION({ why: '--port must be a number from 1 to 65535' })
    initFolder(needed('home'), { name: needed('name'), host: values.host, port })
    print(policyLine(needed('home'), 'NAME'))
    print('This line, with a name of your choice, goes into the policies of those who ask for this witness (C2SP tlog-policy).')
  },
  trust: () => {
    trustLog(needed('home'), JSON.parse(readFileSync(needed('roots'), 'utf8')))
    for (const { origin, keys, quorum } of readLogs(needed('home'))) print(`${origin}: signatures of ${quorum} of ${keys.length} members`)
  },
  run: async () => {
    const home = needed('home')
    const witness = await startWitness({ home, clock: { now: () => Date.now() }, log })
    log('ready', { name: witness.name, port: witness.port })
    const stop = (): void => void witness.stop().then(() => process.exit())
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop)
    // Whoever starts it with this holds a pipe to it, and is gone when that ends.
    if (values['until-input-ends'] === true) process.stdin.on('end', stop).on('error', stop).resume()
  },
  show: () => {
    const home = needed('home')
    const state = openState(home)
    print(policyLine(home, readConfig(home).name.split('/').at(-1) ?? 'witness'))
    for (const { origin } of readLogs(home)) print(state.latest(origin)?.note ?? `${origin}\nnothing cosigned yet\n`)
    const contradictions = state.contradictions()
    print(contradictions.length === 0 ? 'Nothing contradicted it.' : `CONTRADICTED: ${contradictions.length} signed checkpoints of another history:\n`)
    for (const { note } of contradictions) print(note)
    state.close()
    if (contradictions.length > 0) process.exitCode = 3
  },
}

try {
  const run = Object.hasOwn(commands, command) ? commands[command] : undefined
  if (run === undefined || values.help === true) process.stdout.write(help)
  if (run === undefined && values.help !== true) process.exitCode = 2
  else if (values.help !== true) await run?.()
} catch (error) {
  process.stderr.write(MhmdError.isInstance(error) ? `${error.code}: ${error.message}\n  → ${error.remedy}\n` : `${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 2
}

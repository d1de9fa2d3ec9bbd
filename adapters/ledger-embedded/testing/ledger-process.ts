// A ledger as a process of its own, run by rome: for tests that kill it and benches that measure it from outside.
// Argument: JSON settings. Prints `{"port":…}` when it listens; ends on SIGTERM.
import { Engine, ledgerRoutes } from '@mhmd/ledger-embedded'
import { startMemberServer } from '@mhmd/transport-https'
import { sampleMembers } from './sample-members.ts'
import type { SampleTls } from './sample-members.ts'
import type { SampleMember } from '@mhmd/ledger/testing'

export interface LedgerProcessSettings {
  readonly folder: string
  readonly networkId: string
  readonly port: number
  readonly workers: number
  readonly tls: Record<SampleMember, SampleTls>
}

const settings = JSON.parse(process.argv[2] ?? '') as LedgerProcessSettings
const { folder, networkId, port, workers, tls } = settings
const engine = await Engine.open({ folder, networkId, workers, clock: { now: () => Date.now() } })
const members = new Map(sampleMembers.map((member) => [tls[member].pin, member]))
const server = await startMemberServer({
  host: '127.0.0.1', port,
  log: (event, details) => process.stderr.write(`${event} ${JSON.stringify(details ?? {})}\n`),
  tls: () => ({ ...tls.rome.certificate, ca: sampleMembers.map((member) => tls[member].caRoot) }),
  allowList: (pin) => members.get(pin),
  register: (app) => ledgerRoutes(app, engine),
})
process.stdout.write(`${JSON.stringify({ port: server.port })}\n`)
process.on('SIGTERM', () => void server.close().then(() => engine.close()).then(() => process.exit(0)))

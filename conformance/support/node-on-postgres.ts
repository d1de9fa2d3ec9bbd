// A hospital's node on PostgreSQL in a small network: import, enrolment, choices and counts by the command line; killed, started again, the same answers.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { defaultPatients, patientsOf, readBundle, rosters, runCommand, runJson, seedPeople, startNetwork } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { bestQuestion, cohortOf, readRaw } from '../../tests/scenarios/support/share-oracle.ts'
import type { PostgresServer } from './postgres-server.ts'

type Check = (what: string, holds: boolean) => void

const PATIENTS = 40
/** Fewer people than this are never told. */
const THRESHOLD = 10
/** The devnet's profiles that permit the heart institute to count them. */
const permitting = new Set(['open', 'open-but-no-business', 'one-institute', 'open-business-too', 'open-tables', 'rows-for-one-institute'])
export const ROLE = 'rome_node'

export async function nodeOnPostgres(server: PostgresServer, basePort: number, check: Check): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-postgres-node-'))
  const password = await makeDatabase(server, folder)
  const database = `postgres://${ROLE}@127.0.0.1:${server.port}/rome`
  const network = await startNetwork({ folder: join(folder, 'net'), basePort, organisations: rosters.thread, runArguments: { rome: ['--store', 'postgres', '--database', database] } }, (line) => console.log(line))
  try {
    await share(network, { server, database, check })
    check('the password stands in no command line, log or file of the network', !commandLines().includes(password) && !textsBelow(join(folder, 'net')).some((text) => text.includes(password)))
  } finally {
    await network.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A role that may do no more than its own database and the purge need; its password is in the file that PGPASSFILE names. */
async function makeDatabase(server: PostgresServer, folder: string): Promise<string> {
  const password = 'planted-password-58213'
  await server.administer(`CREATE ROLE ${ROLE} LOGIN PASSWORD '${password}'; GRANT pg_checkpoint TO ${ROLE}`)
  await server.administer(`CREATE DATABASE rome OWNER ${ROLE}`)
  await server.administer(`GRANT EXECUTE ON FUNCTION pg_switch_wal() TO ${ROLE}`, 'rome')
  const file = join(folder, 'passwords')
  writeFileSync(file, `127.0.0.1:${server.port}:rome:${ROLE}:${password}\n`, { mode: 0o600 })
  process.env['PGPASSFILE'] = file
  return password
}

async function share(network: DevNetwork, { server, database, check }: { server: PostgresServer; database: string; check: Check }): Promise<void> {
  const data = defaultPatients()
  const files = patientsOf(data, PATIENTS)
  const { citizens } = await seedPeople(network, { patients: files.length, data, citizens: files.length, hospitalsOf: () => ['rome', 'berlin'], say: (line) => console.log(line) })
  const eligible = citizens.filter((citizen) => permitting.has(citizen.profile.name))
  const people = eligible.map((citizen) => readRaw(readBundle(citizen.patient)))
  const question = bestQuestion(people)
  const ask = await asker(network, question)
  const first = await ask()
  const expected = cohortOf(question, people).length
  check(`rome on PostgreSQL counts whom the raw files give (${expected} of ${people.length} permitted)`, first.exact === expected)
  check('her state is in the database and in no file of her folder', !existsSync(join(network.home('rome'), 'data', 'store.db')) && await hasRows(server))

  const second = (args: readonly string[]): Promise<string> => runCommand(['node', 'run', '--home', network.home('rome'), ...args]).then(() => '', String)
  check('a second process on her database is refused', (await second(['--store', 'postgres', '--database', database])).includes('STORE_IN_USE'))
  network.process('rome').kill('SIGKILL')
  await network.process('rome').ended
  check('without her database she does not start', (await second([])).includes('STORE_NOT_YOURS'))
  const withPassword = await second(['--store', 'postgres', '--database', database.replace('@', ':shown@')])
  check('an address with a password is refused and not repeated', withPassword.includes('CLI_BAD_OPTION') && !withPassword.includes('shown'))
  await network.restart('rome')
  const again = await ask()
  check('killed and started again she gives the same answer', JSON.stringify(again) === JSON.stringify(first))

  const her = eligible.find((citizen) => cohortOf(question, [readRaw(readBundle(citizen.patient))]).length === 1)
  await runCommand(['citizen', 'withdraw', '--device', her?.folder ?? '', '--holder', 'rome', '--wait'])
  const third = await ask()
  const fewer = expected - 1 >= THRESHOLD ? third.exact === expected - 1 : JSON.stringify(third.answer).includes('RELEASE_WITHHELD')
  check(`after a withdrawal she counts one fewer, or withholds it where that is fewer than ${THRESHOLD}`, fewer)
}

/** Files the request and has it agreed to; each call asks once more and gives what rome released and what it really counted. */
async function asker(network: DevNetwork, question: object): Promise<() => Promise<{ answer: unknown; exact: number | undefined }>> {
  const institute = network.profile('institute')
  const rome = network.profile('rome')
  const document = join(network.plan.folder, 'request.json')
  writeFileSync(document, JSON.stringify({ holders: ['rome'], class: 'research-organisation', title: 'How common is it?', summary: 'A count.', purpose: 'health-research', categories: ['a'], fhirTypes: ['Condition', 'Patient'], question, days: 30 }))
  const { request } = await runJson<{ request: string }>(['request', 'file', '--profile', institute, '--document', document])
  await until(async () => (await runJson<{ document: { id: string } }[]>(['request', 'inbox', '--profile', rome])).some((row) => row.document.id === request))
  await runCommand(['request', 'answer', '--profile', rome, '--request', request, '--state', 'accepted'])
  const view = (): Promise<{ answers: Record<string, { state: string }>; answered: { ask: string; answer: unknown }[] }> => runJson(['request', 'show', '--profile', institute, '--request', request])
  await until(async () => (await view()).answers['rome']?.state === 'accepted')
  return async () => {
    const { ask } = await runJson<{ ask: string }>(['request', 'ask', '--profile', institute, '--request', request])
    const answered = async (): Promise<{ answer: unknown } | undefined> => (await view()).answered.find((row) => row.ask === ask)
    await until(async () => await answered() !== undefined)
    const releases = await runJson<{ exact: number; request: string }[]>(['release', 'list', '--profile', rome])
    return { answer: (await answered())?.answer, exact: releases.find((row) => row.request === request)?.exact }
  }
}

async function hasRows(server: PostgresServer): Promise<boolean> {
  return server.administer('SELECT 1 / count(*) FROM "t-vault-records"', 'rome').then(() => true, () => false)
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + 60_000
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error('it took more than a minute')
    await delay(200)
  }
}

const commandLines = (): string => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })

const textsBelow = (folder: string): string[] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))

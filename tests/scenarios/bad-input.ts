// Bad input at every port of a running network: each gets a code, a remedy and the right status, nothing dies, nothing is lost, and nothing of it comes out in logs, errors, the ledger or another node.
// Usage: npm run scenario -- bad-input [--patients N] [--keep]
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decisionKey } from '@mhmd/accounts'
import { NOT_ALL, openDevice, readProfile } from '@mhmd/cli'
import { runCommand, runJson } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { badAtLedger, badDecisions } from './support/bad-decisions.ts'
import { badMemberInput, wrongCertificates } from './support/bad-members.ts'
import { badFiles, markedRecord } from './support/bad-records.ts'
import { badBodies, badSignatures, badValues } from './support/bad-requests.ts'
import type { BadInput } from './support/bad-requests.ts'
import { checkTheSearch } from './support/marks-control.ts'
import { newMark, scanFolder, sightingsInText } from './support/marks.ts'
import { option } from './support/on-network.ts'
import { FOREIGN, watchOpenFiles } from './support/open-files.ts'
import type { OpenFiles } from './support/open-files.ts'
import { errorBodies, send } from './support/outside.ts'
import { onSmallNetwork, untilOnLedger } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('bad-input')
const { say, check, finish } = log

async function scenario({ network, folder, seeded }: SmallNetwork): Promise<void> {
  const watch = watchOpenFiles(folder, network.plan.organisations.map(({ id }) => ({ id, pid: () => network.process(id).pid, home: network.home(id) })))
  const pids = network.processes().map((process) => process.pid)
  const mark = newMark()
  const marks = Array.from({ length: 9 }, newMark)
  const [first, second] = seeded.citizens
  if (first === undefined || second === undefined) throw new Error('too few citizens')
  const rome = readProfile(network.profile('rome'))
  for (const { folder: device } of seeded.citizens) await untilOnLedger(openDevice(device))
  const before = await whatIsKnown(network, seeded.citizens.map((citizen) => citizen.folder))

  const doors = {
    rome: network.url('rome'), berlin: network.url('berlin'), institute: network.url('institute'), port: Number(new URL(network.url('rome')).port), mark,
    steward: rome.key, desk: readProfile(join(network.profile('rome'), '..', 'colleague.json')).key, researcher: readProfile(network.profile('institute')).key,
  }
  const people = { rome: doors.rome, berlin: doors.berlin, accounts: network.url('accounts'), she: openDevice(first.folder), he: openDevice(second.folder), mark }
  await checkAll('broken bodies', badBodies(doors), network)
  await checkAll('signatures', badSignatures(doors), network)
  await checkAll('ids, names, numbers and vocabulary', badValues(doors), network)
  await checkAll('decisions of others, of elsewhere, of never', badDecisions(people), network)
  for (const { what, expected, found } of await badAtLedger(people)) check(`on the ledger, ${what}: ${found}`, found === expected)
  await checkAll('members', badMemberInput(network, { networkId: people.she.state.network, mark }), network)
  for (const { what, expected, found } of await wrongCertificates(network)) check(`${what}: ${found}`, expected.test(found))

  await checkFiles(network, { folder, mark, marks })
  const after = await whatIsKnown(network, seeded.citizens.map((citizen) => citizen.folder))
  check(`nothing was lost: ${before.citizens.length} citizens' choices at both hospitals are what they were`, JSON.stringify(after.citizens) === JSON.stringify(before.citizens))
  check(`${after.subjects - before.subjects} people more at rome, those of the good records`, after.subjects === before.subjects + 2)
  check('each of the five processes is the one that was started', network.processes().every((process, at) => process.pid === pids[at] && isAlive(process.pid)))
  checkOpenFiles(watch)
  await network.stop()
  await checkMarks({ network, folder, marks: [mark, ...marks] })
}

/** Each answer with its status, code and remedy, and the node alive after it. */
async function checkAll(topic: string, inputs: readonly BadInput[], network: DevNetwork): Promise<void> {
  say(`${inputs.length} bad inputs: ${topic}`)
  for (const { what, status, code, answer } of inputs) {
    const found = await answer()
    const alive = await Promise.all(['rome', 'berlin', 'institute'].map((id) => send({ url: `${network.url(id)}/people/1/directory` })))
    const isRight = found.status === status && found.code === code && found.remedy.length > 8 && alive.every((one) => one.code === 'MESSAGES_REQUEST_NOT_SIGNED')
    check(`${what}: ${found.status} ${found.code}${isRight ? '' : ` (expected ${status} ${code}) ${found.text.slice(0, 200)}`}`, isRight)
  }
}

/** What the network knows, to be compared: people held at rome, and every citizen's choices and versions at each hospital. */
async function whatIsKnown(network: DevNetwork, folders: readonly string[]): Promise<{ subjects: number; citizens: unknown[] }> {
  const { subjects } = await runJson<{ subjects: number }>(['records', 'status', '--profile', network.profile('rome')])
  const citizens = await Promise.all(folders.flatMap((folder) => ['rome', 'berlin'].map(async (holder) => {
    const { text } = await send({ url: `${network.url(holder)}/people/1/me`, key: decisionKey(openDevice(folder).seed, holder) })
    const { subject, versions, choices } = JSON.parse(text) as { subject: string; versions: unknown; choices: unknown }
    return { subject, versions, choices }
  })))
  return { subjects, citizens }
}

async function checkFiles(network: DevNetwork, { folder, mark, marks }: { folder: string; mark: string; marks: readonly string[] }): Promise<void> {
  const files = badFiles(mark)
  say(`${files.length} bad files of records, imported by the command line`)
  mkdirSync(join(folder, 'files'))
  const nameOf = (at: number): string => `bad-${at}.ndjson`
  for (const [at, file] of files.entries()) writeFileSync(join(folder, 'files', nameOf(at)), file.bytes())
  writeFileSync(join(folder, 'files', 'marked.ndjson'), markedRecord(marks))
  const paths = [...files.map((_, at) => nameOf(at)), 'marked.ndjson'].map((name) => join(folder, 'files', name))
  const reports = await runJson<{ state: string; report: { quarantined: number; added: number; changed: number; unchanged: number } | null }[]>(['records', 'import', '--profile', network.profile('rome'), ...paths], { alsoDone: [NOT_ALL] })
  const quarantine = await runJson<{ source: string; code: string; path: string }[]>(['records', 'quarantine', '--profile', network.profile('rome')])
  for (const [at, { what, codes, good }] of files.entries()) {
    const found = [...new Set(quarantine.filter((row) => row.source === nameOf(at)).map((row) => row.code))]
    const { report, state } = reports[at] ?? { report: null, state: 'missing' }
    const taken = (report?.added ?? 0) + (report?.changed ?? 0) + (report?.unchanged ?? 0)
    check(`${what}: kept out with ${found.join(', ')}, ${taken} good ones taken`, state === 'done' && codes.every((code) => found.includes(code)) && taken === good)
  }
  check('the marked record went in', reports.at(-1)?.report?.added === 2)
  const said = await runCommand(['records', 'import', '--profile', network.profile('rome'), join(folder, 'files', 'none.ndjson')]).catch((error: unknown) => String(error))
  check('a file that is not there: CLI_FILE_MISSING', said.includes('CLI_FILE_MISSING'))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

function checkOpenFiles(watch: OpenFiles): void {
  watch.stop()
  say(`Open files, at ${watch.looks} looks (own data and keys, program, system, sockets, elsewhere)`)
  for (const [id, categories] of watch.seen) {
    say(`  ${id.padEnd(10)} ${[...categories].map(([category, paths]) => `${category}: ${paths.size}`).join(', ')}`)
    const foreign = [...categories.get(FOREIGN) ?? []]
    const elsewhere = [...categories.get('elsewhere') ?? []]
    check(`${id} had nothing of another's folder open, nor of elsewhere${[...foreign, ...elsewhere].length === 0 ? '' : `: ${[...foreign, ...elsewhere].join(' ')}`}`, foreign.length === 0 && elsewhere.length === 0 && (categories.get('own data')?.size ?? 0) > 0)
  }
}

async function checkMarks({ network, folder, marks }: { network: DevNetwork; folder: string; marks: readonly string[] }): Promise<void> {
  await checkTheSearch(log)
  const places = [
    { what: 'the logs', path: join(folder, 'net', 'logs') },
    ...network.plan.organisations.map(({ id }) => ({ what: id === 'ledger' ? 'the ledger' : `the folder of ${id}`, path: network.home(id) })),
  ]
  for (const { what, path } of places) {
    const { sightings, files, bytes, values } = await scanFolder(path, marks)
    const seen = [...new Set(sightings.map(({ form, where }) => `${form} in ${where}`))]
    check(`none of ${marks.length} marks in ${what}, in any form (${files} files, ${bytes} bytes, ${values} values of databases)${seen.length === 0 ? '' : `: ${seen.slice(0, 8).join('; ')}`}`, seen.length === 0 && bytes > 0)
  }
  const inErrors = errorBodies.flatMap((text) => sightingsInText('an error body', text, marks))
  check(`none of ${marks.length} marks in ${errorBodies.length} error bodies`, inErrors.length === 0 && errorBodies.length > 50)
}

await onSmallNetwork('bad-input', { patients: Number(option('--patients') ?? '8'), transcript: log }, scenario)
finish()

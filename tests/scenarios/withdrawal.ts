// Withdrawal over real processes: how soon every door is closed, measured from outside under import load; a recipient that hangs; a ledger that hangs; an erasure.
// Usage: npm run scenario -- withdrawal [--patients N] [--data FOLDER] [--keep]
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultPatients, patientsOf, profileOf, readBundle, rosters, runCommand, runJson, seedPeople } from '@mhmd/devnet'
import type { DevNetwork, SeededCitizen } from '@mhmd/devnet'
import { onNetwork, option, pause, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { acceptedRequest, refusedWith, requestView } from './support/requests.ts'
import type { RequestView } from './support/requests.ts'
import { cohortOf, readRaw } from './support/share-oracle.ts'
import type { ConditionQuestion, RawPatient } from './support/share-oracle.ts'
import { transcript } from './support/transcript.ts'
import { askUntil, doorsOf, measuredWithdrawal, median, summary, usesSeen } from './support/withdrawal-probe.ts'
import type { Measured } from './support/withdrawal-probe.ts'

const data = option('--data') ?? defaultPatients()
const wanted = Number(option('--patients') ?? '56')
const log = transcript('withdrawal')
const { say, check, finish } = log

const WITHDRAWALS = 30
const LIMIT_MILLISECONDS = 5000

interface Release {
  readonly id: string
  readonly considered: number
  readonly recall: { readonly sent: number; readonly answered: number | null; readonly late: boolean } | null
}
interface Statements {
  readonly statements: readonly { readonly document: { readonly statement: { readonly outcome: string; readonly at: number; readonly removed: readonly { readonly what: string }[] } }; readonly recipients: readonly { readonly late: boolean; readonly document: { readonly statement: { readonly outcome: string; readonly at: number } } | null }[] }[]
}

async function main({ network, folder }: OnNetwork): Promise<void> {
  const institute = network.profile('institute')
  const rome = network.profile('rome')
  const files = patientsOf(data, wanted)
  const { citizens } = await seedPeople(network, { patients: files.length, data, citizens: files.length, say, hospitalsOf: () => ['rome'], profileOf: () => profileOf(0) })
  const raw = new Map(files.map((patient) => [patient.identifier.value, readRaw(readBundle(patient))]))
  const rawOf = (citizen: SeededCitizen): RawPatient => raw.get(citizen.patient.identifier.value) as RawPatient
  const question = smallGroup([...raw.values()])
  // Those outside the group first, so that the group stays the same and counts go on being answered.
  const inGroup = (citizen: SeededCitizen): boolean => cohortOf(question, [rawOf(citizen)]).length === 1
  const [slow, erased, blind, ...others] = [...citizens].sort((a, b) => Number(inGroup(a)) - Number(inGroup(b))) as [SeededCitizen, SeededCitizen, SeededCitizen, ...SeededCitizen[]]

  const request = await acceptedRequest({ network, folder }, { holders: ['rome'], title: 'How common is it?', question })
  const view = (): Promise<RequestView> => requestView(network, request)
  await until('the agreement arrives', async () => (await view()).answers['rome']?.state === 'accepted')
  const post = async (): Promise<string> => (await runJson<{ ask: string }>(['request', 'ask', '--profile', institute, '--request', request])).ask
  const answerTo = async (ask: string): Promise<RequestView['answered'][number] | undefined> => (await view()).answered.find((row) => row.ask === ask)
  const releaseOf = async (id: string): Promise<Release | undefined> => (await runJson<Release[]>(['release', 'list', '--profile', rome])).find((row) => row.id === id)
  const statementsOf = async (citizen: SeededCitizen): Promise<Statements> => (await runJson<Statements[]>(['citizen', 'statements', '--device', citizen.folder]))[0] as Statements

  say('— A recipient that hangs')
  const first = await post()
  await until('the count is answered', async () => await answerTo(first) !== undefined)
  const answer = await answerTo(first)
  const release = answer?.manifest.release ?? ''
  check(`the institute holds an answer that considered all ${citizens.length} people`, answer?.answer.released === true && (await releaseOf(release))?.considered === citizens.length)
  const planted = `"release":"${release}","request":`
  check('the answer\'s manifest is in the institute\'s files', holds(network.home('institute'), planted))
  network.process('institute').kill('SIGSTOP')
  const withdrawal = await runJson<{ enforced: string }>(['citizen', 'withdraw', '--device', slow.folder, '--holder', 'rome'])
  check('a withdrawal is in force at once, whatever the recipient does', withdrawal.enforced === 'now')
  await until('the recipient is late', async () => (await releaseOf(release))?.recall?.late === true)
  check('rome\'s list shows the recipient late', (await runCommand(['release', 'list', '--profile', rome])).includes('LATE'))
  check('her statement says that use has stopped, and shows the recipient late', (await statementsOf(slow)).statements.some(({ document: { statement }, recipients }) => statement.outcome === 'stopped' && recipients.some((row) => row.late && row.document === null)))
  const continued = Date.now()
  network.process('institute').kill('SIGCONT')
  await until('the recipient answers by itself', async () => (await releaseOf(release))?.recall?.answered !== null)
  say(`The institute was continued, removed, purged and answered: its statement is at rome ${((await releaseOf(release))?.recall?.answered ?? Infinity) - continued} ms later`)
  const [given] = (await statementsOf(slow)).statements
  check('she holds the institute\'s own statement, signed after it was continued', given?.recipients.some((row) => row.document?.statement.outcome === 'purged' && row.document.statement.at >= continued) === true)
  check('the answer is in the institute\'s list no more', await answerTo(first) === undefined)
  check('nor anywhere in its files, logs and free pages', !holds(network.home('institute'), planted) && !holds(join(network.plan.folder, 'logs'), planted))

  say(`— ${WITHDRAWALS} withdrawals while rome imports and the institute asks`)
  const already = (await runJson<Release[]>(['release', 'list', '--profile', rome])).length
  const load = new AbortController()
  const importing = importUntil({ network, folder }, load.signal, files[0]?.identifier.value ?? '')
  const asking = askUntil(institute, request, load.signal)
  const measured: Promise<Measured>[] = []
  for (const citizen of others.slice(0, WITHDRAWALS)) {
    measured.push((await measuredWithdrawal(citizen.folder, 'rome')).measured)
    await pause(300)
  }
  const results = await Promise.all(measured)
  load.abort()
  const { resources } = await importing
  const asks = await asking
  await pause(1000)
  const lastUses = await Promise.all(results.map(async ({ folder: device, acted }) => Math.max(0, ...(await usesSeen(device, 'rome')).map((use) => use.at - acted))))
  const recalls = await Promise.all(results.map(async ({ folder: device, acted }) => (await usesSeen(device, 'rome')).flatMap((use) => use.recall === null ? [] : [use.recall.sent - acted]).filter((delay) => delay > 0)))
  const left = (await runJson<Release[]>(['release', 'list', '--profile', rome])).length - already
  say(`Meanwhile ${resources} resources were imported, ${asks} counts were asked for and ${left} left`)
  say(`Acknowledged by the hospital: ${summary(results.map((row) => row.acknowledged))}`)
  say(`Her own view shows every request denied: ${summary(results.map((row) => row.viewClosed))}`)
  say(`Last release that still considered her: ${summary(lastUses)} after her act`)
  say(`Valid on the ledger: ${summary(results.map((row) => row.onLedger))}`)
  say(`What timing leaks: her provider's batch follows her act by ${Math.round(median(results.map((row) => row.onLedger)))} ms in the median, ${Math.round(Math.min(...results.map((row) => row.onLedger)))} at least; a recall of a release she was in, by her act or another's, follows by ${Math.round(median(recalls.flat()))} ms in the median; decisions a batch: ${batchSizes(network)}`)
  check(`${results.length} withdrawals: every door of the hospital closed within ${LIMIT_MILLISECONDS} ms, at worst`, results.length >= WITHDRAWALS && Math.max(...results.map((row) => row.viewClosed), ...lastUses) <= LIMIT_MILLISECONDS)
  check('and on the ledger within the same', Math.max(...results.map((row) => row.onLedger)) <= LIMIT_MILLISECONDS)
  check('no release left after the hospital had acknowledged', results.every((row, at) => (lastUses[at] ?? Infinity) <= row.acknowledged))
  check('resources were imported and counts asked for all the while', resources > 0 && asks >= 10)

  say('— A ledger that hangs')
  const stopped = Date.now()
  network.process('ledger').kill('SIGSTOP')
  await until('rome has noticed', async () => await doorsOf(blind.folder, 'rome') === 'closed: NODE_BLIND')
  say(`rome closed its doors ${Date.now() - stopped} ms after the ledger stopped`)
  await refusedWith(log, { code: 'NODE_BLIND', what: 'its steward can decide on nothing', args: ['request', 'answer', '--profile', rome, '--request', request, '--state', 'accepted'] })
  const before = (await runJson<Release[]>(['release', 'list', '--profile', rome])).length
  const taken = await runJson<{ enforced: string; sent: { holder: boolean } }>(['citizen', 'withdraw', '--device', blind.folder, '--holder', 'rome'])
  check('a withdrawal is taken and in force even then', taken.enforced === 'now' && taken.sent.holder)
  const asked = await post()
  await pause(Math.max(0, stopped + 11_000 - Date.now()))
  check('nothing has left while it was blind', await answerTo(asked) === undefined && (await runJson<Release[]>(['release', 'list', '--profile', rome])).length === before)
  network.process('ledger').kill('SIGCONT')
  const sighted = Date.now()
  await until('the doors are open', async () => await doorsOf(blind.folder, 'rome') === 'open')
  say(`and opened them ${Date.now() - sighted} ms after it went on`)
  await until('the count that waited is answered', async () => await answerTo(asked) !== undefined)
  check('the count that waited is answered, without her', (await usesSeen(blind.folder, 'rome')).every((use) => use.at < stopped))

  say('— An erasure')
  await runCommand(['citizen', 'erase', '--device', erased.folder, '--holder', 'rome', '--yes'])
  await until('the erasure is stated', async () => (await statementsOf(erased)).statements.some(({ document: { statement } }) => statement.outcome === 'purged'))
  const purged = (await statementsOf(erased)).statements.find(({ document: { statement } }) => statement.outcome === 'purged')?.document.statement
  check('the statement names what was removed: records, facts, signed decisions, and the log of who read them', JSON.stringify(purged?.removed.map(({ what }) => what).sort()) === JSON.stringify(['access-log', 'facts', 'records', 'signed-decisions']))
  check('rome holds one person less', (await runJson<{ subjects: number }>(['records', 'status', '--profile', rome])).subjects === citizens.length - 1)
  const shown = await runCommand(['citizen', 'show', '--device', erased.folder])
  check('her command line says that her data there are erased, and of no choice or use', shown.includes('At rome: your data were erased') && !/At rome: you permit|has used your record/.test(shown))
  await until('every recipient has answered', async () => (await runJson<Release[]>(['release', 'list', '--profile', rome])).every((row) => row.recall === null || row.recall.answered !== null))
  const marks = [...namesOf(erased), ...namesOf(slow)]
  check(`names and identifiers of those who left (${marks.length}) are in no file of the institute, the ledger, the provider or the logs`, ['institute', 'ledger', 'accounts'].every((id) => marks.every((mark) => !holds(network.home(id), mark))) && marks.every((mark) => !holds(join(network.plan.folder, 'logs'), mark)))
  check('nor of the hospital, where everything is sealed', marks.every((mark) => !holds(network.home('rome'), mark)))
}

/** A condition that about twelve people have, so that the group can be counted and enough others can leave. */
function smallGroup(people: readonly RawPatient[]): ConditionQuestion {
  const names = [...new Set(people.flatMap((person) => [...person.conditions]))].sort()
  const distance = (name: string): number => {
    const having = people.filter((person) => person.conditions.has(name)).length
    return having < 10 ? Infinity : Math.abs(having - 12)
  }
  const [system = '', code = ''] = names.reduce((best, name) => (distance(name) < distance(best) ? name : best)).split('|')
  return { all: [{ type: 'condition', code: { system, code } }] }
}

/** New observations of one patient, file after file, imported as a steward would, until aborted. */
async function importUntil({ network, folder }: OnNetwork, signal: AbortSignal, patient: string): Promise<{ resources: number }> {
  const rows = 5000
  let resources = 0
  for (let round = 0; !signal.aborted; round++) {
    const file = join(folder, 'load.ndjson')
    writeFileSync(file, Array.from({ length: rows }, (_, index) => `${JSON.stringify({ resourceType: 'Observation', id: `load-${round}-${index}`, status: 'final', subject: { reference: `Patient/${patient}` }, code: { text: 'load' }, valueInteger: index })}\n`).join(''))
    await runCommand(['records', 'import', '--profile', network.profile('rome'), file])
    resources += rows
  }
  return { resources }
}

/** From the provider's own log: how many decisions each batch carried, once seeding was over. */
function batchSizes(network: DevNetwork): string {
  const sizes = readFileSync(join(network.plan.folder, 'logs', 'accounts.log'), 'utf8').split('\n').filter((line) => line.includes('"decisions-sent"')).map((line) => (JSON.parse(line) as { count: number }).count).slice(-WITHDRAWALS)
  return `median ${median(sizes)}, most ${Math.max(...sizes)}`
}

/** Family name and identifiers of a patient's bundle, as they stand in it. */
function namesOf({ patient }: SeededCitizen): string[] {
  const found = readBundle(patient).entry.map((entry) => entry.resource as { resourceType: string; name?: { family?: string }[]; identifier?: { value?: string }[] }).find((resource) => resource.resourceType === 'Patient')
  return (found?.name ?? []).flatMap((name) => name.family ?? []).concat((found?.identifier ?? []).flatMap((identifier) => identifier.value ?? [])).filter((mark) => mark.length >= 6)
}

/** Whether any file below the folder holds the text, raw. */
function holds(at: string, text: string): boolean {
  return readdirSync(at, { recursive: true, withFileTypes: true }).some((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(text))
}

const members = rosters.thread.filter((organisation) => organisation.id !== 'berlin').map((organisation) => ({ ...organisation, founder: true }))
const stopsFor = ['--blind-after', '5', '--mix', '2000', '--late-after', '4']
await onNetwork('withdrawal', {
  transcript: log, organisations: members, runArguments: { rome: stopsFor },
  atEnd: (network) => { for (const process of network.processes()) process.kill('SIGCONT') },
}, main)
finish()

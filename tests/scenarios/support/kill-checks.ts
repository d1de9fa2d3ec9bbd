// After the last kill: everything that a client was told happened is there, once, for everyone who may see it.
import { openDevice } from '@mhmd/cli'
import { status, wholeList } from '@mhmd/client'
import { homePaths } from '@mhmd/node/home'
import type { DevNetwork, SeededCitizen } from '@mhmd/devnet'
import type { Journal } from './kill-journal.ts'
import { importText, staffOf } from './kill-clients.ts'
import type { ImportedFile } from './kill-clients.ts'
import { readLedger } from './kill-ledger.ts'
import type { Transcript } from './transcript.ts'

const holders = ['rome', 'berlin'] as const
const nodes = ['rome', 'berlin', 'institute', 'accounts'] as const

interface Release {
  readonly id: string
  readonly ask: string
  /** Somebody it considered withdrew since: the institute was told to remove the figure, and said that it did. */
  readonly recall: { readonly answered: number | null } | null
}

interface RequestShown {
  readonly answered: readonly { readonly ask: string; readonly holder: string; readonly answer: { readonly released: boolean; readonly code?: string } }[]
}

export interface Quiet {
  readonly height: number
  readonly milliseconds: number
}

interface AfterRun {
  readonly network: DevNetwork
  readonly journal: Journal
  readonly request: string
}

/** Waits until nobody has anything left to do: equal heights, empty outboxes, every ask answered, every decision on the ledger. Throws after the patience, naming what is left. */
export async function quiet({ network, journal, request }: AfterRun, citizens: readonly SeededCitizen[], patienceMilliseconds: number): Promise<Quiet> {
  const began = performance.now()
  for (;;) {
    const left = await unfinished({ network, journal, request }, citizens).catch((error: unknown) => [String(error)])
    if (typeof left === 'number') return { height: left, milliseconds: performance.now() - began }
    if (performance.now() - began > patienceMilliseconds) throw new Error(`not quiet after ${Math.round(patienceMilliseconds / 1000)} s: ${left.join('; ')}`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

/** What became of each asking of each holder, by ask and holder: how often it was answered, in which way. */
async function fatesOf(network: DevNetwork, { asks, request }: { asks: readonly string[]; request: string }): Promise<Map<string, string>> {
  const { answered } = await staffOf(network, 'institute').get<RequestShown>(`/staff/1/requests/${request}`)
  const fates = new Map<string, string>()
  for (const holder of holders) {
    const releases = await wholeList<Release>(staffOf(network, holder), '/staff/1/releases', { name: 'releases' })
    for (const ask of asks) {
      const kept = answered.filter((row) => row.ask === ask && row.holder === holder).map((row) => row.answer.released ? 'figure' : 'withheld')
      const calledBack = releases.filter((row) => row.ask === ask && row.recall !== null && row.recall.answered !== null).map(() => 'figure called back')
      fates.set(`${ask} ${holder}`, [...kept, ...calledBack].join(' and ') || 'none')
    }
  }
  return fates
}

/** The common height where nothing is left, else what is. */
async function unfinished({ network, journal, request }: AfterRun, citizens: readonly SeededCitizen[]): Promise<number | string[]> {
  const left: string[] = []
  const states = await Promise.all(nodes.map((node) => staffOf(network, node).get<{ height: number; pendingLedgerEffects: number }>('/staff/1/status')))
  if (new Set(states.map((state) => state.height)).size > 1) left.push(`heights ${states.map((state) => state.height).join(', ')}`)
  if (states.some((state) => state.pendingLedgerEffects > 0)) left.push('effects on their way to the ledger')
  const fates = [...(await fatesOf(network, { asks: journal.acknowledged('ask').map((entry) => entry.id), request })).values()]
  if (fates.includes('none')) left.push(`${fates.filter((fate) => fate === 'none').length} answers of ${fates.length}`)
  for (const holder of holders) {
    const jobs = await wholeList<{ state: string }>(staffOf(network, holder), '/staff/1/jobs', { name: 'jobs' })
    if (jobs.some((job) => job.state === 'waiting')) left.push(`jobs at ${holder}`)
  }
  let behind = 0
  for (const citizen of citizens) {
    const device = openDevice(citizen.folder)
    for (const { holder, versions } of device.state.links) {
      const { view } = await status(device, { holder })
      if (view.versions.consent !== versions.consent || view.versions['opt-out'] !== versions['opt-out']) behind++
    }
  }
  if (behind > 0) left.push(`${behind} links whose newest decisions the ledger doesn't show`)
  return left.length === 0 ? states[0]?.height ?? 0 : left
}

/** What can be seen through the interfaces, while everything is up. */
export async function checkInterfaces(parts: AfterRun, { citizens, files, subjectsBefore, check }: { citizens: readonly SeededCitizen[]; files: readonly ImportedFile[]; subjectsBefore: ReadonlyMap<string, number> } & Pick<Transcript, 'check'>): Promise<void> {
  await checkChoices(citizens, check)
  await checkImports(parts, { files, subjectsBefore, check })
  await checkRequests(parts, check)
}

async function checkChoices(citizens: readonly SeededCitizen[], check: Transcript['check']): Promise<void> {
  let links = 0
  const wrong: string[] = []
  for (const citizen of citizens) {
    const device = openDevice(citizen.folder)
    for (const { holder, versions } of device.state.links) {
      links++
      const { view } = await status(device, { holder })
      const choices = view.choices as { basis: string; version?: number; state: string; record?: string }[]
      for (const kind of ['consent', 'opt-out'] as const) {
        const last = device.state.decisions.filter((decision) => decision.kind === kind && decision.statement.holder === holder).sort((a, b) => a.statement.version - b.statement.version).at(-1)
        const shown = choices.find((choice) => choice.basis === kind)
        const expected = last === undefined ? 'none' : `${last.statement.operation === 'set' ? 'active' : 'withdrawn'} ${versions[kind]} held`
        const found = shown === undefined ? 'none' : `${shown.state} ${shown.version ?? 0} ${shown.record ?? ''}`
        if (found !== expected) wrong.push(`${kind} at ${holder}: ${found}, not ${expected}`)
      }
    }
  }
  check(`each holder shows every citizen her newest choices, with her signed records (${links} links${wrong.length === 0 ? '' : `; ${wrong.slice(0, 5).join('; ')}`})`, wrong.length === 0 && links > 0)
}

async function checkImports({ network, journal }: AfterRun, { files, subjectsBefore, check }: { files: readonly ImportedFile[]; subjectsBefore: ReadonlyMap<string, number> } & Pick<Transcript, 'check'>): Promise<void> {
  for (const hospital of holders) {
    const mine = files.filter((file) => file.hospital === hospital)
    const { subjects } = await staffOf(network, hospital).get<{ subjects: number }>('/staff/1/records')
    check(`${hospital} holds each imported patient once (${mine.length} files)`, subjects === (subjectsBefore.get(hospital) ?? 0) + mine.length)
    // All files at once, a second time: what is held already is unchanged.
    const resources = mine.reduce((sum, file) => sum + file.resources, 0)
    const { report } = await importText(network, hospital, { text: mine.map((file) => file.text).join(''), journal })
    check(`${hospital} holds every resource of an acknowledged import: imported again, all ${resources} are unchanged`, report.read === resources && report.unchanged === resources)
  }
}

async function checkRequests({ network, journal, request }: AfterRun, check: Transcript['check']): Promise<void> {
  const institute = staffOf(network, 'institute')
  const asks = journal.acknowledged('ask').map((entry) => entry.id)
  const fates = [...(await fatesOf(network, { asks, request })).values()]
  const often = (fate: string): number => fates.filter((one) => one === fate).length
  const wrong = fates.filter((fate) => !['figure', 'withheld', 'figure called back'].includes(fate))
  check(`every ask was answered exactly once by each holder (${asks.length} asks: ${often('figure')} figures, ${often('figure called back')} figures called back since, ${often('withheld')} withheld${wrong.length === 0 ? '' : `; ${wrong.length} wrong: ${wrong[0]}`})`, asks.length > 0 && wrong.length === 0)
  check('some of the answers gave a figure', often('figure') + often('figure called back') > 0)
  const filed = journal.acknowledged('request').map((entry) => entry.id).sort()
  const requests = await wholeList<{ request: string }>(institute, '/staff/1/requests', { name: 'requests' })
  check(`the institute keeps each filed request once (${filed.length})`, JSON.stringify(requests.map((row) => row.request).sort()) === JSON.stringify(filed))
  for (const holder of holders) {
    const received = await wholeList<{ document: { id: string } }>(staffOf(network, holder), '/staff/1/inbox', { name: 'requests' })
    check(`${holder} received each filed request once`, JSON.stringify(received.map((row) => row.document.id).sort()) === JSON.stringify(filed))
    const releases = await wholeList<Release>(staffOf(network, holder), '/staff/1/releases', { name: 'releases' })
    check(`${holder} released at most once for an ask (${releases.length})`, new Set(releases.map((row) => row.ask)).size === releases.length)
  }
}

/** What the ledger's folder holds once everything has stopped. Gives the releases' ids for the caller's own comparison. */
export async function checkLedger({ network, journal }: AfterRun, { citizens, releases, networkId, check }: { citizens: readonly SeededCitizen[]; releases: readonly string[]; networkId: string } & Pick<Transcript, 'check'>): Promise<void> {
  const told = await readLedger(homePaths(network.home('ledger')).ledger, networkId)
  check(`the ledger replays from genesis without a finding (height ${told.height})${told.problems.length === 0 ? '' : `: ${told.problems.slice(0, 3).join('; ')}`}`, told.problems.length === 0)
  const decisions = journal.acknowledged('decision').map((entry) => entry.id)
  const notOnce = decisions.filter((id) => told.effects.get(id) !== 1)
  check(`every acknowledged decision took effect on the ledger exactly once (${decisions.length}${notOnce.length === 0 ? '' : `; ${notOnce.length} did not`})`, decisions.length > 0 && notOnce.length === 0)
  check('no operation took effect twice', [...told.effects.values()].every((times) => times === 1))
  const filed = journal.acknowledged('request').map((entry) => entry.id)
  check(`every acknowledged request was filed exactly once, and no other (${filed.length})`, told.filed.size === filed.length && filed.every((id) => told.filed.get(id) === 1))
  check(`every release is recorded exactly once, and no other (${releases.length})`, told.released.size === releases.length && releases.every((id) => told.released.get(id) === 1))
  const wrong = citizens.flatMap((citizen) => openDevice(citizen.folder).state.links.flatMap(({ holder, subject, versions }) =>
    (['consent', 'opt-out'] as const).filter((kind) => (told.versions.get(`${kind} ${holder} ${subject}`)?.version ?? 0) !== versions[kind])))
  check('the ledger\'s newest versions are those that the devices signed', wrong.length === 0)
}

export async function releasesOf(network: DevNetwork): Promise<string[]> {
  const lists = await Promise.all(holders.map((holder) => wholeList<Release>(staffOf(network, holder), '/staff/1/releases', { name: 'releases' })))
  return lists.flat().map((release) => release.id)
}

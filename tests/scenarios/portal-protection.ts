// A steward protects a table at her pages in a real browser: she decides roles, how a column is made coarser and what a policy asks, sees what comes of it, has alternatives tried at the node, chooses from the frontier by keyboard,
// sees who pays, compares two and approves one; on a phone she looks at the same by touch. The approved policy is checked by the command line of the same holder, and the job she saves gives its figures over the view's table.
// Then the node is killed in the middle of a long search, which goes on and ends as one that nobody disturbed; another is called off.
// Usage: npm run scenario -- portal-protection [--pictures FOLDER] [--keep]
// Debian packages: chromium
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultPatients, patientsOf, readBundle, runJson } from '@mhmd/devnet'
import { buildPages } from '@mhmd/portal'
import { professional as english } from '@mhmd/portal/professional-en'
import { professional as italian } from '@mhmd/portal/professional-it'
import type { Dataset } from '@mhmd/schema'
import { atDesk, filled, inBrowser, onPhone } from './support/browser.ts'
import type { Person } from './support/browser.ts'
import { onNetwork, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { enter, invitation, staffOf } from './support/staff-steps.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('portal-protection')
const { check, finish } = log
type Words = typeof italian

const PATIENTS = 30

interface Alternative { readonly name: string; readonly policy: Dataset['policy']; readonly axes: { readonly loss: number }; readonly suppressedRows: number; readonly job: { readonly columns: Readonly<Record<string, object>> }; readonly sample: { readonly averageRisk: number }; readonly levels: object }
interface Protection { readonly state: string; readonly done: number; readonly total: number; readonly undominated: Readonly<Record<string, readonly string[]>>; readonly alternatives: readonly { readonly name: string }[] }

/** Records at rome, and a draft of their demographics. */
async function prepared({ network, folder }: OnNetwork): Promise<string> {
  const records = join(folder, 'records')
  mkdirSync(records)
  const files = patientsOf(defaultPatients(), PATIENTS).map((patient, at) => {
    const file = join(records, `${at}.json`)
    writeFileSync(file, JSON.stringify(readBundle(patient)))
    return file
  })
  await runJson(['records', 'import', '--profile', network.profile('rome'), ...files])
  const { id } = await runJson<{ id: string }>(['dataset', 'draft', '--profile', network.profile('rome'), '--view', 'demographics', '--out', join(folder, 'document.json'), '--take-suggestions'])
  return id
}

/** On the draft's page: a column's levels and weight, a hierarchy of her own, and a policy whose gate demands more than its models. */
async function decides(person: Person, words: Words): Promise<void> {
  const { coarser, policy, draft } = words
  const inputOf = (label: string): Promise<string> => person.page.getByLabel(label, { exact: true }).inputValue()
  await person.press(draft.takeAll)
  await person.press(`${coarser.open} (birth_date)`)
  await person.sees(filled(coarser.previewOf, { column: 'birth_date' }))
  await person.mark(words.hierarchy.units.century)
  await person.pick(filled(coarser.least, { column: 'birth_date' }), filled(coarser.level, { level: 1 }))
  await person.write(filled(coarser.weight, { column: 'birth_date' }), '2')
  await person.judges('hierarchy')
  await person.press(`${coarser.close} (birth_date)`)
  await person.press(`${coarser.open} (sex)`)
  await person.pick(filled(draft.coarserOf, { column: 'sex' }), coarser.ways.rows)
  await person.write(coarser.written, 'female;anybody;*\nmale;*')
  await person.press(coarser.check)
  await person.sees('HIERARCHY_RAGGED')
  await person.write(coarser.written, 'female;anybody;*')
  await person.press(coarser.check)
  await person.sees(filled(coarser.lackingNamed, { values: 'male' }))
  await person.write(coarser.written, 'female;anybody;*\nmale;anybody;*')
  await person.press(coarser.check)
  await person.sees(filled(words.hierarchy.rows, { count: 2 }))
  await person.press(`${coarser.close} (sex)`)
  await person.write(draft.k, '11')
  check('classes of eleven set the highest risk by themselves', await inputOf(draft.highest) === '9.091')
  await person.write(draft.average, '4')
  await person.sees(policy.unreached)
  await person.press(policy.mend)
  await person.sees(policy.reached)
  await person.sees(filled(words.models.says['average-risk'], { threshold: 4 }))
  await person.judges('policy')
  await person.press(`${policy.remove} (${words.models.names['average-risk']})`)
  await person.mark(filled(policy.preset.agreement, { k: 5 }))
  check('what is usual for a named recipient sets classes of five, and an average that asks no more', await inputOf(draft.k) === '5' && await inputOf(draft.average) === '20')
  await person.write(draft.suppression, '30')
  // On a busy machine the newest measurement may take its time.
  await person.page.getByText(filled(policy.estimateOf_other, { count: PATIENTS })).waitFor({ timeout: 120_000 })
  await person.write(draft.scenario, 'A neighbour who knows sex and birthday.')
  await person.page.getByText(draft.saved).waitFor()
  await person.page.waitForTimeout(1500)
  await person.page.getByText(draft.saved).waitFor()
  await person.press(words.datasets.protection)
}

async function looks(person: Person, words: Words, title: string): Promise<void> {
  await person.arrives(title)
  await person.sees(words.protection.estimate)
  await person.pick(words.protection.kind, words.protection.kinds.genome)
  await person.sees(words.protection.reasons.genome)
  await person.pick(words.protection.kind, words.protection.kinds.table)
  await person.sees(words.protection.search)
}

async function chooses({ network }: OnNetwork, { person, words, draft }: { person: Person; words: Words; draft: string }): Promise<string> {
  const steward = staffOf(network, 'rome')
  const found = (): Promise<Protection> => steward.get<Protection>(`/staff/1/datasets/drafts/${draft}/protection`)
  await person.press(words.protection.start)
  await until('the search is over', async () => ['done', 'failed'].includes((await found()).state), 180)
  const { state, done, total, undominated, alternatives } = await found()
  check('every alternative was tried, and some beat the others', state === 'done' && done === total && total >= 12 && alternatives.length > 0)
  await person.sees(words.protection.frontier)
  const [least = ''] = undominated['highestRisk/loss'] ?? []
  const other = alternatives.find(({ name }) => name !== least)?.name ?? ''
  await person.press(filled(words.protection.choose, { name: least }))
  await person.sees(words.protection.attributes)
  const [dot, button] = [await person.page.locator('.frontier circle[r="7"]').boundingBox(), await person.page.locator('.frontier .point[aria-pressed="true"]').boundingBox()]
  const middles = [dot, button].map((box) => box === null ? Number.NaN : box.x + box.width / 2)
  check('the button of an alternative stands on its dot', Math.abs((middles[0] ?? Number.NaN) - (middles[1] ?? 0)) < 3)
  await person.pick(words.protection.compareWith, other)
  await person.sees(filled(words.protection.compared, { name: other }))
  await person.judges('frontier')
  check('what she looks at stands in the address', person.page.url().includes(`point=${least}`) && person.page.url().includes(`with=${other}`))
  await person.press(words.protection.approve)
  await person.sees(words.protection.approved)
  return least
}

/** Opens what lies folded, by keyboard. */
async function unfolds(person: Person, name: string): Promise<void> {
  for (let tab = 0; tab < 200; tab++) {
    if (await person.page.evaluate<string>(`document.activeElement?.matches('summary') ? document.activeElement.textContent : ''`) === name) return person.page.keyboard.press('Enter')
    await person.page.keyboard.press('Tab')
  }
  throw new Error(`no Tab stops at “${name}”`)
}

/** Her browser keeps the job with its hierarchies; gives the file's place. */
async function saves(person: Person, words: Words, folder: string): Promise<string> {
  await unfolds(person, words.protection.job)
  const download = person.page.waitForEvent('download')
  await person.press(words.protection.jobSave)
  const place = join(folder, 'saved.tar')
  await (await download).saveAs(place)
  return place
}

/** While the node is killed, the open page says that it does not answer; once it is back, no more. */
async function away({ network }: OnNetwork, person: Person): Promise<void> {
  network.process('rome').kill('SIGKILL')
  await network.process('rome').ended
  await person.sees(italian.lost)
  await person.judges('a node that is away')
  check('that what stands there is old is said once, not by each part of the page', await person.page.getByText(italian.stale).count() <= 1)
  await network.restart('rome')
  await person.page.locator('main').getByText(italian.lost).waitFor({ state: 'detached' })
  check('a page says that its node is away, and no more once it is back', true)
}

/** The next version of what was offered: why nothing is tried yet, and the one press after which it is. */
async function goesOn({ network }: OnNetwork, { person, words, draft }: { person: Person; words: Words; draft: string }): Promise<void> {
  const steward = staffOf(network, 'rome')
  const { document } = await steward.get<{ document: Dataset }>(`/staff/1/datasets/drafts/${draft}`)
  const { dataset } = await steward.post<{ dataset: string }>('/staff/1/datasets', { ...document, title: 'Offered', scenario: { ...document.scenario, text: 'A neighbour.' } })
  await person.page.goto(person.page.url().replace(/datasets\/.*$/, `datasets/${dataset}/protection`))
  await person.press(words.protection.makeDraft)
  await person.page.getByText(words.protection.keepFirst).waitFor({ timeout: 60_000 })
  await person.judges('decisions of the version before')
  await person.press(words.protection.keep)
  await person.sees(words.protection.start)
  check('a next version says why nothing is tried yet, and one press is enough', true)
}

/** A node killed in the middle of a long search goes on when it is back, and ends as an undisturbed one does; a search that is called off ends at once and is gone on with. */
async function survives({ network }: OnNetwork, draft: string): Promise<void> {
  const steward = staffOf(network, 'rome')
  const path = `/staff/1/datasets/drafts/${draft}/protection`
  const found = (): Promise<Protection> => steward.get<Protection>(path)
  const grid = { ks: Array.from({ length: 12 }, (_, step) => step + 3), diversities: [], closenesses: [], suppressionLimits: Array.from({ length: 12 }, (_, step) => step / 12) }
  const over = async (): Promise<Protection> => {
    await until('the search is over', async () => (await found()).state !== 'waiting', 240)
    return found()
  }
  const told = ({ alternatives }: Protection): string => JSON.stringify(alternatives.toSorted((a, b) => a.name < b.name ? -1 : 1))
  await steward.post(path, { grid })
  await until('some were tried', async () => (await found()).done >= 3)
  network.process('rome').kill('SIGKILL')
  await network.process('rome').ended
  await network.restart('rome')
  const back = await found()
  check(`a node killed after ${back.done} of ${back.total} alternatives has them still`, back.done >= 3 && back.done < back.total)
  const killed = await over()
  check('the search goes on by itself when the node is back, to its end', killed.state === 'done' && killed.done === killed.total)
  await steward.post(path, { grid })
  const undisturbed = await over()
  check('it gives what an undisturbed search gives', undisturbed.state === 'done' && told(undisturbed) === told(killed))
  const { job } = await steward.post<{ job: string }>(path, { grid })
  await until('some were tried', async () => (await found()).done >= 2)
  await steward.delete(`/staff/1/jobs/${job}`)
  const stopped = await over()
  check('called off, it ends and keeps what it found', stopped.state === 'cancelled' && stopped.done >= 2 && stopped.done < stopped.total)
  await steward.post(path, { resume: true })
  const resumed = await over()
  check('gone on with, it gives the same', resumed.state === 'done' && told(resumed) === told(killed))
}

/** By the command line of the same holder: the policy of the draft, and the figures that the saved job gives over the view's table. */
async function checked({ network, folder }: OnNetwork, { draft, name, saved }: { draft: string; name: string; saved: string }): Promise<void> {
  const steward = staffOf(network, 'rome')
  const { document } = await steward.get<{ document: Dataset }>(`/staff/1/datasets/drafts/${draft}`)
  const one = await steward.get<Alternative>(`/staff/1/datasets/drafts/${draft}/protection/${name}`)
  check('the approved alternative is the draft\'s policy', JSON.stringify(document.policy) === JSON.stringify(one.policy))
  const births = document.columns.find(({ name: column }) => column === 'birth_date')
  check('her least level, weight and hierarchy are the dataset\'s', births?.minLevel === 1 && births.weight === 2 && JSON.stringify(document.columns.find(({ name: column }) => column === 'sex')?.hierarchy) === JSON.stringify({ rows: [['female', 'anybody', '*'], ['male', 'anybody', '*']] }))
  execFileSync('tar', ['xf', saved], { cwd: folder })
  await runJson(['view', 'run', 'demographics', ...readdirSync(join(folder, 'records')).map((file) => join(folder, 'records', file)), '--out', join(folder, 'table.csv')])
  await runJson(['dataset', 'job', '--profile', network.profile('rome'), '--draft', draft, '--alternative', name, '--out', join(folder, 'by-command')])
  const files = readdirSync(join(folder, 'by-command'))
  check('what she saved is what the command line gives, file for file', files.length > 1 && files.every((file) => file === 'job.json' ? JSON.stringify(JSON.parse(readFileSync(join(folder, file), 'utf8'))) === JSON.stringify(one.job) : readFileSync(join(folder, file), 'utf8') === readFileSync(join(folder, 'by-command', file), 'utf8')))
  await runJson(['deid', 'run', '--config', join(folder, 'job.json'), '--measure', '--output', join(folder, 'released.csv'), '--report', join(folder, 'report.json')])
  const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as { suppressedRows: number; levels: object; measured: { risk: { sample: { averageRisk: number } }; utility: { whole: { loss: number } } } }
  const digits = (values: readonly unknown[]): string => JSON.stringify(values, (_, leaf: unknown) => typeof leaf === 'number' ? leaf.toPrecision(6) : leaf)
  check('its job gives the stated figures to six digits, by the command line', digits([report.suppressedRows, report.levels, report.measured.risk.sample.averageRisk, report.measured.utility.whole.loss]) === digits([one.suppressedRows, one.levels, one.sample.averageRisk, one.axes.loss]))
  const { ok } = await runJson<{ ok: boolean }>(['deid', 'check', '--config', join(folder, 'job.json'), '--output', join(folder, 'released.csv')])
  check('mhmd deid check finds the release to be what its job promises', ok)
}

async function walk(at: OnNetwork): Promise<void> {
  const { network } = at
  const draft = await prepared(at)
  const address = (person: Person): string => `${new URL(person.page.url()).origin}/pro/steward/datasets/${draft}/protection`
  await inBrowser(log, async (arrive) => {
    const title = (words: Words): string => filled(words.protection.title, { title: 'Demographics' })
    const desk = await arrive(atDesk)
    await enter(desk, english, { link: await invitation(network, 'rome', ['steward']), check })
    await desk.arrives(english.pages.steward.requests)
    const shown = (await staffOf(network, 'rome').get<{ title: string | null; resource: string }>(`/staff/1/datasets/drafts/${draft}`))
    await desk.page.goto(address(desk).replace(`${draft}/protection`, `drafts/${draft}`))
    await desk.arrives(filled(english.draft.title, { title: shown.title ?? shown.resource }))
    await decides(desk, english)
    await looks(desk, english, title(english).replace('Demographics', shown.title ?? shown.resource))
    const name = await chooses(at, { person: desk, words: english, draft })
    await checked(at, { draft, name, saved: await saves(desk, english, at.folder) })
    await desk.close()
    const phone = await arrive(onPhone)
    await enter(phone, italian, { link: await invitation(network, 'rome', ['steward']), check })
    await phone.arrives(italian.pages.steward.requests)
    await phone.page.goto(`${address(phone)}?point=${name}`)
    await phone.sees(filled(italian.protection.chosen, { name }))
    await phone.sees(italian.protection.approved)
    await phone.judges('frontier')
    await away(at, phone)
    await goesOn(at, { person: phone, words: italian, draft })
    await phone.close()
  })
  await survives(at, draft)
}

await buildPages()
await onNetwork('protection', { transcript: log }, walk)
finish()

// Staff at their pages in a real browser: a steward imports, decides and sees what left; a researcher asks and reads the answers; an auditor checks a proof in the
// browser; an operator looks after the node. By keyboard at a desk and by touch at 390 px; each act is checked from another node by the command line.
// Usage: npm run scenario -- portal-professional [--pictures FOLDER] [--keep]
// Debian packages: chromium
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readProfile } from '@mhmd/cli'
import { peopleClient } from '@mhmd/client'
import { patientsOf, profileOf, readBundle, rosters, runJson, seedPeople, startNetwork } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { buildPages } from '@mhmd/portal'
import { professional as english } from '@mhmd/portal/professional-en'
import { professional as italian } from '@mhmd/portal/professional-it'
import { openBrowser, personAt } from './support/browser.ts'
import type { Person } from './support/browser.ts'
import { bestQuestion, readRaw } from './support/share-oracle.ts'
import { transcript } from './support/transcript.ts'

const option = (name: string): string | undefined => process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined
const folder = mkdtempSync(join(tmpdir(), 'mhmd-staff-'))
const pictures = option('--pictures')
const data = new URL('../../apps/devnet/seed', import.meta.url).pathname
const { say, check, finish } = transcript('portal-professional')
type Words = typeof italian

const PATIENTS = 30
const filled = (text: string, values: Readonly<Record<string, string | number>>): string => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]))

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + 60_000
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`it took more than a minute until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

interface RequestView {
  readonly answers: Readonly<Record<string, { readonly state: string }>>
  readonly answered: readonly { readonly holder: string; readonly answer: { readonly released: boolean; readonly count?: number } }[]
}

/** An invitation by the administrator's ordinary call. */
async function invitation(network: DevNetwork, member: string, roles: readonly string[]): Promise<string> {
  const { node, key } = readProfile(network.profile(member))
  const admin = peopleClient({ baseUrl: node, key, clock: { now: () => Date.now() }, randomness: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) } })
  return (await admin.post<{ link: string }>('/staff/1/invitations', { roles })).link
}

async function enter(person: Person, words: Words, link: string): Promise<void> {
  await person.page.goto(link)
  await person.arrives(words.invited.title)
  check('the invitation\'s secret is out of the address', !person.page.url().includes('invitation'))
  await person.press(words.invited.submit)
}

async function steward(network: DevNetwork, { person, words, title, request }: { person: Person; words: Words; title: string; request: string }): Promise<void> {
  await person.arrives(words.pages.steward.requests)
  await person.press(title)
  await person.arrives(title)
  await person.press(words.request.record)
  await person.sees(words.request.decideError)
  await person.mark(words.request.accept)
  await person.write(words.request.reason, 'WITHIN_TERMS')
  await person.press(words.request.record)
  await person.sees(words.request.accepted)
  await until('the institute hears of it', async () => (await runJson<RequestView>(['request', 'show', '--profile', network.profile('institute'), '--request', request])).answers['rome']?.state === 'accepted')
  check('the steward\'s decision is known at the institute, by the command line', true)
  await runJson(['request', 'ask', '--profile', network.profile('institute'), '--request', request])

  await person.press(words.pages.steward.imports)
  await person.arrives(words.pages.steward.imports)
  const before = (await runJson<{ subjects: number }>(['records', 'status', '--profile', network.profile('rome')])).subjects
  const [patient] = patientsOf(data, PATIENTS + 1).slice(PATIENTS)
  if (patient === undefined) throw new Error('no patient is left to import')
  const file = join(folder, 'patient.json')
  writeFileSync(file, JSON.stringify(readBundle(patient)))
  await person.page.getByLabel(words.imports.file).setInputFiles(file)
  await person.press(words.imports.send)
  await until('the record is there', async () => (await runJson<{ subjects: number }>(['records', 'status', '--profile', network.profile('rome')])).subjects === before + 1)
  check('what the steward imports in the browser is held, by the command line', true)
  await person.sees(words.jobs.states.done)
  for (const page of ['datasets', 'late'] as const) {
    await person.press(words.pages.steward[page])
    await person.arrives(words.pages.steward[page])
  }
  await person.press(words.pages.steward.releases)
  await person.arrives(words.pages.steward.releases)
  await until('the release is listed', async () => await person.page.locator('tbody a.row').count() > 0)
  await person.press((await person.page.locator('tbody a.row').first().textContent()) ?? '')
  await person.arrives(filled(words.releases.one, { to: 'Institute for Heart Research' }))
  await person.page.keyboard.press('Control+k')
  await person.page.keyboard.type(words.pages.operator.health.slice(0, 4))
  await person.page.keyboard.press('Enter')
  await person.arrives(words.health.title)
  for (const page of ['jobs', 'members'] as const) {
    await person.press(words.pages.operator[page])
    await person.arrives(words[page].title)
  }
  await person.page.reload()
  await person.arrives(words.members.title)
  check('a session and a deep link survive a reload', person.page.url().endsWith('/pro/operator/members'))
  await person.press(words.signOut)
  await person.arrives(words.signIn.title)
  await person.press(words.signIn.submit)
  await person.arrives(words.members.title)
  check('the passkey opens a new session, at the page she left', true)
}

async function researcher(network: DevNetwork, { person, words, title }: { person: Person; words: Words; title: string }): Promise<void> {
  await person.arrives(words.pages.researcher.requests)
  await person.press(title)
  await person.arrives(title)
  await person.sees(/± 4/)
  await person.press(words.pages.researcher.new)
  await person.arrives(words.pages.researcher.new)
  await person.press(words.new.file)
  await person.sees(words.new.missing.holders)
  await person.mark('Berlin Hospital')
  await person.write(words.new.title, 'Sleep and pain')
  await person.write(words.new.code, '59621000')
  await person.press(words.new.file)
  await person.arrives('Sleep and pain')
  await until('berlin has the request', async () => (await runJson<{ document: { title: string } }[]>(['request', 'inbox', '--profile', network.profile('berlin')])).some(({ document }) => document.title === 'Sleep and pain'))
  check('what the researcher files is in berlin\'s inbox, by the command line', true)
  for (const page of ['catalogue', 'holdings'] as const) {
    await person.press(words.pages.researcher[page])
    await person.arrives(words.pages.researcher[page])
  }
}

async function auditor(network: DevNetwork, { person, words }: { person: Person; words: Words }): Promise<void> {
  await person.press(words.pages.auditor.access)
  await person.arrives(words.pages.auditor.access)
  await person.sees('Institute for Heart Research')
  await person.press(words.pages.auditor.overdue)
  await person.arrives(words.pages.auditor.overdue)
  await person.press(words.pages.auditor.blocks)
  await person.arrives(words.pages.auditor.blocks)
  await person.press((await person.page.locator('tbody a.row').first().textContent()) ?? '')
  await person.arrives(words.transaction.title)
  await person.page.getByLabel(words.proof.roots).setInputFiles(join(network.home('institute'), 'network.json'))
  await person.sees(words.proof.proven)
  check('a proof is checked in the browser, with another node\'s network.json', true)
  const other = join(folder, 'other-network.json')
  writeFileSync(other, readFileSync(join(network.home('institute'), 'network.json'), 'utf8').replace(/"nonce": ?"./, (found) => `${found.slice(0, -1)}${found.endsWith('A') ? 'B' : 'A'}`))
  await person.page.getByLabel(words.proof.roots).setInputFiles(other)
  await person.sees(words.proof.not)
  check('with the roots of another network the same proof proves nothing', true)
}

async function main(network: DevNetwork): Promise<void> {
  const { citizens } = await seedPeople(network, { patients: PATIENTS, data, citizens: PATIENTS, say, hospitalsOf: () => ['rome', 'berlin'], profileOf: () => profileOf(0) })
  const raw = citizens.map(({ patient }) => readRaw(readBundle(patient)))
  const title = 'Blood pressure and work at night'
  const document = join(folder, 'request.json')
  writeFileSync(document, JSON.stringify({ holders: ['rome'], class: 'research-organisation', title, summary: 'How many people have had it?', purpose: 'health-research', categories: ['a'], fhirTypes: ['Condition'], question: bestQuestion(raw, raw), days: 30 }))
  const { request } = await runJson<{ request: string }>(['request', 'file', '--profile', network.profile('institute'), '--document', document])
  await until('the request reaches rome', async () => (await runJson<{ document: { id: string } }[]>(['request', 'inbox', '--profile', network.profile('rome')])).some((row) => row.document.id === request))
  const browser = await openBrowser()
  let present: Person | undefined
  try {
    const atDesk = present = await personAt(browser, { size: { width: 1440, height: 900 }, language: 'en', scheme: 'light', by: 'keyboard', pictures, check })
    await enter(atDesk, english, await invitation(network, 'rome', ['steward', 'auditor']))
    await steward(network, { person: atDesk, words: english, title, request })
    await until('the institute has the answer', async () => (await runJson<RequestView>(['request', 'show', '--profile', network.profile('institute'), '--request', request])).answered.length > 0)
    await auditor(network, { person: atDesk, words: english })
    await atDesk.close()
    const onPhone = present = await personAt(browser, { size: { width: 390, height: 844 }, language: 'it', scheme: 'dark', by: 'pointer', pictures, check })
    await enter(onPhone, italian, await invitation(network, 'institute', ['researcher']))
    await researcher(network, { person: onPhone, words: italian, title })
    await onPhone.close()
  } catch (error) {
    say(present?.report() ?? '')
    if (pictures !== undefined) await present?.page.screenshot({ path: join(pictures, 'failed.png') })
    throw error
  } finally {
    await browser.close()
  }
}

await buildPages()
const network = await startNetwork({ folder: join(folder, 'net'), basePort: 25_000 + 100 * (process.pid % 9), organisations: rosters.thread }, say)
try {
  await main(network)
} catch (error) {
  check(`it runs to its end (${error instanceof Error ? error.message : String(error)})`, false)
} finally {
  await network.stop()
  if (process.argv.includes('--keep')) say(`kept in ${folder}`)
  else rmSync(folder, { recursive: true, force: true })
}
finish()

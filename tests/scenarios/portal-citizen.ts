// A citizen's whole journey in a real browser: an account, a hospital, a choice question by question, a study's question, who used it, taking it back, proofs, erasure;
// once by keyboard alone on a desk, in English, once by touch on a phone, in Italian. Each act is checked from another node by the command line.
// Usage: npm run scenario -- portal-citizen [--pictures FOLDER] [--keep]
// Debian packages: chromium
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { profileOf, readBundle, rosters, runCommand, runJson, seedPeople, startNetwork } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { buildPages } from '@mhmd/portal'
import { citizen as english } from '@mhmd/portal/words-en'
import { citizen as italian } from '@mhmd/portal/words-it'
import { openBrowser, personAt } from './support/browser.ts'
import type { Person } from './support/browser.ts'
import { bestQuestion, readRaw } from './support/share-oracle.ts'
import { transcript } from './support/transcript.ts'

const option = (name: string): string | undefined => process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined
const folder = mkdtempSync(join(tmpdir(), 'mhmd-portal-'))
const pictures = option('--pictures')
const data = new URL('../../apps/devnet/seed', import.meta.url).pathname
const { say, check, finish } = transcript('portal-citizen')
type Words = typeof italian

const PATIENTS = 40
/** The last ones have records and no account yet. */
const NEWCOMERS = 2
const filled = (text: string, values: Readonly<Record<string, string | number>>): string => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]))

/** A node's pages by its name, as its record has it. */
const pagesAt = (network: DevNetwork, id: string): string => `http://${id}.localhost:${new URL(network.url(id)).port}`

interface Journey {
  readonly network: DevNetwork
  readonly person: Person
  readonly words: Words
  readonly newcomer: { readonly patient: { readonly identifier: { readonly system: string; readonly value: string } }; readonly hospitals: readonly string[] }
  readonly hospital: { readonly id: string; readonly name: string }
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + 60_000
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error(`it took more than a minute until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Whether another member's node proves the operation to have been recorded: `mhmd proof` there, and `mhmd verify` with the network's roots alone. */
let proofs = 0
async function isProven(network: DevNetwork, operationId: string): Promise<boolean> {
  const file = join(folder, `proof-${++proofs}.json`)
  const fetched = await runCommand(['proof', '--profile', network.profile('institute'), '--operation', operationId, '--out', file]).then(() => true, () => false)
  if (!fetched) return false
  const said = await runCommand(['verify', file, '--roots', join(network.home('institute'), 'network.json')]).catch((error: unknown) => String(error))
  return said.includes('VALID')
}

async function provenElsewhere({ network, person }: Journey, what: string): Promise<void> {
  const numbers = await person.page.locator('.receipt .mono').allTextContents()
  for (const number of numbers) {
    await until(`the institute's node knows ${what}`, () => isProven(network, number))
    check(`${what}: the institute's node proves it, by the command line`, true)
  }
  if (numbers.length === 0) check(`${what}: a receipt with a number`, false)
}

async function openAccount({ person, words }: Journey): Promise<string> {
  await person.arrives(words.welcome.title)
  await person.press(words.welcome.new)
  await person.arrives(words.open.title)
  await person.press(words.open.submit)
  await person.arrives(words.open.kitTitle)
  const groups = await person.page.locator('.kit span').allTextContents()
  await person.press(words.open.kitDone)
  await person.arrives(words.open.checkTitle)
  const label = filled(words.open.checkLabel, { group: 5 })
  await person.write(label, 'zzzz')
  await person.press(words.next)
  await person.sees(filled(words.open.checkWrong, { group: 5 }))
  await person.write(label, groups[4] ?? '')
  await person.press(words.next)
  await person.arrives(words.passkey.title)
  await person.press(words.passkey.make)
  await person.arrives(words.passkey.done)
  await person.press(words.next)
  await person.arrives(words.home.noHospital)
  return groups.join('-')
}

async function linkHospital({ network, person, words, newcomer, hospital }: Journey): Promise<void> {
  await person.press(words.home.connect)
  await person.arrives(words.link.title)
  await person.press(words.link.submit)
  await person.sees(words.link.whichError)
  await person.mark(hospital.name)
  await person.write(words.link.code, '0000-0000-0000-0000')
  await person.press(words.link.submit)
  await person.sees(words.fail.NODE_LINK_CODE)
  const { system, value } = newcomer.patient.identifier
  const { code } = await runJson<{ code: string }>(['link-code', '--profile', network.profile(hospital.id), '--system', system, '--value', value])
  await person.write(words.link.code, code)
  await person.press(words.link.submit)
  await person.arrives(filled(words.link.done, { name: hospital.name }))
}

async function choose(journey: Journey): Promise<void> {
  const { person, words, hospital } = journey
  await person.press(words.link.choose)
  await person.arrives(words.ask.begin)
  await person.press(words.next)
  await person.arrives(words.ask.matters)
  await person.mark(words.ask.matter.hide)
  await person.press(words.next)
  await person.arrives(words.ask.recipients)
  check('nothing is chosen beforehand', await person.page.locator('input:checked').count() === 0)
  await person.press(words.next)
  await person.sees(words.ask.recipientsError)
  await person.mark(words.recipient['research-organisation'])
  await person.press(words.next)
  await person.arrives(words.ask.area)
  await person.mark(words.ask.areaName.EEA)
  await person.press(words.next)
  await person.arrives(words.ask.purposes)
  await person.mark(words.purpose['health-research'])
  await person.press(words.next)
  await person.arrives(words.ask.data)
  await person.mark(words.group.records)
  await person.press(words.next)
  await person.arrives(words.ask.form)
  await person.sees(filled(words.ask.reminds, { what: words.ask.matter.hide }))
  await person.mark(words.form.computation)
  await person.press(words.next)
  await person.arrives(words.ask.uses)
  await person.press(words.next)
  await person.arrives(words.ask.years)
  await person.mark(words.ask.yearsName['1'])
  await person.press(words.next)
  await person.arrives(words.ask.returns)
  await person.press(words.next)
  await person.arrives(words.ask.preview)
  await person.sees(filled(words.ask.previewYes_one, { count: 1 }))
  await person.press(words.next)
  await person.arrives(words.ask.check)
  await person.press(words.ask.sign)
  await person.arrives(words.receipt.agree)
  await person.sees(filled(words.receipt.confirmed, { some: 1, all: 1 }))
  await provenElsewhere(journey, `her choice at ${hospital.id}`)
}

/** The institute asks; the hospital's own list says how many were considered. */
async function consideredAt(network: DevNetwork, hospital: string, request: string): Promise<number> {
  const releases = (): Promise<readonly { request: string; considered: number }[]> => runJson(['release', 'list', '--profile', network.profile(hospital)])
  const before = (await releases()).filter((row) => row.request === request).length
  await runJson(['request', 'ask', '--profile', network.profile('institute'), '--request', request])
  await until('the hospital has answered', async () => (await releases()).filter((row) => row.request === request).length > before)
  return (await releases()).filter((row) => row.request === request).at(-1)?.considered ?? 0
}

async function seeUse({ person, words, hospital }: Journey, title: string): Promise<void> {
  await person.press(words.places.used)
  await person.arrives(words.used.title)
  await person.press(`Institute for Heart Research: ${title}`)
  await person.arrives(title)
  await person.sees(words.used.basis.consent)
  await person.sees(hospital.name)
  await person.press(words.places.data)
  await person.arrives(words.data.title)
  await person.press(words.places.choices)
  await person.arrives(words.choices.title)
}

async function takeBack(journey: Journey): Promise<void> {
  const { person, words } = journey
  await person.press(words.choices.withdraw)
  await person.arrives(words.act.withdraw.title)
  await person.press(words.act.withdraw.submit)
  await person.arrives(words.receipt.withdraw)
  await person.sees(filled(words.receipt.confirmed, { some: 1, all: 1 }))
  await provenElsewhere(journey, 'her withdrawal')
}

async function seeAnswers({ person, words, hospital }: Journey): Promise<void> {
  await person.press(words.places.rights)
  await person.arrives(words.rights.title)
  await person.press(words.rights.statements)
  await person.arrives(words.statements.title)
  await person.sees(new RegExp(filled(words.statements.stopped, { name: hospital.name, date: '@' }).split('@')[0] ?? ''))
  await person.sees(words.statements.answered)
}

async function seeReadings({ person, words }: Journey): Promise<void> {
  await person.press(words.places.rights)
  await person.press(words.rights.log)
  await person.arrives(words.log.title)
  await person.sees('Institute for Heart Research')
}

async function saveProofs({ person, words }: Journey): Promise<void> {
  await person.press(words.places.rights)
  await person.press(words.rights.copy)
  await person.arrives(words.copy.title)
  const saved = person.page.waitForEvent('download')
  await person.press(words.copy.submit)
  const file = join(folder, `choices-${words.language}.json`)
  await (await saved).saveAs(file)
  const { choices } = JSON.parse(readFileSync(file, 'utf8')) as { choices: { proof: object | null }[] }
  const first = choices[0]?.proof ?? null
  writeFileSync(join(folder, 'one-proof.json'), JSON.stringify(first))
  const said = await runCommand(['verify', join(folder, 'one-proof.json'), '--roots', join(journeyHome, 'network.json')]).catch((error: unknown) => String(error))
  check(`the file she saves holds ${choices.length} choices, and a proof in it passes \`mhmd verify\``, choices.length >= 2 && said.includes('VALID'))
}
let journeyHome = ''
let present: Person | undefined

async function optOutAndBack(journey: Journey): Promise<void> {
  const { person, words } = journey
  for (const act of ['opt-out', 'opt-in'] as const) {
    await person.press(words.places.rights)
    await person.arrives(words.rights.title)
    await person.press(act === 'opt-out' ? words.rights.optOut : words.rights.optIn)
    await person.arrives(words.act[act].title)
    await person.press(words.act[act].submit)
    await person.arrives(words.receipt[act])
    await person.sees(filled(words.receipt.confirmed, { some: 1, all: 1 }))
    await provenElsewhere(journey, act)
  }
}

async function answerStudy(journey: Journey, title: string, says: 'yes' | 'no'): Promise<void> {
  const { person, words } = journey
  await person.page.locator('header .brand').focus()
  await person.page.keyboard.press('Enter')
  await person.press(title)
  await person.arrives(title)
  await person.press(words.study.submit)
  await person.sees(words.study.error)
  await person.mark(words.study[says])
  await person.press(words.study.submit)
  await person.arrives(words.receipt.agree)
  await person.sees(filled(words.receipt.confirmed, { some: 1, all: 1 }))
  await provenElsewhere(journey, `her ${says} to the study`)
}

async function comeBack({ person, words }: Journey): Promise<void> {
  await person.press(words.lock)
  await person.arrives(words.welcome.title)
  await person.press(words.welcome.passkey)
  await person.press(words.places.rights)
  await person.press(words.rights.receipts)
  await person.arrives(words.receipts.title)
  check('after locking and signing in by passkey her receipts are there', await person.page.locator('.rows li').count() >= 2)
  await person.page.reload()
  await person.press(words.welcome.passkey)
  await person.arrives(words.receipts.title)
  check('a deep link survives a reload and the sign-in', person.page.url().endsWith('#/rights/receipts'))
  const stored = await person.page.evaluate<string>('JSON.stringify({ ...localStorage, ...sessionStorage })')
  check('what the browser keeps holds no hospital, study or pseudonym in the clear', !/rome|berlin|institute|consent|"subject"|holder/i.test(stored))
  check('no address of hers named a study, a code or a person to a server', !person.page.url().split('#')[0]?.includes('?'))
}

async function eraseHers({ network, person, words, hospital }: Journey): Promise<void> {
  const people = async (): Promise<number> => (await runJson<{ subjects: number }>(['records', 'status', '--profile', network.profile(hospital.id)])).subjects
  const before = await people()
  await person.press(words.places.rights)
  await person.press(words.rights.erase)
  await person.arrives(words.erase.title)
  await person.mark(hospital.name)
  await person.press(words.erase.submit)
  await person.arrives(filled(words.erase.done, { name: hospital.name }))
  await until('the hospital holds one person less', async () => await people() === before - 1)
  check(`${hospital.id} holds one person less, by the command line`, true)
}

async function fileRequest(network: DevNetwork, { title, question }: { readonly title: string; readonly question: unknown }): Promise<string> {
  const document = join(folder, 'request.json')
  writeFileSync(document, JSON.stringify({ holders: ['rome', 'berlin'], class: 'research-organisation', title, summary: 'How many people have had it? A count by hospital, before a larger study.', purpose: 'health-research', categories: ['a'], fhirTypes: ['Condition', 'Patient'], question, days: 30 }))
  const { request } = await runJson<{ request: string }>(['request', 'file', '--profile', network.profile('institute'), '--document', document])
  for (const hospital of ['rome', 'berlin']) {
    await until(`the request reaches ${hospital}`, async () => (await runJson<{ document: { id: string } }[]>(['request', 'inbox', '--profile', network.profile(hospital)])).some((row) => row.document.id === request))
    await runJson(['request', 'answer', '--profile', network.profile(hospital), '--request', request, '--state', 'accepted'])
  }
  return request
}

async function main(network: DevNetwork): Promise<void> {
  // Enough people say yes at each hospital that a group is large enough to be counted.
  const { patients, citizens } = await seedPeople(network, { patients: PATIENTS, data, citizens: PATIENTS - NEWCOMERS, say, hospitalsOf: (index) => index >= PATIENTS - NEWCOMERS ? [index % 2 === 0 ? 'rome' : 'berlin'] : ['rome', 'berlin'], profileOf: () => profileOf(0) })
  const title = 'Blood pressure and work at night'
  const raw = citizens.map(({ patient }) => readRaw(readBundle(patient)))
  const request = await fileRequest(network, { title, question: bestQuestion(raw, raw) })
  const browser = await openBrowser()
  journeyHome = network.home('institute')
  const walks = [
    { words: english as unknown as Words, hospital: { id: 'rome', name: 'Rome Hospital' }, who: { size: { width: 1440, height: 900 }, language: 'en', scheme: 'light', by: 'keyboard' } },
    { words: italian, hospital: { id: 'berlin', name: 'Berlin Hospital' }, who: { size: { width: 390, height: 844 }, language: 'it', scheme: 'dark', by: 'pointer' } },
  ] as const
  try {
    for (const [index, { words, hospital, who }] of walks.entries()) {
      const newcomer = patients[PATIENTS - NEWCOMERS + index]
      if (newcomer === undefined) throw new Error('nobody is left without an account')
      const person = await personAt(browser, { ...who, pictures, check })
      const journey: Journey = { network, person, words, newcomer, hospital }
      await person.page.goto(pagesAt(network, 'accounts'))
      say(`A newcomer of ${hospital.id}, ${who.by}, ${who.size.width}×${who.size.height}, ${who.language}`)
      present = person
      const code = await openAccount(journey)
      await linkHospital(journey)
      await choose(journey)
      const withHer = await consideredAt(network, hospital.id, request)
      await seeUse(journey, title)
      await takeBack(journey)
      check('the same question then considers one person less', await consideredAt(network, hospital.id, request) === withHer - 1)
      await seeAnswers(journey)
      await answerStudy(journey, title, 'yes')
      check('after her yes to the study it considers her again', await consideredAt(network, hospital.id, request) === withHer)
      await seeReadings(journey)
      await saveProofs(journey)
      await optOutAndBack(journey)
      await comeBack(journey)
      await eraseHers(journey)
      await person.close()
      await byCode(network, { browser, code, words, who })
    }
    await byLink(network, browser)
  } catch (error) {
    say(present?.report() ?? '')
    if (pictures !== undefined) await present?.page.screenshot({ path: join(pictures, 'failed.png') })
    throw error
  } finally {
    await browser.close()
  }
}

/** Another browser, with the paper alone. */
async function byCode(network: DevNetwork, { browser, code, words, who }: { browser: Awaited<ReturnType<typeof openBrowser>>; code: string; words: Words; who: { readonly size: { readonly width: number; readonly height: number }; readonly language: 'en' | 'it'; readonly scheme: 'light' | 'dark'; readonly by: 'keyboard' | 'pointer' } }): Promise<void> {
  const person = await personAt(browser, { ...who, pictures, check })
  await person.page.goto(pagesAt(network, 'accounts'))
  await person.press(words.welcome.code)
  await person.arrives(words.signIn.title)
  await person.write(words.signIn.label, `${code.slice(0, -1)}${code.endsWith('0') ? '1' : '0'}`)
  await person.press(words.signIn.submit)
  await person.sees(words.fail.ACCOUNTS_CODE_MISTYPED)
  await person.write(words.signIn.label, code.replaceAll('-', ' ').toUpperCase())
  await person.press(words.signIn.submit)
  await person.arrives(words.passkey.title)
  check('another browser opens the account with the paper code alone', true)
  await person.close()
}

/** A devnet's one-time link: the ordinary recovery, with the code out of the address at once. */
async function byLink(network: DevNetwork, browser: Awaited<ReturnType<typeof openBrowser>>): Promise<void> {
  const words = english
  const code = readFileSync(join(network.plan.folder, 'citizens', '001', 'recovery-code'), 'utf8').trim()
  const person = await personAt(browser, { size: { width: 390, height: 844 }, language: 'en', scheme: 'light', by: 'pointer', pictures, check })
  await person.page.goto(`${pagesAt(network, 'accounts')}/#recovery=${code}`)
  await person.arrives(words.passkey.title)
  check('the code of a one-time link is out of the address', !person.page.url().includes(code))
  await person.press(words.passkey.make)
  await person.press(words.next)
  await person.arrives(filled(words.home.may_one, { count: 1 }))
  await person.press(words.places.data)
  await person.arrives(words.data.title)
  check('both her hospitals are found again', await person.page.locator('.rows > li').count() === 2)
  await person.close()
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

// A citizen's whole journey in a real browser: an account, a hospital, a choice question by question, a study's question, who used it, taking it back, proofs, erasure;
// once by keyboard alone on a desk, in English, once by touch on a phone, in Italian. Each act is checked from another node by the command line.
// Usage: npm run scenario -- portal-citizen [--pictures FOLDER] [--keep]
// Debian packages: chromium
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultPatients, profileOf, readBundle, runCommand, runJson, seedPeople } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { buildPages } from '@mhmd/portal'
import { citizen as english } from '@mhmd/portal/words-en'
import { citizen as italian } from '@mhmd/portal/words-it'
import { atDesk, filled, inBrowser, onPhone } from './support/browser.ts'
import type { Person } from './support/browser.ts'
import { choose, linkHospital, openAccount, pagesAt } from './support/citizen-steps.ts'
import { staffOf } from './support/staff-steps.ts'
import type { CitizenWalk } from './support/citizen-steps.ts'
import { onNetwork, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { readable } from './support/readable.ts'
import { acceptedRequest } from './support/requests.ts'
import { isProvenBy } from './support/seen-elsewhere.ts'
import { bestQuestion, readRaw } from './support/share-oracle.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('portal-citizen')
const { say, check, finish } = log
type Words = typeof italian

const PATIENTS = 40
/** The last ones have records and no account yet. */
const NEWCOMERS = 2

interface Journey extends OnNetwork, CitizenWalk {
  readonly newcomer: CitizenWalk['newcomer'] & { readonly hospitals: readonly string[] }
}

async function provenElsewhere(journey: Journey, what: string): Promise<void> {
  const numbers = await journey.person.page.locator('.receipt .mono').allTextContents()
  for (const number of numbers) {
    await until(`the institute's node knows ${what}`, () => isProvenBy(journey, 'institute', number))
    check(`${what}: the institute's node proves it, by the command line`, true)
  }
  if (numbers.length === 0) check(`${what}: a receipt with a number`, false)
}

/** The institute asks; the hospital's own list says how many were considered. */
async function consideredAt(network: DevNetwork, hospital: string, request: string): Promise<number> {
  const releases = (): Promise<readonly { request: string; considered: number }[]> => runJson(['release', 'list', '--profile', network.profile(hospital)])
  const before = (await releases()).filter((row) => row.request === request).length
  await runJson(['request', 'ask', '--profile', network.profile('institute'), '--request', request])
  await until('the hospital has answered', async () => (await releases()).filter((row) => row.request === request).length > before)
  return (await releases()).find((row) => row.request === request)?.considered ?? 0
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

async function saveProofs({ network, folder, person, words }: Journey): Promise<void> {
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
  const said = await runCommand(['verify', join(folder, 'one-proof.json'), '--roots', join(network.home('institute'), 'network.json')]).catch((error: unknown) => String(error))
  check(`the file she saves holds ${choices.length} choices, and a proof in it passes \`mhmd verify\``, choices.length >= 2 && said.includes('VALID'))
}

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
  const stored = await person.page.evaluate<Record<string, string>>('({ ...localStorage, ...sessionStorage })')
  check('the browser keeps a box of hers', Object.keys(stored).some((key) => key.startsWith('box-')))
  check('what the browser keeps holds no hospital, study or pseudonym in the clear', !/rome|berlin|institute|consent|"subject"|holder/i.test(readable(stored)))
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
  await seeErased(person, words, hospital.name)
}

/** Wherever she would look for it her pages say that it is gone, and offer nothing there. */
async function seeErased(person: Person, words: Words, name: string): Promise<void> {
  const told = new RegExp(filled(words.erased.done, { name, date: '@' }).split('@')[0] ?? '')
  await person.page.locator('header .brand').focus()
  await person.page.keyboard.press('Enter')
  await person.arrives(words.home.none)
  await person.sees(told)
  for (const place of ['data', 'choices', 'used'] as const) {
    await person.press(words.places[place])
    await person.arrives(words[place].title)
    await person.sees(told)
    await person.judges(`${words[place].title}, erased`)
    if (place === 'choices') check('nothing is left to choose there', await person.page.locator('main .actions').count() === 0)
  }
  await person.press(words.places.rights)
  await person.arrives(words.rights.title)
  check('nor to take back or to erase', (await person.page.locator('main .rows .row').allTextContents()).every((shown) => ![words.rights.withdraw, words.rights.optOut, words.rights.erase].includes(shown)))
  await person.press(words.rights.log)
  await person.arrives(words.log.title)
  await person.sees(told)
  await person.press(words.places.used)
  await person.press(words.network.linkMine)
  await person.arrives(words.network.title)
  await person.sees(told)
  check('the network’s page doesn’t say that nobody used what is gone', await person.page.getByText(words.network.yoursNone).count() === 0)
}

async function main({ network, folder }: OnNetwork): Promise<void> {
  // Enough people say yes at each hospital that a group is large enough to be counted.
  const { patients, citizens } = await seedPeople(network, { patients: PATIENTS, data: defaultPatients(), citizens: PATIENTS - NEWCOMERS, say, hospitalsOf: (index) => index >= PATIENTS - NEWCOMERS ? [index % 2 === 0 ? 'rome' : 'berlin'] : ['rome', 'berlin'], profileOf: () => profileOf(0) })
  const title = 'Blood pressure and work at night'
  const raw = citizens.map(({ patient }) => readRaw(readBundle(patient)))
  const request = await acceptedRequest({ network, folder }, { holders: ['rome', 'berlin'], title, summary: 'How many people have had it? A count by hospital, before a larger study.', question: bestQuestion(raw, raw) })
  const walks = [
    { words: english as unknown as Words, hospital: { id: 'rome', name: 'Rome Hospital' }, who: atDesk },
    { words: italian, hospital: { id: 'berlin', name: 'Berlin Hospital' }, who: onPhone },
  ] as const
  await inBrowser(log, async (arrive) => {
    for (const [index, { words, hospital, who }] of walks.entries()) {
      const newcomer = patients[PATIENTS - NEWCOMERS + index]
      if (newcomer === undefined) throw new Error('nobody is left without an account')
      const person = await arrive(who)
      const journey: Journey = { network, folder, person, words, newcomer, hospital, check }
      await person.page.goto(pagesAt(network, 'accounts'))
      say(`A newcomer of ${hospital.id}, ${who.by}, ${who.size.width}×${who.size.height}, ${who.language}`)
      const code = await openAccount(journey)
      await linkHospital(journey)
      await choose(journey)
      await provenElsewhere(journey, `her choice at ${hospital.id}`)
      const withHer = await consideredAt(network, hospital.id, request)
      await seeUse(journey, title)
      await takeBack(journey)
      check('the same question then considers one person less', await consideredAt(network, hospital.id, request) === withHer - 1)
      await seeAnswers(journey)
      await answerStudy(journey, title, 'yes')
      check('after her yes to the study it considers her again', await consideredAt(network, hospital.id, request) === withHer)
      await seeReadings(journey)
      await saveProofs(journey)
      await newKeys(await arrive(who), journey, code)
      await optOutAndBack(journey)
      if (index === 0) await byAnotherWay(journey)
      await comeBack(journey)
      await eraseHers(journey)
      await person.close()
      await byCode(await arrive(who), { network, code, words })
    }
    await byLink(await arrive({ ...onPhone, language: 'en', scheme: 'light' }), network)
  })
}

/** She lost a phone: another browser, with the paper alone, takes new keys at her hospital. What the first browser then signs is with the new key. */
async function newKeys(person: Person, { network, words, hospital }: Journey, code: string): Promise<void> {
  await person.page.goto(pagesAt(network, 'accounts'))
  await person.press(words.welcome.code)
  await person.write(words.signIn.label, code)
  await person.press(words.signIn.submit)
  await person.arrives(words.passkey.title)
  await person.press(words.passkey.skip)
  await person.press(words.places.rights)
  await person.press(words.rights.keys)
  await person.arrives(words.keys.title)
  await person.press(words.keys.submit)
  await person.arrives(words.keys.done)
  await person.sees(filled(words.keys.at, { name: hospital.name }))
  const { blocks } = await staffOf(network, 'institute').get<{ blocks: readonly { transactions: readonly { contract: string; operation: string; submitter: string; code: string }[] }[] }>('/staff/1/ledger/blocks?limit=50')
  check('the institute\'s node holds the replacement of her key', blocks.some(({ transactions }) => transactions.some(({ contract, operation, submitter, code: verdict }) => contract === 'keys@1' && operation === 'replace' && submitter === 'accounts' && verdict === 'VALID')))
  await person.close()
}

/** Her hospital is down: her choice goes by another member's node, and is in force once the hospital is back. */
async function byAnotherWay(journey: Journey): Promise<void> {
  const { network, person, words, hospital } = journey
  await network.process(hospital.id).stop()
  await person.press(words.places.rights)
  await person.press(words.rights.withdraw)
  await person.arrives(words.act.withdraw.title)
  await person.press(words.act.withdraw.submit)
  await person.arrives(words.receipt.withdraw)
  await person.press(words.relay.submit)
  await person.sees(/carries your sealed choice|porta la tua scelta/)
  check('a sealed choice is taken by another member\'s node while her hospital is down', true)
  await network.restart(hospital.id)
  await person.sees(filled(words.receipt.confirmed, { some: 1, all: 1 }))
  await provenElsewhere(journey, 'her withdrawal, sent another way')
}

/** Another browser, with the paper alone. */
async function byCode(person: Person, { network, code, words }: { network: DevNetwork; code: string; words: Words }): Promise<void> {
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
async function byLink(person: Person, network: DevNetwork): Promise<void> {
  const words = english
  const code = readFileSync(join(network.plan.folder, 'citizens', '001', 'recovery-code'), 'utf8').trim()
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
await onNetwork('portal', { transcript: log }, main)
finish()

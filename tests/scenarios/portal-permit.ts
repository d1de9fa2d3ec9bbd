// A permit through the browser: a researcher applies, an officer of the access body says what is missing, the researcher amends, a permit is issued on conditions; a count is
// delivered under it; a citizen sees on her phone who may use her data by law, finds no yes or no to give, and opts out.
// By keyboard at desks, by touch at 390 px; each act of staff is checked from another node by the command line.
// Usage: npm run scenario -- portal-permit [--pictures FOLDER] [--keep] [--port N]
// Debian packages: chromium
import { join } from 'node:path'
import { defaultPatients, patientsOf, profileOf, rosters, runJson, seedPeople } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { buildPages } from '@mhmd/portal'
import { professional as english } from '@mhmd/portal/professional-en'
import { citizen as citizenItalian } from '@mhmd/portal/words-it'
import { atDesk, filled, inBrowser, onPhone } from './support/browser.ts'
import type { Person } from './support/browser.ts'
import { linkHospital, openAccount, pagesAt } from './support/citizen-steps.ts'
import { onNetwork, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { enter, invitation } from './support/staff-steps.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('portal-permit')
const { say, check, finish } = log

const PATIENTS = 30
const STUDY = 'Women in two regions'
const MISSING = 'Say what the figure is for, and which results are published.'
const AMENDED = 'How many women are treated here? The figure plans beds for births; it is published.'
const ROME = { id: 'rome', name: 'Rome Hospital' }
const ACCESS = 'Health Data Access Body'
const INSTITUTE = 'Institute for Heart Research'

interface Shown {
  readonly permit: { readonly state: string; readonly version: number; readonly explanation: string | null; readonly permit: { readonly conditions: readonly string[] | null; readonly until: number; readonly from: number } | null; readonly deliveries: readonly { readonly holder: string; readonly first: number | null }[] }
  readonly course: readonly { readonly state: string }[]
}
interface Listed {
  readonly request: string
  readonly title: string | null
  readonly state: string
  readonly explanation: string | null
}

const at = (network: DevNetwork, member: string, ...args: readonly string[]): Promise<unknown> => runJson([...args, '--profile', network.profile(member)])
const shown = async (network: DevNetwork, member: string, request: string): Promise<Shown> => await at(network, member, 'permit', 'show', '--request', request) as Shown
const listed = async (network: DevNetwork, member: string): Promise<readonly Listed[]> => await at(network, member, 'permit', 'list') as readonly Listed[]
/** Its conditions come with the document, after the ledger's word. */
const hasDocument = ({ permit: { permit } }: Shown): boolean => Array.isArray(permit?.conditions)
const summaryAt = async (network: DevNetwork, request: string): Promise<string | undefined> => (await at(network, 'rome', 'request', 'inbox') as readonly { document: { id: string; summary: string } }[]).find(({ document }) => document.id === request)?.document.summary

async function applies({ network }: OnNetwork, person: Person): Promise<string> {
  const words = english
  await person.arrives(words.pages.researcher.requests)
  await person.press(words.pages.researcher.new)
  await person.arrives(words.pages.researcher.new)
  await person.mark(ROME.name)
  await person.write(words.new.title, STUDY)
  await person.write(words.new.summary, 'How many women?')
  await person.pick(words.cohort.kind, words.cohort.kinds.sex)
  await person.press(words.new.file)
  await person.sees(words.new.missing.basis)
  await person.mark(filled(words.new.basis.permit, { name: ACCESS }))
  await person.press(words.new.file)
  await person.arrives(STUDY)
  const filed = async (): Promise<Listed | undefined> => (await listed(network, 'access')).find(({ title }) => title === STUDY)
  await until('the access body has the application', async () => await filed() !== undefined)
  await person.sees(words.permit.states.filed)
  check('the application is at the access body, by the command line, and waits for it', (await filed())?.state === 'filed')
  return (await filed())?.request ?? ''
}

async function findsIncomplete({ network }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<void> {
  const words = english
  await person.arrives(words.pages.officer.applications)
  await person.press(STUDY)
  await person.arrives(STUDY)
  await person.press(words.request.record)
  await person.sees(words.officer.chooseError)
  await person.mark(words.officer.acts.incomplete)
  await person.press(words.officer.submit.incomplete)
  await person.sees(words.officer.missingError)
  await person.write(words.officer.missing, MISSING)
  await person.press(words.officer.submit.incomplete)
  await until('the institute knows what is missing', async () => (await shown(network, 'institute', request)).permit.explanation === MISSING)
  check('what the officer misses is at the applicant, by the command line', (await shown(network, 'institute', request)).permit.state === 'incomplete')
  await person.sees(words.permit.states.incomplete)
  await person.sees(words.officer.waiting)
}

async function amends({ network }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<void> {
  const words = english
  await person.sees(MISSING)
  await person.judges('incomplete')
  await person.press(words.amend.link)
  await person.arrives(words.amend.title)
  await person.write(words.new.title, ' ')
  await person.press(words.amend.submit)
  await person.sees(words.new.missing.title)
  await person.write(words.new.title, STUDY)
  await person.write(words.new.summary, AMENDED)
  await person.mark(words.safeguardNames['publication-of-results'])
  await person.press(words.amend.submit)
  await person.arrives(STUDY)
  await until('rome has the amended text', async () => await summaryAt(network, request) === AMENDED)
  check('the amended text is at the holder, by the command line', (await shown(network, 'rome', request)).course.at(-1)?.state === 'amended')
}

async function issues({ network }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<void> {
  const words = english
  await person.sees(AMENDED)
  check('the amended text is on the officer\'s page by itself', true)
  await person.mark(words.officer.acts.issue)
  await person.write(words.officer.days, '0')
  await person.press(words.officer.submit.issue)
  await person.sees(filled(words.officer.daysError, { most: '3,650' }))
  await person.write(words.officer.days, '20')
  await person.mark(words.safeguardNames['no-re-identification'])
  await person.write(words.officer.because, 'Of public interest.')
  await person.judges('permit-to-issue')
  await person.press(words.officer.submit.issue)
  const held = async (): Promise<Shown['permit']> => (await shown(network, 'rome', request)).permit
  await until('rome has the permit', async () => hasDocument(await shown(network, 'rome', request)))
  const { permit, state, explanation } = await held()
  check('the permit with its conditions, words and twenty days is at the holder, by the command line', state === 'issued' && explanation === 'Of public interest.' && Math.round(((permit?.until ?? 0) - (permit?.from ?? 0)) / 86_400_000) === 20 && permit?.conditions?.toSorted().join() === 'no-re-identification,publication-of-results')
  await person.sees(words.permit.states.issued)
  await person.judges('permit-issued')
}

async function asks({ network }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<void> {
  const words = english
  await person.sees(words.safeguardNames['publication-of-results'])
  await person.judges('under-permit')
  await person.press(filled(words.answers.ask_one, { count: 1 }))
  await person.sees(/± 4/)
  const releases = await at(network, 'rome', 'release', 'list') as readonly { request: string; considered: number }[]
  check(`rome answered under the permit of all ${PATIENTS} people, most of whom never said a word, by the command line`, releases.find((row) => row.request === request)?.considered === PATIENTS)
}

async function seesDelivery(person: Person): Promise<void> {
  const words = english
  await person.press(words.pages.officer.deliveries)
  await person.arrives(words.pages.officer.deliveries)
  await person.sees(ROME.name)
  await person.sees(words.permit.delivered.split('{{')[0] ?? '')
  check('the officer sees that rome delivered', true)
}

/** The steward has no answer to give, and is told what she must do. */
async function steward(person: Person): Promise<void> {
  const words = english
  await person.arrives(words.pages.steward.requests)
  await person.press(STUDY)
  await person.arrives(STUDY)
  await person.sees((words.permit.mustDeliver.split('{{name}}')[1] ?? '').split('{{')[0]?.trim() ?? '')
  check('a steward finds no answer to give where an access body decided', await person.page.getByText(words.request.decide).count() === 0)
}

/** What she saves with her receipt is proven by the command line with what another node believes, by the page that the receipt leads to, which asks no node, and by that node's own proof of it. */
async function showsProof({ network, folder }: OnNetwork, person: Person): Promise<void> {
  const words = citizenItalian
  const [file, own, roots] = [join(folder, 'proof.json'), join(folder, 'own-proof.json'), join(network.home('institute'), 'network.json')]
  const found: { operations: readonly string[] } = { operations: [] }
  await until('a proof that she saves is proven by the command line, once its checkpoint is signed by enough', async () => {
    const saved = person.page.waitForEvent('download')
    await person.press(filled(words.receipt.proofSave, { name: ROME.name }))
    await (await saved).saveAs(file)
    return runJson<{ operations: readonly string[] }>(['verify', file, '--roots', roots]).then((said) => Boolean(Object.assign(found, said)), () => false)
  })
  const [operation = ''] = found.operations
  await runJson(['proof', '--profile', network.profile('institute'), '--operation', operation, '--roots', roots, '--out', own])
  check('the proof that she saves with her receipt is of an operation that another node proves too, by the command line', (await runJson<{ operations: readonly string[] }>(['verify', own, '--roots', roots, '--operation', operation])).operations.includes(operation))
  const opened = person.page.context().waitForEvent('page')
  await person.press(words.receipt.proofPage)
  const page = await opened
  await page.getByLabel('La prova').setInputFiles(file)
  await page.getByLabel('A chi credi').setInputFiles(roots)
  await page.locator('#result > p').first().waitFor()
  check('the page that her receipt leads to says of the saved proof that it is proven', (await page.locator('#result').innerText()).startsWith('Provato'))
  await page.close()
}

async function citizen({ network, folder }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<void> {
  const words = citizenItalian
  const newcomer = { patient: patientsOf(defaultPatients(), PATIENTS)[PATIENTS - 1] as NonNullable<ReturnType<typeof patientsOf>[number]> }
  await person.page.goto(pagesAt(network, 'accounts'))
  const walk = { network, person, words, newcomer, hospital: ROME, check }
  await openAccount(walk)
  await linkHospital(walk)
  await person.press(words.places.used)
  await person.arrives(words.used.title)
  await person.sees(filled(words.permits.by, { who: INSTITUTE, office: ACCESS }))
  await person.sees((words.permits.mayUse.split('{{')[0] ?? '').trim())
  await person.press(STUDY)
  await person.arrives(STUDY)
  await person.sees(words.study.outLater)
  check('a use that an office allowed asks her for no yes or no', await person.page.getByRole('radio').count() === 0 && await person.page.getByText(words.study.submit).count() === 0)
  await person.press(words.rights.optOut)
  await person.arrives(words.act['opt-out'].title)
  await person.sees(words.act.goesOn)
  await person.sees(STUDY)
  await person.judges('opt-out-with-running')
  await person.press(words.act['opt-out'].submit)
  await person.arrives(words.receipt['opt-out'])
  await showsProof({ network, folder }, person)
  await person.press(words.places.used)
  await person.arrives(words.used.title)
  await person.sees((words.permits.goesOn.split('{{')[0] ?? '').trim())
  check('she sees that the running one goes on until its end', request !== '')
}

async function main(here: OnNetwork): Promise<void> {
  const { network } = here
  await seedPeople(network, { patients: PATIENTS, data: defaultPatients(), citizens: 1, say, hospitalsOf: () => ['rome'], profileOf: () => profileOf(0) })
  await inBrowser(log, async (arrive) => {
    const researcher = await arrive(atDesk)
    await enter(researcher, english, { link: await invitation(network, 'institute', ['researcher']), check })
    const request = await applies(here, researcher)
    const officer = await arrive(atDesk)
    await enter(officer, english, { link: await invitation(network, 'access', ['officer']), check })
    await findsIncomplete(here, { person: officer, request })
    await amends(here, { person: researcher, request })
    await issues(here, { person: officer, request })
    await asks(here, { person: researcher, request })
    await seesDelivery(officer)
    await officer.close()
    await researcher.close()
    const holder = await arrive(atDesk)
    await enter(holder, english, { link: await invitation(network, 'rome', ['steward']), check })
    await steward(holder)
    await holder.close()
    const phone = await arrive(onPhone)
    await citizen(here, { person: phone, request })
    await phone.close()
  })
}

await buildPages()
await onNetwork('permit-pages', { transcript: log, organisations: rosters.permits }, main)
finish()

// One share of a table through the browser alone, on Synthea records: a steward imports them, decides about a dataset column by column and offers it; a researcher asks for
// a table; a citizen permits on her phone; the steward accepts, agrees, releases and says what the table is for its recipient; the researcher takes it, and deletes it with
// a receipt; an auditor sees what was owed. By keyboard at desks, by touch at 390 px; each act is checked from another node by the command line.
// Usage: npm run scenario -- portal-table [--pictures FOLDER] [--keep] [--port N]
// Debian packages: chromium
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { defaultPatients, patientsOf, profileOf, readBundle, runJson, seedPeople } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { buildPages } from '@mhmd/portal'
import { professional } from '@mhmd/portal/professional-en'
import { citizen as italian } from '@mhmd/portal/words-it'
import { atDesk, filled, inBrowser, onPhone } from './support/browser.ts'
import type { Person } from './support/browser.ts'
import { choose, linkHospital, openAccount, pagesAt } from './support/citizen-steps.ts'
import { onNetwork, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { enter, invitation } from './support/staff-steps.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('portal-table')
const { say, check, finish } = log
const words = professional

const PATIENTS = 16
const K = 3
const TITLE = 'Age and sex of patients'
const STUDY = 'Ages in two regions'
const ROME = { id: 'rome', name: 'Rome Hospital' }
const INSTITUTE = 'Institute for Heart Research'
/** What the request asks for, in the view's own names. */
const VARIABLES = ['sex', 'birth_date', 'marital_status']
/** Others of the view that don't identify: ticked on the form, and not needed. */
const UNWANTED = ['deceased', 'death_date', 'postal_code', 'state', 'country']

interface CatalogueRow {
  readonly version: number
  readonly entry: { readonly title: string; readonly peopleAtLeast?: number } | null
}
interface HoldingRow {
  readonly release: string
  readonly request: string
  readonly state: string
  readonly digest: string
  readonly assessment: { readonly state: string } | null
  readonly receipt: object | null
}

const at = (network: DevNetwork, member: string, ...args: readonly string[]): Promise<unknown> => runJson([...args, '--profile', network.profile(member)])
const holdings = async (network: DevNetwork): Promise<readonly HoldingRow[]> => await at(network, 'institute', 'holding', 'list') as readonly HoldingRow[]
const subjects = async (network: DevNetwork): Promise<number> => (await at(network, 'rome', 'records', 'status') as { subjects: number }).subjects

/** The dataset as the institute's catalogue has it. */
const listed = async (network: DevNetwork): Promise<CatalogueRow | undefined> => (await at(network, 'institute', 'catalogue', 'list') as { datasets: readonly CatalogueRow[] }).datasets.find(({ entry }) => entry?.title === TITLE)

/** Bundles, one a line; and one record that is none, which has to stay out. */
function recordsFile(folder: string): string {
  const file = join(folder, 'synthea.ndjson')
  const bundles = patientsOf(defaultPatients(), PATIENTS).map((patient) => JSON.stringify(readBundle(patient)))
  writeFileSync(file, [...bundles, JSON.stringify({ resourceType: 'Condition', id: 'no-code', subject: { reference: 'Patient/nobody' }, code: 'not a code' })].join('\n'))
  return file
}

async function imports({ network, folder }: OnNetwork, person: Person): Promise<void> {
  await person.press(words.pages.steward.imports)
  await person.arrives(words.pages.steward.imports)
  await person.sees(words.imports.none)
  await person.page.getByLabel(words.imports.file).setInputFiles(recordsFile(folder))
  await person.press(words.imports.send)
  await until('the records are held', async () => await subjects(network) === PATIENTS, 180)
  check(`${PATIENTS} people of Synthea are held after the import in the browser, by the command line`, true)
  await person.arrives('synthea.ndjson')
  await person.page.locator('main').getByText(words.jobs.states.done).first().waitFor({ timeout: 60_000 })
  await person.sees('FHIR_WRONG_TYPE')
  await person.judges('imports-done')
}

async function offers({ network }: OnNetwork, person: Person): Promise<void> {
  await person.press(words.pages.steward.datasets)
  await person.arrives(words.pages.steward.datasets)
  await person.press(words.datasets.new)
  await person.arrives(words.start.title)
  await person.press(words.start.submit)
  await person.sees(words.start.whichError)
  await until('she is led to what is missing', () => person.page.evaluate<boolean>(`document.activeElement.matches('fieldset input[aria-invalid="true"]')`))
  await person.mark(words.start.own)
  await person.write(words.start.paste, '{ "resource": ')
  await person.press(words.start.submit)
  await person.sees(words.start.notJson)
  await person.judges('not-json')
  await person.mark('Demographics (Patient)')
  await person.press(words.start.submit)
  await person.arrives(filled(words.draft.title, { title: 'Demographics' }))
  await person.page.getByRole('heading', { name: words.draft.missing }).waitFor({ timeout: 60_000 })
  check('what is missing keeps the dataset from being offered', await person.page.getByRole('button', { name: words.draft.offer, exact: true }).isDisabled())
  await person.write(words.draft.name, TITLE)
  await person.press(words.draft.takeAll)
  for (const column of ['marital_status', 'city']) {
    await person.pick(filled(words.draft.roleOf, { column }), words.draft.roles[column === 'city' ? 'identifying' : 'quasi-identifying'])
    await person.write(filled(words.draft.reasonOf, { column }), 'Neighbours know it; there are few of some.')
  }
  await until('what she decided is kept', async () => (await at(network, 'rome', 'dataset', 'drafts') as unknown[]).length === 1)
  await person.page.getByText(words.draft.saved).waitFor()
  await person.arrives(filled(words.draft.title, { title: TITLE }))
  await person.page.reload()
  await person.arrives(filled(words.draft.title, { title: TITLE }))
  check('what she decided survives a reload', await person.page.getByLabel(words.draft.name, { exact: true }).inputValue() === TITLE)
  const other = await person.page.context().newPage()
  await other.goto(person.page.url())
  await other.getByLabel(words.draft.name, { exact: true }).waitFor()
  const kept = person.page.waitForResponse((response) => response.url().includes('/document') && response.ok())
  await person.write(words.draft.scenario, 'A neighbour who knows age, sex and marital status of somebody treated here, and meets the table at the institute.')
  await kept
  await other.getByLabel(words.draft.name, { exact: true }).fill('Of another window')
  await other.getByText('NODE_DRAFT_CHANGED').waitFor()
  check('a second window that read the draft before does not write over what the first kept', true)
  await other.close()
  await person.write(words.draft.k, String(K))
  await person.write(words.draft.suppression, '30')
  await person.write(words.draft.highest, '150')
  await person.sees(words.policy.percentError)
  await person.write(words.draft.highest, '33.3')
  // A mistake that only the gate sees: the day she was born, called insensitive.
  await person.pick(filled(words.draft.roleOf, { column: 'birth_date' }), words.draft.roles.insensitive)
  await person.sees(words.draft.missingNone)
  await person.judges('draft-decided')
  await person.press(words.draft.offer)
  await person.arrives(TITLE)
  await until('the dataset is in the institute\'s catalogue', async () => await listed(network) !== undefined)
  check('the dataset stands in the institute\'s catalogue, by the command line, with no exact figure', (await listed(network))?.entry?.peopleAtLeast === 10)
}

async function asks({ network }: OnNetwork, person: Person): Promise<string> {
  await person.arrives(words.pages.researcher.requests)
  await person.press(words.pages.researcher.catalogue)
  await person.arrives(words.pages.researcher.catalogue)
  await person.press(TITLE)
  await person.arrives(TITLE)
  await person.press(words.catalogue.ask)
  await person.arrives(filled(words.new.tableOf, { title: TITLE }))
  await person.write(words.new.title, STUDY)
  await person.write(words.new.summary, 'How old are people who are treated in these regions?')
  for (const name of UNWANTED) await person.mark(name, false)
  const consent = person.page.getByText(words.new.basis.consent, { exact: true })
  if (await consent.count() > 0) await person.mark(words.new.basis.consent)
  await person.press(words.new.file)
  await person.arrives(STUDY)
  const asked = async (): Promise<{ document: { id: string; title: string; form: string } } | undefined> => (await at(network, 'rome', 'request', 'inbox') as readonly { document: { id: string; title: string; form: string } }[]).find(({ document }) => document.title === STUDY)
  await until('rome has the request', async () => await asked() !== undefined)
  check('the request for a generalised table is in rome\'s inbox, by the command line', (await asked())?.document.form === 'anonymised')
  return (await asked())?.document.id ?? ''
}

async function agrees({ network }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<void> {
  await person.press(words.pages.researcher.holdings)
  await person.arrives(words.pages.researcher.holdings)
  await person.press(words.holdings.accept)
  const state = async (): Promise<unknown> => (await at(network, 'institute', 'agreement', 'list') as readonly { document: { request: string }; state: string | null }[]).find(({ document }) => document.request === request)?.state
  await until('the agreement is in force', async () => await state() === 'accepted')
  await person.sees(filled(words.holdings.awaitedTitle, { name: ROME.name }))
  await person.judges('table-awaited')
  check('her page says that the agreement stands and the table is still to come', true)
}

/** What she downloads is what the gate let pass, byte by byte; what she deletes, its holder has a receipt for. */
async function takesAndDeletes({ network, folder }: OnNetwork, { person, release }: { person: Person; release: string }): Promise<void> {
  await person.sees(filled(words.holdings.from, { name: ROME.name, form: words.formNames.anonymised }))
  await person.sees(words.holdings.assessed.split('{{')[0] ?? '')
  await person.judges('table-held')
  const saved = person.page.waitForEvent('download')
  await person.press(words.holdings.download)
  const file = join(folder, 'table.csv')
  await (await saved).saveAs(file)
  const text = readFileSync(file, 'utf8')
  const released = (await at(network, 'rome', 'release', 'list') as readonly { id: string; table?: { digest: string } }[]).find(({ id }) => id === release)
  check('what she downloads is what the gate let pass, byte by byte, as rome\'s command line tells', createHash('sha256').update(text).digest('base64url') === released?.table?.digest)
  const lines = text.trimEnd().split('\n')
  const alike = [...Map.groupBy(lines.slice(1), (line) => line)].filter(([line]) => !/^(\*,)*\*$/.test(line))
  check(`it has the columns asked for and no class of fewer than ${K} people (${alike.length} classes, ${lines.length - 1} rows)`, lines[0] === VARIABLES.join(',') && alike.length > 1 && alike.every(([, rows]) => rows.length >= K))
  await person.press(`${words.holdings.delete} ${ROME.name}`)
  await person.press(words.leave)
  check('who leaves the table as it is goes on where she was', await person.page.getByRole('button', { name: `${words.holdings.delete} ${ROME.name}` }).evaluate((button) => button === button.ownerDocument.activeElement))
  await person.press(`${words.holdings.delete} ${ROME.name}`)
  await person.press(`${words.holdings.sure} ${ROME.name}`)
  await person.sees(words.holdings.receiptText)
  await person.press(`${words.holdings.declare} ${ROME.name}`)
  await person.judges('declaring')
  await person.press(`${words.holdings.declareSure} ${ROME.name}`)
  await person.sees(words.holdings.declared.split('{{')[0] ?? '')
  check('she tells the holder that no copy is left, and her page says when', true)
  await until('rome has the receipt', async () => (await at(network, 'rome', 'release', 'list') as readonly { id: string; table?: { deleted?: object } }[]).find(({ id }) => id === release)?.table?.deleted !== undefined)
  check('the receipt of the deletion is at rome, by the command line', true)
}

async function audits(person: Person): Promise<void> {
  await person.press(words.pages.auditor.overdue)
  await person.arrives(words.pages.auditor.overdue)
  await person.sees(words.late.deleted)
  await person.sees(words.late.deletion)
  check('the auditor sees that the table was deleted with a receipt', true)
  await person.press(words.pages.auditor.access)
  await person.arrives(words.pages.auditor.access)
  await person.sees(INSTITUTE)
}

async function permits({ network }: OnNetwork, person: Person): Promise<void> {
  const newcomer = { patient: patientsOf(defaultPatients(), PATIENTS)[PATIENTS - 1] as NonNullable<ReturnType<typeof patientsOf>[number]> }
  await person.page.goto(pagesAt(network, 'accounts'))
  const walk = { network, person, words: italian, newcomer, hospital: ROME, check }
  await openAccount(walk)
  await linkHospital(walk)
  await choose(walk, 'anonymised')
}

async function accepts({ network }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<void> {
  await person.press(words.pages.steward.requests)
  await person.arrives(words.pages.steward.requests)
  await person.press(STUDY)
  await person.arrives(STUDY)
  await person.mark(words.request.accept)
  await person.press(words.request.record)
  await person.sees(words.share.agreementLead)
  await person.judges('request-accepted')
  await person.write(words.share.days, '0')
  await person.press(words.share.offer)
  await person.sees(words.share.daysError.split('{{')[0]?.trim() ?? '')
  await person.write(words.share.days, '10')
  await person.press(words.share.offer)
  await person.sees(words.share.offered)
  await until('the focus is at the head of the page, the button being gone', async () => await person.page.evaluate<boolean>('document.activeElement?.tagName === "H1"'))
  const agreed = async (): Promise<string | null | undefined> => (await at(network, 'institute', 'agreement', 'list') as readonly { document: { request: string }; state: string | null }[]).find(({ document }) => document.request === request)?.state
  await until('the institute has the agreement', async () => await agreed() === 'offered')
  check('the agreement she offers is at the institute, by the command line', true)
}

/** In the first version a column tells people apart: the gate refuses, and the page says why and what would change it. */
async function isRefused({ person }: { person: Person }): Promise<void> {
  await person.sees(words.share.accepted)
  check('her page shows by itself that the agreement is in force', true)
  await person.press(words.share.start)
  await person.page.getByText(words.gate.remedies.RELEASE_GATE_TELLS_APART.remedy).waitFor({ timeout: 60_000 })
  await person.sees(words.gate.beyond)
  await person.judges('held-back')
  check('the gate\'s refusal stands with its remedy and its figures', true)
}

async function offersNext({ network }: OnNetwork, person: Person): Promise<void> {
  await person.press(words.pages.steward.datasets)
  await person.arrives(words.pages.steward.datasets)
  await person.press(TITLE)
  await person.arrives(TITLE)
  await person.press(words.datasets.next)
  await person.page.getByText(words.draft.missingNone).waitFor({ timeout: 60_000 })
  const begun = person.page.url()
  await person.press(words.pages.steward.datasets)
  await person.arrives(words.pages.steward.datasets)
  await person.sees(filled(words.datasets.nextOf, { title: TITLE }))
  await person.judges('datasets-with-draft')
  await person.press(TITLE)
  await person.arrives(TITLE)
  await person.press(words.datasets.next)
  await person.page.getByText(words.draft.missingNone).waitFor({ timeout: 60_000 })
  check('the next version is prepared once: its button leads to what was begun', person.page.url() === begun)
  const other = await person.page.context().newPage()
  await other.goto(begun)
  await other.getByText(words.draft.missingNone).waitFor()
  await person.pick(filled(words.draft.roleOf, { column: 'birth_date' }), words.draft.roles['quasi-identifying'])
  await person.press(words.draft.offerNext)
  await person.arrives(TITLE)
  await until('the institute has the second version', async () => (await listed(network))?.version === 2)
  check('the second version is in the institute\'s catalogue, by the command line', true)
  await other.getByRole('button', { name: words.draft.offerNext, exact: true }).click()
  await other.getByText(filled(words.draft.outdated, { version: 2 })).or(other.locator('[role="alert"]')).first().waitFor()
  check('what another window still shows is not offered over it', (await listed(network))?.version === 2)
  await other.close()
}

async function releases({ network }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<string> {
  await person.press(words.pages.steward.requests)
  await person.arrives(words.pages.steward.requests)
  await person.press(STUDY)
  await person.press(words.share.startAgain)
  await person.page.getByText(words.share.left).waitFor({ timeout: 60_000 })
  await person.judges('released')
  await person.press(words.share.another)
  await person.sees(words.share.anotherText)
  await person.judges('another')
  await person.press(words.share.anotherNot)
  check('another table is not one press away from the first', await person.page.getByRole('button', { name: words.share.anotherSure, exact: true }).count() === 0)
  await person.press(words.share.see)
  await person.arrives(filled(words.releases.one, { to: INSTITUTE }))
  const held = async (): Promise<HoldingRow | undefined> => (await holdings(network)).find((row) => row.request === request && row.state === 'held')
  await until('the institute holds the table', async () => await held() !== undefined)
  await person.sees(words.releases.received)
  check('the table that the gate let pass is held at the institute, by the command line, and her page shows by itself that it came', true)
  return (await held())?.release ?? ''
}

async function assesses({ network }: OnNetwork, { person, release }: { person: Person; release: string }): Promise<void> {
  await person.press(words.assess.sign)
  await person.sees(words.assess.stateError)
  await person.mark(words.assess.yes)
  await person.write(words.assess.because, 'The institute knows no patient of this hospital; each class has three people or more; the agreement forbids to look for anybody.')
  await person.write(words.assess.days, '90')
  await person.press(words.assess.sign)
  await person.press(words.assess.again)
  await until('the institute sees the assessment', async () => (await holdings(network)).find((row) => row.release === release)?.assessment?.state === 'anonymous')
  check('what she holds of the table stands at the institute, by the command line', true)
  await person.judges('assessed')
}

/** Her page of the release, which is open still. */
async function isGone(person: Person): Promise<void> {
  await person.sees(words.releases.deletedWithReceipt)
  check('what was deleted is assessed no more', await person.page.getByText(words.assess.title, { exact: true }).count() === 0)
  await person.press(words.pages.steward.releases)
  await person.arrives(words.pages.steward.releases)
  await person.sees(new RegExp(filled(words.releases.deleted, { date: '' })))
  await person.judges('releases-deleted')
  check('the list of releases says that it was deleted', await person.page.getByText(words.releases.stands, { exact: true }).count() === 0)
}

async function main(here: OnNetwork): Promise<void> {
  const { network } = here
  await inBrowser(log, async (arrive) => {
    const steward = await arrive(atDesk)
    await enter(steward, words, { link: await invitation(network, 'rome', ['steward', 'auditor']), check })
    await steward.arrives(words.pages.steward.requests)
    await imports(here, steward)
    await offers(here, steward)
    // Her neighbours choose on their own devices; the records are those that came through the page.
    mkdirSync(join(network.plan.folder, 'import'), { recursive: true })
    writeFileSync(join(network.plan.folder, 'import', 'rome.done'), '')
    await seedPeople(network, { patients: PATIENTS, data: defaultPatients(), citizens: PATIENTS - 1, say, hospitalsOf: () => ['rome'], profileOf: () => profileOf(8) })
    const researcher = await arrive(atDesk)
    await enter(researcher, words, { link: await invitation(network, 'institute', ['researcher']), check })
    const request = await asks(here, researcher)
    const phone = await arrive(onPhone)
    await permits(here, phone)
    await phone.close()
    await accepts(here, { person: steward, request })
    await agrees(here, { person: researcher, request })
    await isRefused({ person: steward })
    await offersNext(here, steward)
    const release = await releases(here, { person: steward, request })
    const [row] = (await at(network, 'rome', 'release', 'list') as readonly { id: string; considered: number }[]).filter(({ id }) => id === release)
    check(`all ${PATIENTS} people who permit it were considered, the one on her phone among them`, row?.considered === PATIENTS)
    await assesses(here, { person: steward, release })
    await takesAndDeletes(here, { person: researcher, release })
    await isGone(steward)
    await audits(steward)
    await researcher.close()
    await steward.close()
  })
}

await buildPages()
await onNetwork('table', { transcript: log }, main)
finish()

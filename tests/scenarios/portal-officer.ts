// An access body's officer at work: on her phone she refuses an application, revokes a permit, and issues one for a table; under it a steward releases the table and says what it
// is for its recipient, and the researcher takes it. Before, by the command line: a dataset, three applications, one of them permitted. Each act is checked from another node.
// Usage: npm run scenario -- portal-officer [--pictures FOLDER] [--keep] [--port N]
// Debian packages: chromium
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultPatients, profileOf, rosters, runJson, seedPeople } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { buildPages } from '@mhmd/portal'
import { professional as english } from '@mhmd/portal/professional-en'
import { professional as italian } from '@mhmd/portal/professional-it'
import { atDesk, filled, inBrowser, onPhone } from './support/browser.ts'
import type { Person } from './support/browser.ts'
import { onNetwork, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { refusedWith, requestView } from './support/requests.ts'
import { enter, invitation } from './support/staff-steps.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('portal-officer')
const { say, check, finish } = log

const PATIENTS = 30
const K = 3
const BEDS = 'Beds again'
const WOMEN = 'Women in two regions'
const AGES = 'Ages in cardiology'
const REFUSED = 'The figure is published already.'
const REVOKED = 'Nothing was published in two years.'
const ROME = 'Rome Hospital'
const INSTITUTE = 'Institute for Heart Research'

interface Permit {
  readonly request: string
  readonly title: string | null
  readonly state: string
  readonly reason: string
  readonly explanation: string | null
  readonly permit: { readonly conditions: readonly string[] | null } | null
  readonly deliveries: readonly { readonly holder: string; readonly first: number | null; readonly late: boolean }[]
}
interface Release {
  readonly id: string
  readonly request: string
  readonly considered: number
  readonly table?: { readonly digest: string; readonly received?: number }
}
interface Holding {
  readonly release: string
  readonly request: string
  readonly state: string
}

/** Requests by what is asked in them. */
interface Filed {
  readonly beds: string
  readonly women: string
  readonly ages: string
}

const at = <T>(network: DevNetwork, member: string, ...args: readonly string[]): Promise<T> => runJson<T>([...args, '--profile', network.profile(member)])
const permitAt = async (network: DevNetwork, member: string, request: string): Promise<Permit | undefined> => (await at<Permit[]>(network, member, 'permit', 'list')).find((row) => row.request === request)
const releaseOf = async (network: DevNetwork, request: string): Promise<Release | undefined> => (await at<Release[]>(network, 'rome', 'release', 'list')).find((row) => row.request === request)

/** Its conditions come with the document, after the ledger's word. */
const hasDocument = (row: Permit | undefined): boolean => Array.isArray(row?.permit?.conditions)

const dataset = {
  format: 'mhmd-dataset/1', title: 'Patients', summary: '', categories: ['a'],
  view: { resource: 'Patient', select: [{ column: [{ name: 'sex', path: 'gender' }, { name: 'birth', path: 'birthDate' }] }] },
  columns: [{ name: 'sex', role: 'quasi-identifying', reason: 'Known to everybody' }, { name: 'birth', role: 'quasi-identifying', reason: 'Known to neighbours', values: 'date', hierarchy: { type: 'date', units: ['year', 'decade', 'century'] } }],
  scenario: { attacker: 'prosecutor', knows: ['sex', 'birth'], text: 'A neighbour' },
  policy: { forms: ['anonymised'], models: [{ type: 'k-anonymity', k: K }], suppressionLimit: 0.5, thresholds: { highestRisk: 0.34, averageRisk: 0.34, uniques: 0, distinctValues: 1 } },
}

/** What stands before the officer comes to work: three applications, the second of them permitted. */
async function before({ network, folder }: OnNetwork): Promise<Filed> {
  const written = (name: string, document: object): string => {
    const file = join(folder, name)
    writeFileSync(file, JSON.stringify(document))
    return file
  }
  const offered = await at<{ dataset: string }>(network, 'rome', 'dataset', 'offer', '--document', written('dataset.json', dataset))
  await until('the institute has it in its catalogue', async () => (await at<{ datasets: { dataset: string; entry: object | null }[] }>(network, 'institute', 'catalogue', 'list')).datasets.some((row) => row.dataset === offered.dataset && row.entry !== null))
  const count = { holders: ['rome'], class: 'research-organisation', summary: 'A count under a permit.', purpose: 'official-statistics', categories: ['a'], fhirTypes: ['Patient'], question: { all: [{ type: 'sex', value: 'female' }] }, days: 30 }
  const table = { class: 'research-organisation', title: AGES, summary: 'How old are the people whom a study of hearts could ask?', purpose: 'health-research', days: 60 }
  const file = async (document: object, ...more: readonly string[]): Promise<string> => (await at<{ request: string }>(network, 'institute', 'request', 'file', '--document', written('application.json', document), '--authority', 'access', ...more)).request
  const filed = { women: await file({ ...count, title: WOMEN }), beds: await file({ ...count, title: BEDS }), ages: await file(table, '--dataset', `rome/${offered.dataset}`, '--form', 'anonymised') }
  for (const request of Object.values(filed)) await until('the access body has each application', async () => typeof (await permitAt(network, 'access', request))?.title === 'string')
  await at(network, 'access', 'permit', 'issue', '--request', filed.women, '--explanation', 'Of public interest.')
  for (const node of ['rome', 'institute']) await until(`${node} has the permit`, async () => hasDocument(await permitAt(network, node, filed.women)))
  return filed
}

async function refuses({ network }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<void> {
  const words = italian
  await person.arrives(words.pages.officer.applications)
  const titles = await person.page.locator('tbody tr').allTextContents()
  check('what waits for her stands before what is decided', titles.length === 3 && titles[2]?.includes(WOMEN) === true)
  await person.write(words.list.filter, 'beds')
  await person.page.locator('tbody tr', { hasText: AGES }).waitFor({ state: 'detached' })
  await person.press(BEDS)
  await person.arrives(BEDS)
  await person.mark(words.officer.acts.refuse)
  await person.press(words.officer.submit.refuse)
  await person.sees(words.officer.becauseError)
  await person.sees(words.officer.reasonError)
  await person.mark(words.officer.reasons.DATA_NOT_NECESSARY)
  await person.write(words.officer.because, REFUSED)
  await person.judges('to-refuse')
  await person.press(words.officer.submit.refuse)
  await person.sees(words.permit.states.refused)
  await until('the institute hears why', async () => (await permitAt(network, 'institute', request))?.explanation === REFUSED)
  const row = await permitAt(network, 'institute', request)
  check('the refusal is at the applicant with its reason as a code and in words, by the command line', row?.state === 'refused' && row.reason === 'DATA_NOT_NECESSARY')
  check('and nothing is left to decide', await person.page.getByText(words.officer.decide, { exact: true }).count() === 0)
  await person.judges('refused')
}

async function revokes({ network }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<void> {
  const words = italian
  await at(network, 'institute', 'request', 'ask', '--request', request)
  await until('rome answered under the permit', async () => (await requestView(network, request)).answered.length === 1)
  await person.press(words.pages.officer.applications)
  await person.arrives(words.pages.officer.applications)
  await person.press(WOMEN)
  await person.arrives(WOMEN)
  await person.press(words.officer.revoke)
  await person.press(words.officer.revokeSure)
  await person.sees(words.officer.becauseError)
  await person.write(words.officer.because, REVOKED)
  await person.press(words.officer.revokeSure)
  await person.sees(words.officer.reasonError)
  check('a reason that can\'t be taken back is chosen by nobody but her', (await permitAt(network, 'institute', request))?.state === 'issued')
  await person.mark(words.officer.revokeReasons.NO_LONGER_NEEDED)
  await person.judges('to-revoke')
  await person.press(words.officer.revokeSure)
  await person.sees(words.permit.states.revoked)
  for (const node of ['rome', 'institute']) await until(`${node} knows of the revocation`, async () => (await permitAt(network, node, request))?.explanation === REVOKED)
  const rows = await Promise.all(['rome', 'institute'].map((node) => permitAt(network, node, request)))
  check('the revocation is at holder and applicant with its reason, by the command line', rows.every((row) => row?.state === 'revoked' && row.reason === 'NO_LONGER_NEEDED'))
  await refusedWith(log, { code: 'NODE_PERMIT_NOT_IN_FORCE', what: 'after it nothing more is answered', args: ['request', 'ask', '--profile', network.profile('institute'), '--request', request] })
  check('what was answered before stays', (await requestView(network, request)).answered.length === 1)
}

async function issues({ network }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<void> {
  const words = italian
  await person.press(words.pages.officer.applications)
  await person.arrives(words.pages.officer.applications)
  await person.press(AGES)
  await person.arrives(AGES)
  await person.mark(words.officer.acts.issue)
  await person.write(words.officer.because, 'It prepares a study of public interest.')
  await person.press(words.officer.submit.issue)
  await person.sees(words.officer.heldError)
  await person.mark(words.permit.form.assessed)
  await person.judges('to-issue-a-table')
  await person.press(words.officer.submit.issue)
  await person.sees(words.permit.states.issued)
  for (const node of ['rome', 'institute']) await until(`${node} has the permit`, async () => hasDocument(await permitAt(network, node, request)))
  const row = await permitAt(network, 'rome', request)
  check('the permit is at the holder and binds the table to no secure environment, by the command line', row?.state === 'issued' && row.permit?.conditions?.includes('secure-processing-environment') === false)
}

/** Nobody's consent is asked; the gate measures, and what it let pass waits for a person's word. */
async function releases({ network }: OnNetwork, { steward, researcher, request }: { steward: Person; researcher: Person; request: string }): Promise<string> {
  const words = english
  await steward.arrives(words.pages.steward.requests)
  await steward.press(AGES)
  await steward.arrives(AGES)
  await steward.write(words.share.days, '10')
  await steward.press(words.share.offer)
  await researcher.arrives(words.pages.researcher.requests)
  await researcher.press(words.pages.researcher.holdings)
  await researcher.press(words.holdings.accept)
  await steward.sees(words.share.accepted)
  await steward.press(words.share.start)
  await steward.page.getByText(words.share.passed).waitFor({ timeout: 60_000 })
  await steward.judges('passed-under-a-permit')
  const release = await releaseOf(network, request)
  check(`all ${PATIENTS} people were considered, none of whom was asked, by the command line`, release?.considered === PATIENTS)
  const held = await at<Holding[]>(network, 'institute', 'holding', 'list')
  check('what the gate let pass has not left, by the command line of the institute', held.every((row) => row.request !== request))
  return release?.id ?? ''
}

async function assesses({ network }: OnNetwork, { person, release }: { person: Person; release: string }): Promise<void> {
  const words = english
  await person.press(words.share.see)
  await person.arrives(filled(words.releases.one, { to: INSTITUTE }))
  await person.sees(words.releases.waitsForAssessment)
  await person.mark(words.assess.yes)
  await person.write(words.assess.because, 'The institute knows no patient of this hospital; each class has three people or more; the permit forbids to look for anybody.')
  await person.write(words.assess.days, '30')
  await person.judges('to-assess-under-a-permit')
  await person.press(words.assess.sign)
  await until('the institute holds the table', async () => (await at<Holding[]>(network, 'institute', 'holding', 'list')).some((row) => row.release === release && row.state === 'held'))
  check('after the steward\'s word the table is at the institute, by the command line', true)
}

async function takes({ network, folder }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<void> {
  const words = english
  await person.page.reload()
  await person.sees(filled(words.holdings.from, { name: ROME, form: words.formNames.anonymised }))
  await person.judges('table-under-a-permit')
  const saved = person.page.waitForEvent('download')
  await person.press(words.holdings.download)
  const file = join(folder, 'table.csv')
  await (await saved).saveAs(file)
  const text = readFileSync(file, 'utf8')
  check('what she downloads is what the gate let pass, byte by byte, as rome\'s command line tells', createHash('sha256').update(text).digest('base64url') === (await releaseOf(network, request))?.table?.digest)
  const [header, ...rows] = text.trimEnd().split('\n')
  const classes = [...Map.groupBy(rows, (row) => row)].filter(([row]) => !/^(\*,)*\*$/.test(row))
  check(`it has the dataset's columns and no class of fewer than ${K} people (${classes.length} classes, ${rows.length} rows)`, header === 'sex,birth' && rows.length <= PATIENTS && classes.length > 0 && classes.every(([, alike]) => alike.length >= K))
}

async function seesDelivery({ network }: OnNetwork, { person, request }: { person: Person; request: string }): Promise<void> {
  const words = italian
  await until('the access body knows of the delivery', async () => ((await permitAt(network, 'access', request))?.deliveries[0]?.first ?? 0) > 0)
  await person.press(words.pages.officer.deliveries)
  await person.arrives(words.pages.officer.deliveries)
  await person.sees(words.officer.lateNone)
  await person.page.locator('tbody tr', { hasText: AGES }).getByText(words.permit.delivered.split('{{')[0] ?? '').waitFor()
  check('the officer sees that rome delivered the table, and that nobody is late', true)
}

async function main(here: OnNetwork): Promise<void> {
  const { network } = here
  await seedPeople(network, { patients: PATIENTS, data: defaultPatients(), citizens: 1, say, hospitalsOf: () => ['rome'], profileOf: () => profileOf(0) })
  const { beds, women, ages } = await before(here)
  await inBrowser(log, async (arrive) => {
    const officer = await arrive(onPhone)
    await enter(officer, italian, { link: await invitation(network, 'access', ['officer']), check })
    await refuses(here, { person: officer, request: beds })
    await revokes(here, { person: officer, request: women })
    await issues(here, { person: officer, request: ages })
    const steward = await arrive(atDesk)
    await enter(steward, english, { link: await invitation(network, 'rome', ['steward']), check })
    const researcher = await arrive(atDesk)
    await enter(researcher, english, { link: await invitation(network, 'institute', ['researcher']), check })
    const release = await releases(here, { steward, researcher, request: ages })
    await assesses(here, { person: steward, release })
    await takes(here, { person: researcher, request: ages })
    await seesDelivery(here, { person: officer, request: ages })
    for (const person of [researcher, steward, officer]) await person.close()
  })
}

await buildPages()
await onNetwork('officer', { transcript: log, organisations: rosters.permits }, main)
finish()

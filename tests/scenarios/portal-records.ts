// A steward and the desk with the records themselves, in a real browser: an import with what was found in it, profiles, patients under two numbers put together and taken
// apart, a key on the wrong patient, a link code, an erasure by the data protection officer. By keyboard at a desk and by touch at 390 px; each act is checked by the command line.
// Usage: npm run scenario -- portal-records [--pictures FOLDER] [--keep]
// Debian packages: chromium
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultPatients, profileOf, runCommand, runJson, seedPeople } from '@mhmd/devnet'
import type { SeededCitizen } from '@mhmd/devnet'
import { buildPages } from '@mhmd/portal'
import { professional as english } from '@mhmd/portal/professional-en'
import { professional as italian } from '@mhmd/portal/professional-it'
import { atDesk, filled, inBrowser, onPhone } from './support/browser.ts'
import type { Person } from './support/browser.ts'
import { onNetwork, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { enter, invitation } from './support/staff-steps.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('portal-records')
const { say, check, finish } = log
type Words = typeof italian

const SYSTEM = 'urn:example:records'
const PROFILE = 'http://example.org/StructureDefinition/named-patient'
const profile = { resourceType: 'StructureDefinition', url: PROFILE, name: 'NamedPatient', status: 'active', kind: 'resource', abstract: false, type: 'Patient', baseDefinition: 'http://hl7.org/fhir/StructureDefinition/Patient', derivation: 'constraint', differential: { element: [{ id: 'Patient.name', path: 'Patient.name', min: 1 }] } }
/** Stands in what stays out: nothing of it may be shown or saved. */
const MARK = 'Zzyzx-marked'

interface Merge { readonly id: string; readonly state: string; readonly by: string | null; readonly reason: string | null; readonly ended: { readonly reason: string | null } | null; readonly link: { readonly patient: string } | null }

interface Walk extends OnNetwork {
  readonly person: Person
  readonly words: Words
  /** Before all names of this walk's patients. */
  readonly own: string
}

const identifier = (own: string, index: number): string => `${own}-${index}`
const patient = (own: string, index: number, more: object = {}): object => ({ resourceType: 'Patient', id: identifier(own, index), identifier: [{ system: SYSTEM, value: identifier(own, index) }], name: [{ family: MARK }], ...more })
const ndjson = (folder: string, name: string, resources: readonly object[]): string => {
  const file = join(folder, name)
  writeFileSync(file, resources.map((resource) => `${JSON.stringify(resource)}\n`).join(''))
  return file
}
const merges = ({ network }: OnNetwork): Promise<readonly Merge[]> => runJson<Merge[]>(['records', 'merges', '--profile', network.profile('rome')])

/** Sends a file from the page, and waits on the import's own page. */
async function sends({ person, words }: Walk, file: string, level: 'structure' | 'full'): Promise<string> {
  await person.press(words.pages.steward.imports)
  await person.arrives(words.pages.steward.imports)
  await person.page.getByLabel(words.imports.file).setInputFiles(file)
  await person.mark(words.imports.levels[level])
  await person.press(words.imports.send)
  await person.arrives(file.split('/').at(-1) ?? '')
  await person.sees(words.jobs.states.done)
  return person.page.url().split('/').at(-1) ?? ''
}

async function imports(walk: Walk): Promise<void> {
  const { network, folder, person, words, own } = walk
  await runJson(['records', 'import', '--profile', network.profile('rome'), ndjson(folder, `${own}-by-command.ndjson`, [patient(own, 1), patient(own, 2)])])
  await person.press(words.pages.steward.imports)
  await person.arrives(words.pages.steward.imports)
  await person.sees(`${own}-by-command.ndjson`)
  await person.sees(words.imports.ways['command-line'])
  const bad = Array.from({ length: 60 }, (_, index) => ({ resourceType: 'Condition', id: `${own}-bad-${index}`, subject: { reference: `Patient/${identifier(own, 3)}` }, code: MARK }))
  const id = await sends(walk, ndjson(folder, `${own}-wards.ndjson`, [patient(own, 3), patient(own, 4, { link: [{ other: { reference: `Patient/${identifier(own, 3)}` }, type: 'seealso' }] }), patient(own, 5), patient(own, 6), ...bad]), 'structure')
  await person.sees('FHIR_WRONG_TYPE')
  await person.sees('Condition.code')
  await person.judges('import with findings')
  check('what stayed out is told by code and place', (await person.page.locator('main').textContent() ?? '').includes('60') && !(await person.page.locator('main').textContent() ?? '').includes(MARK))
  const saving = person.page.waitForEvent('download')
  await person.press(words.imports.save)
  const saved = readFileSync(await (await saving).path(), 'utf8')
  const told = await runJson<{ code: string }[]>(['records', 'quarantine', '--profile', network.profile('rome'), '--import', id])
  check('the saved list is all of it, as the command line tells it, and holds no value', saved.trimEnd().split('\r\n').length === told.length + 1 && told.length >= 60 && !saved.includes(MARK))
  await person.press(words.list.next)
  await until('the second page is drawn', async () => await person.page.locator('tbody tr', { hasText: 'FHIR_WRONG_TYPE' }).count() > 50)
  check('rows beyond the first page come on demand', true)
}

async function profiles(walk: Walk): Promise<void> {
  const { network, folder, person, words, own } = walk
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  await person.press(words.pages.steward.profiles)
  await person.arrives(words.pages.steward.profiles)
  const adds = async (path: string): Promise<void> => {
    await person.page.getByLabel(words.profiles.file).setInputFiles(path)
    await person.press(words.profiles.add)
  }
  await adds(file('not.json', 'not JSON'))
  await person.sees(words.profiles.notJson)
  await adds(file('other.json', JSON.stringify({ resourceType: 'Patient' })))
  await person.sees(words.profiles.notProfile)
  await adds(file('unsound.json', JSON.stringify({ ...profile, derivation: 'specialization' })))
  await person.sees('FHIR_NOT_A_PROFILE')
  await person.judges('profile refused')
  await adds(file('named.json', JSON.stringify(profile)))
  await person.sees(filled(words.profiles.added, { url: PROFILE, type: 'Patient' }))
  const kept = (): Promise<readonly { url: string }[]> => runJson(['records', 'profile', 'list', '--profile', network.profile('rome')])
  check('the profile is kept, by the command line', (await kept()).some(({ url }) => url === PROFILE))
  await sends(walk, ndjson(folder, `${own}-held.ndjson`, [{ ...patient(own, 7), meta: { profile: [PROFILE] }, name: undefined }]), 'full')
  await person.sees('FHIR_PROFILE_MISSING')
  await person.sees(PROFILE)
  await person.press(words.pages.steward.profiles)
  await person.arrives(words.pages.steward.profiles)
  await person.press(`${words.profiles.remove} ${PROFILE}`)
  await person.press(`${words.profiles.removeSure} ${PROFILE}`)
  await until('it is gone, by the command line', async () => (await kept()).length === 0)
  check('a profile that is removed is gone, by the command line', true)
}

/** Writes who is meant, in the nth question of a page. */
async function names({ person, words }: Walk, nth: number, value: string): Promise<void> {
  for (const [label, text] of [[words.patients.value, value], [words.patients.system, SYSTEM]] as const) {
    const field = person.page.getByLabel(label, { exact: true }).nth(nth)
    await field.focus()
    await person.page.keyboard.press('Control+A')
    await person.page.keyboard.type(text)
  }
}

async function patients(walk: Walk): Promise<void> {
  const { person, words, own } = walk
  await person.press(words.pages.desk.merges)
  await person.arrives(words.pages.desk.merges)
  await person.press(`${words.merges.decide} Patient/${identifier(own, 4)} Patient/${identifier(own, 3)}`)
  await person.press(words.merges.record)
  await person.sees(words.merges.verdictError)
  await person.mark(filled(words.merges.oneStays, { name: `Patient/${identifier(own, 3)}` }))
  await person.press(words.merges.record)
  await person.sees(words.merges.whyError)
  await person.mark(words.merges.reasons.PATIENT_SAYS_SO)
  await person.judges('a proposal decided')
  await person.press(words.merges.record)
  await until('the proposal is followed', async () => (await merges(walk)).some(({ state, reason, by, link }) => state === 'merged' && reason === 'PATIENT_SAYS_SO' && by !== null && link?.patient === `Patient/${identifier(own, 4)}`))
  check('a proposal followed in the browser is a merge with reason and author, by the command line', true)
  await person.press(words.merges.new)
  await person.arrives(words.merges.new)
  await names(walk, 0, identifier(own, 5))
  await names(walk, 1, 'nobody')
  await person.press(words.merges.check)
  await person.sees(words.patients.unknown)
  await names(walk, 1, identifier(own, 6))
  await person.press(words.merges.check)
  await person.sees(words.merges.consequences)
  await person.press(words.merges.confirm)
  await person.sees(words.merges.whyError)
  await person.judges('a merge before it is confirmed')
  await person.mark(words.merges.reasons.REGISTERED_TWICE)
  await person.press(words.merges.confirm)
  await person.sees(words.merges.done)
  check('no identifier stands in the address', !person.page.url().includes(identifier(own, 5)))
  check('a merge in the browser is one by the command line', (await merges(walk)).some(({ state, reason, link }) => state === 'merged' && reason === 'REGISTERED_TWICE' && link === null))
  await person.press(words.merges.toList)
  await person.arrives(words.pages.desk.merges)
  await names(walk, 0, identifier(own, 5))
  await person.press(words.merges.findSubmit)
  await person.sees(filled(words.merges.numbers_other, { count: 2 }))
  const form = person.page.locator('form', { has: person.page.getByText(words.merges.findWho) })
  await form.getByRole('button', { name: words.merges.end }).focus()
  await person.page.keyboard.press('Enter')
  await person.sees(words.merges.endText)
  await person.pick(words.merges.why, words.merges.endReasons.PATIENT_SAYS_SO)
  await form.getByRole('button', { name: words.merges.endSure }).focus()
  await person.page.keyboard.press('Enter')
  await until('it is ended', async () => (await merges(walk)).some(({ state, ended }) => state === 'ended' && ended?.reason === 'PATIENT_SAYS_SO'))
  check('what is taken apart in the browser is ended with its reason, by the command line', true)
}

async function wrongLink(walk: Walk, { folder: device, patient: linked }: SeededCitizen): Promise<void> {
  const { person, words } = walk
  const reads = (): Promise<string> => runCommand(['citizen', 'access-log', '--device', device, '--holder', 'rome']).then(() => '', (error: Error) => error.message)
  check('her key reads what is hers, by her command line', await reads() === '')
  await person.press(words.pages.desk['wrong-link'])
  await person.arrives(words.pages.desk['wrong-link'])
  await person.press(words.wrongLink.close)
  await person.sees(words.wrongLink.sureError)
  await person.write(words.patients.value, linked.identifier.value)
  await person.write(words.patients.system, linked.identifier.system)
  await person.mark(words.wrongLink.sure)
  await person.press(words.wrongLink.close)
  await person.sees(words.wrongLink.closed.split('{{')[0]?.trim() ?? '')
  check('a key closed in the browser reads nothing any more, by her command line (NODE_KEY_UNKNOWN)', (await reads()).includes('NODE_KEY_UNKNOWN'))
}

/** A code made on the page links the patient's own account, by her command line; then she asks the data protection officer to erase her. */
async function codeAndErasure(walk: Walk): Promise<void> {
  const { network, folder, person, words, own } = walk
  await person.press(words.pages.desk['link-code'])
  await person.arrives(words.pages.desk['link-code'])
  await person.press(words.linkCode.make)
  await person.sees(words.patients.unnamed)
  await names(walk, 0, identifier(own, 1))
  await person.press(words.linkCode.make)
  await person.sees(words.linkCode.made)
  await person.judges('link-code')
  const code = await person.page.locator('.link-code').textContent() ?? ''
  const device = join(folder, `${own}-device`)
  await runJson(['citizen', 'new', '--device', device, '--provider-url', network.url('accounts')])
  await runJson(['citizen', 'enrol', '--device', device, '--holder', 'rome', '--code', code])
  const shown = async (): Promise<readonly { holder: string; view: { erased: object | null } }[]> => runJson(['citizen', 'show', '--device', device])
  check('the code from the page links her own account, by her command line', (await shown()).some(({ holder, view }) => holder === 'rome' && view.erased === null))
  await person.press(words.linkCode.next)
  check('it is not shown again', await person.page.getByText(code).count() === 0)

  const held = async (): Promise<number> => (await runJson<{ subjects: number }>(['records', 'status', '--profile', network.profile('rome')])).subjects
  const before = await held()
  await person.press(words.pages.dpo.erasure)
  await person.arrives(words.pages.dpo.erasure)
  await names(walk, 0, identifier(own, 1))
  await person.press(words.erasure.erase)
  await person.sees(words.erasure.sureError)
  check('nothing is erased before it is said to be checked', await held() === before)
  await person.mark(words.erasure.sure)
  await person.press(words.erasure.erase)
  await person.sees(words.erasure.handOver)
  await person.judges('erased')
  const saving = person.page.waitForEvent('download')
  await person.press(words.erasure.save)
  const { statement } = JSON.parse(readFileSync(await (await saving).path(), 'utf8')) as { statement: { kind: string; outcome: string } }
  check('the saved statement says that she was erased', statement.kind === 'erasure' && statement.outcome === 'purged')
  check('she is held no more, by the command line, and her own device says so', await held() === before - 1 && (await shown()).some(({ holder, view }) => holder === 'rome' && view.erased !== null))
}

async function main(at: OnNetwork): Promise<void> {
  const { citizens } = await seedPeople(at.network, { patients: 2, data: defaultPatients(), citizens: 2, say, hospitalsOf: () => ['rome'], profileOf: () => profileOf(0) })
  await inBrowser(log, async (arrive) => {
    for (const [index, [who, words, own]] of ([[atDesk, english, 'desk'], [onPhone, italian, 'phone']] as const).entries()) {
      const person = await arrive(who)
      const walk: Walk = { ...at, person, words, own }
      await enter(person, words, { link: await invitation(at.network, 'rome', ['steward', 'desk', 'dpo']), check })
      await person.arrives(words.pages.steward.requests)
      await imports(walk)
      await profiles(walk)
      await patients(walk)
      await wrongLink(walk, citizens[index] as SeededCitizen)
      await codeAndErasure(walk)
      await person.close()
    }
  })
}

await buildPages()
await onNetwork('records', { transcript: log }, main)
finish()

// Staff at their pages in a real browser: a steward imports, decides and sees what left; a researcher asks and reads the answers; an auditor checks a proof in the
// browser; an operator looks after the node. By keyboard at a desk and by touch at 390 px; each act is checked from another node by the command line.
// Usage: npm run scenario -- portal-professional [--pictures FOLDER] [--keep]
// Debian packages: chromium
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultPatients, patientsOf, profileOf, readBundle, runJson, seedPeople } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { buildPages } from '@mhmd/portal'
import { professional as english } from '@mhmd/portal/professional-en'
import { professional as italian } from '@mhmd/portal/professional-it'
import { atDesk, filled, inBrowser, onPhone } from './support/browser.ts'
import type { Person } from './support/browser.ts'
import { onNetwork, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { fileRequest, requestView, untilArrived } from './support/requests.ts'
import { bestQuestion, readRaw } from './support/share-oracle.ts'
import { enter, invitation, staffOf } from './support/staff-steps.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('portal-professional')
const { say, check, finish } = log
type Words = typeof italian

const PATIENTS = 30

/** A request that she refuses, with a reason from the list. */
async function refuses(at: OnNetwork, { person, words }: { person: Person; words: Words }): Promise<void> {
  const title = 'Sleep and where people live'
  const request = await fileRequest(at, { holders: ['rome'], title, question: { all: [{ type: 'sex', value: 'female' }] } })
  await person.press(title)
  await person.arrives(title)
  await person.mark(words.request.refuse)
  await person.press(words.request.record)
  await person.sees(words.officer.reasonError)
  await person.mark(words.request.reasons.DATA_NOT_NECESSARY)
  await person.judges('to-refuse')
  await person.press(words.request.record)
  await person.sees(words.request.refused)
  await until('the institute hears why', async () => (await requestView(at.network, request)).answers['rome']?.reason === 'DATA_NOT_NECESSARY')
  check('a refusal and its reason are known at the institute, by the command line', true)
  await person.press(words.pages.steward.requests)
}

async function steward(at: OnNetwork, { person, words, title, request }: { person: Person; words: Words; title: string; request: string }): Promise<void> {
  const { network, folder } = at
  await person.arrives(words.pages.steward.requests)
  await refuses(at, { person, words })
  await person.press(title)
  await person.arrives(title)
  await person.press(words.request.record)
  await person.sees(words.request.decideError)
  await person.mark(words.request.accept)
  await person.press(words.request.record)
  await person.sees(words.request.accepted)
  await until('the institute hears of it', async () => (await requestView(network, request)).answers['rome']?.state === 'accepted')
  check('the steward\'s decision is known at the institute, by the command line', true)
  await runJson(['request', 'ask', '--profile', network.profile('institute'), '--request', request])

  await person.press(words.pages.steward.imports)
  await person.arrives(words.pages.steward.imports)
  await person.press(words.imports.send)
  await person.sees(words.imports.noFile)
  const before = (await runJson<{ subjects: number }>(['records', 'status', '--profile', network.profile('rome')])).subjects
  const [patient] = patientsOf(defaultPatients(), PATIENTS + 1).slice(PATIENTS)
  if (patient === undefined) throw new Error('no patient is left to import')
  const file = join(folder, 'patient.json')
  writeFileSync(file, JSON.stringify(readBundle(patient)))
  await person.page.getByLabel(words.imports.file).setInputFiles(file)
  await person.press(words.imports.send)
  await until('the record is there', async () => (await runJson<{ subjects: number }>(['records', 'status', '--profile', network.profile('rome')])).subjects === before + 1)
  check('what the steward imports in the browser is held, by the command line', true)
  await person.sees(words.jobs.states.done)
  await person.press(words.pages.steward.imports)
  await person.page.getByLabel(words.imports.file).setInputFiles({ name: 'spaces.ndjson', mimeType: 'application/x-ndjson', buffer: Buffer.from(' \n\n') })
  await person.press(words.imports.send)
  await person.sees('NODE_FILE_EMPTY')
  await person.judges('empty-import')
  check('a file of white space is not said to have been taken', await person.page.getByText(words.imports.clean).count() === 0)
  for (const address of ['nothing', 'requests/no-id']) {
    await person.page.goto(new URL(`/pro/steward/${address}`, person.page.url()).href)
    await person.arrives(words.notFound)
  }
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
  await person.press(words.pages.operator.jobs)
  await person.arrives(words.jobs.title)
  await person.press((await person.page.locator('tbody a.row').first().textContent()) ?? '')
  await person.arrives(filled(words.jobs.one, { kind: '' }).trim())
  await person.press(words.pages.operator.network)
  await person.arrives(words.network.title)
  await person.sees(words.network.level)
  const shown = (await runJson<{ members: { name: string }[] }>(['member', 'list', '--profile', network.profile('berlin')])).members.map(({ name }) => name)
  const body = await person.page.textContent('main') ?? ''
  check('the network\'s page has every member that another node has, and who is level', shown.length > 3 && shown.every((name) => body.includes(name)))
  check('what is done on the machine is shown to an administrator, as it has to be typed', body.includes(`mhmd node run --home ${network.home('rome')}`))
  await person.press(words.pages.operator.members)
  await person.arrives(words.members.title)
  await person.page.reload()
  await person.arrives(words.members.title)
  check('a session and a deep link survive a reload', person.page.url().endsWith('/pro/operator/members'))
  await person.press(words.signOut)
  await person.arrives(words.signIn.title)
  await person.press(words.signIn.submit)
  await person.arrives(words.members.title)
  check('the passkey opens a new session, at the page she left', true)
}

/** What the left edge of the rooms' strip cuts. */
const cutInStrip = ({ page }: Person): Promise<string> => page.locator('.rooms').evaluate((strip) => {
  const edge = strip.getBoundingClientRect().left
  return [...strip.querySelectorAll('h2, li')].filter((one) => one.getBoundingClientRect().left < edge - 1 && one.getBoundingClientRect().right > edge + 1).map((one) => one.textContent).join()
})

/** By signing out in another tab of the same browser, which ends the session of both. */
async function endsElsewhere({ page }: Person, words: Words): Promise<void> {
  const other = await page.context().newPage()
  await other.goto(page.url())
  await other.getByRole('button', { name: words.signOut, exact: true }).press('Enter')
  await other.getByRole('heading', { name: words.signIn.title, exact: true }).waitFor()
  await other.close()
}

async function researcher({ network, folder }: OnNetwork, { person, words, title, request }: { person: Person; words: Words; title: string; request: string }): Promise<void> {
  await person.arrives(words.pages.researcher.requests)
  await person.press(title)
  await person.arrives(title)
  await person.sees(/± 4/)
  await person.press(words.messages.send)
  await person.sees(words.messages.empty)
  await person.write(words.messages.write, 'Which codes stand for work at night?')
  await person.press(words.messages.send)
  const written = (member: string): Promise<readonly { text: string; from: string }[]> => runJson(['request', 'messages', '--profile', network.profile(member), '--request', request])
  await until('the message is at rome', async () => (await written('rome')).some(({ text, from }) => from === 'institute' && text.startsWith('Which codes')))
  check('what the researcher writes is at rome, by the command line', true)
  const answer = join(folder, 'answer.txt')
  writeFileSync(answer, 'SNOMED CT 224362002.')
  await runJson(['request', 'message', '--profile', network.profile('rome'), '--request', request, '--to', 'institute', '--text', answer])
  await person.sees('SNOMED CT 224362002.')
  check('what rome answers by the command line is on the researcher\'s page', true)
  await person.press(words.pages.operator.network)
  await person.arrives(words.network.title)
  await person.sees(words.network.askAdministrator)
  check('who is no administrator is shown no command', !(await person.page.textContent('main') ?? '').includes('mhmd node'))
  await person.press(words.pages.researcher.new)
  await person.arrives(words.pages.researcher.new)
  await person.press(words.new.file)
  await person.sees(words.new.missing.holders)
  check('the first wrong question is seen to be asked, whichever way the form was sent', await person.page.locator('.option:has(:focus)').evaluate((option) => option.ownerDocument.defaultView?.getComputedStyle(option).outlineStyle) === 'solid')
  await person.mark('Berlin Hospital')
  await person.write(words.new.title, 'Sleep and pain')
  await person.press(words.new.file)
  await person.sees(words.new.missing.summary)
  await person.write(words.new.summary, 'Do people in pain sleep badly?')
  await person.write(words.new.code, '59621000')
  await endsElsewhere(person, words)
  await person.press(words.new.file)
  await person.arrives(words.signIn.title)
  await person.press(words.signIn.submit)
  await person.press(words.new.file)
  await person.arrives('Sleep and pain')
  check('what was typed when her session ended is there after she signed in again', true)
  await until('berlin has the request', async () => (await runJson<{ document: { title: string } }[]>(['request', 'inbox', '--profile', network.profile('berlin')])).some(({ document }) => document.title === 'Sleep and pain'))
  check('what the researcher files is in berlin\'s inbox, by the command line', true)
  for (const page of ['catalogue', 'holdings', 'figures'] as const) {
    await person.press(words.pages.researcher[page])
    await person.arrives(words.pages.researcher[page])
  }
  check('the strip of rooms begins with a whole word', await cutInStrip(person) === '')
}

/** Invitations from the page: one that a colleague takes in another browser, and one that is taken back before she can. */
async function administrator(network: DevNetwork, { person, words, colleague }: { person: Person; words: Words; colleague: (link: string) => Promise<void> }): Promise<void> {
  await person.press(words.pages.administrator.colleagues)
  await person.arrives(words.pages.administrator.colleagues)
  await person.press(words.colleagues.submit)
  await person.sees(words.colleagues.rolesError)
  await person.mark(words.roles.auditor)
  await person.press(words.colleagues.submit)
  await person.sees(words.colleagues.made)
  const link = await person.page.locator('.invitation-link').textContent() ?? ''
  const before = (await runJson<object[]>(['staff', 'list', '--profile', network.profile('rome')])).length
  await colleague(link)
  check('a colleague who took the invitation is registered, by the command line', (await runJson<object[]>(['staff', 'list', '--profile', network.profile('rome')])).length === before + 1)
  await person.mark(words.roles.dpo)
  await person.press(words.colleagues.submit)
  await until('a second link is shown', async () => ![link, null].includes(await person.page.locator('.invitation-link').textContent()))
  const second = await person.page.locator('.invitation-link').textContent() ?? ''
  const [id = '', secret = ''] = (second.split('=').at(-1) ?? '').split('.')
  await person.press(`${words.colleagues.withdraw} ${id}`)
  await person.sees(words.colleagues.noneOpen)
  const said = await staffOf(network, 'rome').post(`/people/1/invitations/${id}`, { secret }).then(() => '', (error: { code?: string }) => error.code ?? '')
  check('an invitation that was taken back opens nothing (NODE_INVITATION)', said === 'NODE_INVITATION')
}

async function auditor({ network, folder }: OnNetwork, { person, words }: { person: Person; words: Words }): Promise<void> {
  await person.press(words.pages.auditor.access)
  await person.arrives(words.pages.auditor.access)
  await person.sees('Institute for Heart Research')
  await person.press(words.pages.auditor.checkpoints)
  await person.arrives(words.pages.auditor.checkpoints)
  await person.sees(words.checkpoints.none)
  await person.press(words.pages.auditor.overdue)
  await person.arrives(words.pages.auditor.overdue)
  await person.press(words.pages.auditor.figures)
  await person.arrives(words.pages.auditor.figures)
  await person.page.locator('#use table').last().getByText('Institute for Heart Research').waitFor()
  const byRole = await person.page.locator('#participants table').last().textContent() ?? ''
  check('figures have members by name and the codes of their columns in words', byRole.includes(words.members.roleNames['data-holder']) && byRole.includes(words.ledgerFigures.codes.active) && !byRole.includes('data-holder'))
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
  await person.sees(words.trace.changes)
  check('the transaction is shown step by step, run again on the state before it', !(await person.page.textContent('body') ?? '').includes(words.transaction.differs.split('{{')[0] ?? ''))
  await playground(network, { person, words })
}

/** Field by field: a wrong one says so beside it, an edited act has to be signed anew, what stands on the ledger answers. */
async function formOfPlayground({ person, words }: { person: Person; words: Words }): Promise<void> {
  await person.press(words.playground.again)
  const holder = person.page.getByRole('textbox', { name: words.contractForm.members.holder, exact: true })
  await holder.fill('Berlin')
  await person.sees(words.contractForm.types.MemberId)
  const described = await holder.getAttribute('aria-describedby') ?? ''
  check('a field that is wrong says so beside it', await holder.getAttribute('aria-invalid') === 'true' && described.includes('error'))
  await holder.fill('rome')
  await person.page.getByLabel(words.contractForm.members.expires, { exact: true }).fill('1950000000000')
  await person.sees(words.contractForm.changed)
  await person.press(words.playground.run)
  await person.sees('CONTRACT_BAD_SIGNATURE')
  await person.press(words.playground.sign)
  await person.press(words.playground.run)
  await person.sees(words.playground.accepted)
  check('what was typed into the form stands on the scratch ledger', /"expires": ?1950000000000/.test(await person.page.locator('section[data-size]').textContent() ?? ''))
}

async function playground(network: DevNetwork, { person, words }: { person: Person; words: Words }): Promise<void> {
  const heightAt = async (): Promise<number> => (await runJson<{ height: number }>(['status', '--profile', network.profile('berlin')])).height
  const before = await heightAt()
  await person.press(words.pages.auditor.playground)
  await person.arrives(words.pages.auditor.playground)
  await person.press(words.playground.twice)
  await person.sees(words.playground.conflict)
  check('two decisions at the same moment: the second is a conflict, and the key is named', /consent \/ [0-9a-z-]+ \//.test(await person.page.locator('.note').textContent() ?? ''))
  await person.press(words.playground.run)
  await person.sees('CONTRACT_OPERATION_DONE')
  await person.press(words.playground.another)
  await person.press(words.playground.run)
  await person.sees('CONTRACT_VERSION_CONFLICT')
  await person.press(words.playground.again)
  await person.press(words.playground.run)
  await person.sees(words.playground.accepted)
  await formOfPlayground({ person, words })
  check('nothing of the playground reached the ledger, as berlin has it', await heightAt() === before)
}

async function main(at: OnNetwork): Promise<void> {
  const { network } = at
  const { citizens } = await seedPeople(network, { patients: PATIENTS, data: defaultPatients(), citizens: PATIENTS, say, hospitalsOf: () => ['rome', 'berlin'], profileOf: () => profileOf(0) })
  const raw = citizens.map(({ patient }) => readRaw(readBundle(patient)))
  const title = 'Blood pressure and work at night'
  const request = await fileRequest(at, { holders: ['rome'], title, question: bestQuestion(raw, raw) })
  await untilArrived(network, 'rome', request)
  await inBrowser(log, async (arrive) => {
    const first = await arrive(atDesk)
    await enter(first, english, { link: await invitation(network, 'rome', ['steward', 'auditor', 'admin']), check })
    await steward(at, { person: first, words: english, title, request })
    await until('the institute has the answer', async () => (await requestView(network, request)).answered.length > 0)
    await auditor(at, { person: first, words: english })
    await administrator(network, { person: first, words: english, colleague: async (link) => {
      const third = await arrive({ ...onPhone, language: 'en', scheme: 'light' })
      await enter(third, english, { link, check })
      await third.arrives(english.pages.auditor.blocks)
      await third.page.goto(link)
      await third.press(english.invited.taken)
      await third.arrives(english.pages.auditor.blocks)
      check('whoever opens her invitation again is led to where she signs in, or is', true)
      await third.close()
    } })
    await first.close()
    const second = await arrive(onPhone)
    await enter(second, italian, { link: await invitation(network, 'institute', ['researcher']), check })
    await researcher(at, { person: second, words: italian, title, request })
    await second.close()
  })
}

await buildPages()
await onNetwork('staff', { transcript: log }, main)
finish()

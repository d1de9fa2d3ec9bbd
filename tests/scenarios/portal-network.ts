// The network's own pages in a real browser. What everybody may read, on a phone and at a desk, against what another node tells; with nodes down. And a member that is suspended and taken
// back by the votes of two others, one by keyboard alone, one by touch at 390 px, as a third member's command line tells; then once more by commands typed.
// Usage: npm run scenario -- portal-network [--pictures FOLDER] [--keep] [--port N]
// Debian packages: chromium
import { readFileSync } from 'node:fs'
import { newSigningKey } from '@mhmd/crypto'
import { defaultPatients, profileOf, readBundle, rosters, runCommand, runJson, seedPeople } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { buildPages } from '@mhmd/portal'
import { professional as english } from '@mhmd/portal/professional-en'
import { professional as italian } from '@mhmd/portal/professional-it'
import { citizen as citizenEnglish } from '@mhmd/portal/words-en'
import { citizen as citizenItalian } from '@mhmd/portal/words-it'
import { atDesk, filled, inBrowser, onPhone } from './support/browser.ts'
import type { Person } from './support/browser.ts'
import { pagesAt } from './support/citizen-steps.ts'
import { onNetwork, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { fileRequest, refusedWith, requestView, untilAgreed, accept } from './support/requests.ts'
import { bestQuestion, readRaw } from './support/share-oracle.ts'
import { enter, invitation, staffOf } from './support/staff-steps.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('portal-network')
const { say, check, finish } = log
type Words = typeof italian
type CitizenWords = typeof citizenItalian

const PATIENTS = 30
const BERLIN = 'Berlin Hospital'

interface Answer {
  readonly rows: readonly (readonly (string | number | null)[])[]
}

interface People {
  readonly publisher: string
  readonly rule: { readonly threshold: number }
  readonly publication: { readonly cells: readonly { readonly decision: string; readonly people: number | null }[] } | null
}

const asked = (network: DevNetwork, question: string, height: number, ...more: readonly string[]): string[] => ['analytics', 'ask', question, '--profile', network.profile('berlin'), '--height', String(height), ...more]
const peopleAt = (network: DevNetwork, member: string): Promise<People> => staffOf(network, member).get<People>('/public/1/people')
const counted = (one: string, other: string, count: number): string => filled(count === 1 ? one : other, { count })
const opens = async ({ page }: Person, within: string, summary: string | RegExp): Promise<void> => page.locator(`${within} summary`, { hasText: summary }).first().press('Enter')

/** Tables begin when somebody first asks; until they are level, a node answers as of an earlier block. */
async function tablesAreUp(network: DevNetwork): Promise<void> {
  const { height: now } = await runJson<{ height: number }>(['status', '--profile', network.profile('berlin')])
  for (const member of ['accounts', 'berlin', 'access']) await until(`the tables of ${member} are level`, async () => await staffOf(network, member).get<{ height: number }>('/public/1/figures').then(({ height }) => height >= now, () => false), 180)
}

/** The page's figures of what organisations do, its table and its file, against berlin's command line at the height that the page names. */
async function organisations({ network }: OnNetwork, { person, words }: { person: Person; words: CitizenWords }): Promise<void> {
  const source = (words.network.source.split('{{')[0] ?? '').trim()
  const height = Number(/\d+/.exec(await person.page.locator('#use summary', { hasText: source }).textContent() ?? '')?.[0])
  await until('berlin is as far', async () => (await runJson<{ height: number }>(['status', '--profile', network.profile('berlin')])).height >= height)
  const { rows } = await runJson<Answer>(asked(network, 'use', height))
  const text = await person.page.textContent('#use') ?? ''
  const lines = rows.map(([, purpose, times, allowed, refused, , got]) => [words.purpose[purpose as 'health-research'], counted(words.network.asked_one, words.network.asked_other, Number(times)), filled(words.network.answered, { allowed: Number(allowed), refused: Number(refused) }), counted(words.network.got_one, words.network.got_other, Number(got))])
  check(`who uses it for what is what berlin's command line tells (${lines.flat().join(' ')})`, lines.length > 0 && lines.flat().every((line) => text.includes(line)))
  const { rows: roles } = await runJson<Answer>(asked(network, 'participants', height))
  const list = await person.page.locator('#participants li').allTextContents()
  check('who takes part is what berlin\'s command line tells', list.length > 3 && list.every((line) => roles.some(([role]) => line.startsWith(words.network.role[role as 'auditor'])) && line.endsWith(`: ${roles.filter(([role, , state]) => line.startsWith(words.network.role[role as 'auditor']) && state === 'active').reduce((sum, [, , , count]) => sum + Number(count), 0)}`)))
  await person.sees(words.network.datasetsNone)
  await opens(person, '#use', words.data.table)
  const cells = await person.page.locator('#use tbody td').allTextContents()
  check('the chart\'s table has the same figures', cells.length > 0 && cells.reduce((sum, cell) => sum + Number(cell), 0) === rows.reduce((sum, row) => sum + Number(row[6]), 0))
  await opens(person, '#use', source)
  const { total } = await runJson<{ total: number }>(['analytics', 'ask', 'use', '--evidence', '--profile', network.profile('berlin')])
  await person.sees(counted(words.network.behind_one, words.network.behind_other, total))
  await person.judges('how-it-is-used-opened')
  const saved = person.page.waitForEvent('download')
  await person.press(words.network.csv)
  const file = readFileSync(await (await saved).path(), 'utf8').split('\r\n').filter((line) => line !== '')
  check('the saved file has the lines of berlin\'s command line', file.length === rows.length + 1 && file.join('\n') === (await runCommand(asked(network, 'use', height, '--csv'))).trim())
}

/** Noisy figures and what is too small: those of the one publisher, whoever asks. */
async function people({ network }: OnNetwork, { person, words }: { person: Person; words: CitizenWords }): Promise<void> {
  await person.page.locator('#people').waitFor()
  const [there, here] = await Promise.all([peopleAt(network, 'access'), peopleAt(network, 'berlin')])
  const cells = there.publication?.cells ?? []
  const shown = cells.flatMap((cell) => cell.people === null ? [] : [filled(words.network.about, { number: cell.people })])
  const hidden = new Set(cells.filter((cell) => cell.people === null).map(({ decision }) => decision))
  const [figures, tooFew] = [await person.page.locator('#people td').allTextContents(), await person.page.locator('#people div > p.muted', { hasText: String(there.rule.threshold) }).count()]
  check(`how many people decided is what the network's one publisher says (${shown.length} figures, ${cells.length - shown.length} too few to be shown), and another node names it`, cells.length === 6 && figures.toSorted().join() === shown.toSorted().join() && tooFew === hidden.size && here.publisher === there.publisher && here.publication === null)
}

async function everybody(at: OnNetwork, { person, words }: { person: Person; words: CitizenWords }): Promise<void> {
  await person.page.goto(`${pagesAt(at.network, 'accounts')}/#/network`)
  await person.arrives(words.network.title)
  await organisations(at, { person, words })
  await people(at, { person, words })
}

/** For who was not there before, so that her browser keeps nothing of it: the page's node is down when she goes there, and the publisher when she is there. */
async function nodesDown(at: OnNetwork, { person, words }: { person: Person; words: CitizenWords }): Promise<void> {
  const { network } = at
  await person.page.goto(pagesAt(network, 'accounts'))
  await person.arrives(words.welcome.title)
  await network.process('accounts').stop()
  await person.press(words.network.link)
  await person.arrives(words.missed.title)
  check('where the page\'s node is down she is told so, and the page stands', true)
  await network.restart('accounts')
  await person.press(words.again)
  await person.arrives(words.network.title)
  check('once it is back, the page comes at her word', true)
  await network.process('access').stop()
  await person.page.reload()
  await person.arrives(words.network.title)
  await person.sees((words.fail.CLIENT_UNREACHABLE.split('}}')[1] ?? '').split('.')[0] ?? '')
  const said = await person.page.locator('.note.no').textContent() ?? ''
  check('where the publisher is down it is named, and the other figures stand', said.includes('Health Data Access Body') && await person.page.locator('#use li').count() > 0)
  await person.judges('publisher-down')
  await network.restart('access')
  await person.press(words.again)
  await people(at, { person, words })
}

interface Standing {
  readonly state: string
  readonly votes: readonly string[]
}

/** As the third member's command line has it. */
async function standing(network: DevNetwork): Promise<Standing> {
  const { members } = await runJson<{ members: readonly ({ readonly id: string } & Standing)[] }>(['network', 'members', '--profile', network.profile('accounts')])
  return members.find(({ id }) => id === 'berlin') ?? { state: '', votes: [] }
}

const untilAtThird = (network: DevNetwork, what: string, holds: (now: Standing) => boolean): Promise<void> => until(`a third member's command line tells that ${what}`, async () => holds(await standing(network)))

interface Voter {
  readonly person: Person
  readonly words: Words
}

async function opensVote({ person, words }: Voter, kind: 'suspend' | 'reinstate'): Promise<void> {
  await person.press(`${words.network.standing[kind]} ${BERLIN}`)
  await person.sees(filled(words.network.standing.title[kind], { name: BERLIN }))
}

/** The first vote of two, by keyboard, after looking and leaving it; the second, by touch. */
async function votedBy(network: DevNetwork, { first, second, kind }: { first: Voter; second: Voter; kind: 'suspend' | 'reinstate' }): Promise<void> {
  const [before, after] = kind === 'suspend' ? ['active', 'suspended'] : ['suspended', 'active']
  await opensVote(first, kind)
  await first.person.sees(first.words.network.standing.missing_one.replace('{{count}}', '1'))
  await first.person.judges(`${kind}-first-vote`)
  await first.person.page.keyboard.press('Enter')
  await first.person.page.keyboard.press('Escape')
  await first.person.page.locator('dialog[open]').waitFor({ state: 'detached' })
  check('a hasty Enter is no vote, Escape leaves the dialog, and who goes by keyboard is where she was', (await standing(network)).votes.length === 0 && await first.person.page.evaluate<boolean>(`document.activeElement.textContent.includes('${BERLIN}')`))
  await opensVote(first, kind)
  await first.person.press(first.words.network.standing.vote[kind])
  await first.person.sees(first.words.network.standing.voted)
  await until('the focus is on what she did', () => first.person.page.evaluate<boolean>(`document.activeElement.textContent === '${first.words.network.standing.voted}'`))
  await untilAtThird(network, 'one vote stands', ({ votes }) => votes.join() === 'rome')
  check(`one vote changes nothing: berlin is ${before} (${kind}), by a third member's command line`, (await standing(network)).state === before)
  await second.person.sees(filled(second.words.network[kind === 'suspend' ? 'againstIt' : 'forIt'], { stand: 1, quorum: 2, names: 'Rome Hospital' }).trim())
  await opensVote(second, kind)
  await second.person.sees(second.words.network.standing.last)
  await second.person.judges(`${kind}-last-vote`)
  await second.person.press(second.words.network.standing.vote[kind])
  await untilAtThird(network, `berlin is ${after}`, ({ state }) => state === after)
  check(`the second vote, on her page at 390 px, makes it: berlin is ${after}, by a third member's command line`, true)
  for (const { person, words } of [first, second]) await person.page.locator('tbody tr', { hasText: BERLIN }).getByText(words.network[after === 'active' ? 'active' : 'suspended'], { exact: true }).waitFor()
}

/** What a suspended member does is refused, and what is asked of it. */
async function refused(at: OnNetwork): Promise<void> {
  const { network } = at
  await refusedWith(log, { code: 'CONTRACT_MEMBER_SUSPENDED', what: 'what berlin wants recorded is refused', args: ['staff', 'add', '--profile', network.profile('berlin'), '--key', newSigningKey().key.publicKey, '--role', 'desk'] })
  await refusedWith(log, { code: 'CONTRACT_MEMBER_SUSPENDED', what: 'its vote too', args: ['network', 'suspend', '--profile', network.profile('berlin'), '--member', 'rome'] })
  const said = await fileRequest(at, { holders: ['berlin'], title: 'Sleep and pain', question: { all: [{ type: 'sex', value: 'female' }] } }).then(() => '', String)
  check(`a request to it is refused${said.includes('CONTRACT_HOLDER_UNKNOWN') ? '' : ` (${said.slice(0, 300)})`}`, said.includes('CONTRACT_HOLDER_UNKNOWN'))
}

async function inBrowsers(at: OnNetwork, arrive: (who: typeof atDesk | typeof onPhone) => Promise<Person>): Promise<void> {
  const { network } = at
  const [first, second, third]: [Voter, Voter, Voter] = [{ person: await arrive(atDesk), words: english }, { person: await arrive(onPhone), words: italian }, { person: await arrive(atDesk), words: english }]
  for (const [{ person, words }, member] of [[first, 'rome'], [second, 'institute'], [third, 'berlin']] as const) {
    await enter(person, words, { link: await invitation(network, member, ['admin']), check })
    await person.press(words.pages.operator.network)
    await person.arrives(words.network.title)
  }
  await votedBy(network, { first, second, kind: 'suspend' })
  await third.person.sees(third.words.network.own.suspended)
  await third.person.judges('own-suspension')
  check('who works at the suspended member is told so, and is offered no vote', await third.person.page.getByRole('button', { name: 'Rome Hospital' }).count() === 0)
  await refused(at)
  await votedBy(network, { first, second, kind: 'reinstate' })
  await third.person.page.getByText(third.words.network.own.suspended).waitFor({ state: 'detached' })
  await runCommand(['staff', 'add', '--profile', network.profile('berlin'), '--key', newSigningKey().key.publicKey, '--role', 'desk'])
  check('once it is taken back, what it wants recorded is recorded', true)
  for (const { person } of [third, second, first]) await person.close()
}

/** The same by commands typed, as somebody reads their answers. */
async function byCommands({ network }: OnNetwork): Promise<void> {
  const typed = (member: string, kind: string, about = 'berlin'): string[] => ['network', kind, '--profile', network.profile(member), '--member', about]
  await refusedWith(log, { code: 'CLI_BAD_OPTION', what: 'mhmd network suspend of nobody names the members', args: typed('rome', 'suspend', 'nobody') })
  await refusedWith(log, { code: 'CONTRACT_OWN_CASE', what: 'nobody votes in her own case', args: typed('berlin', 'suspend') })
  check('mhmd network suspend tells which vote it is', /vote 1 of the 2 it takes/.test(await runCommand(typed('rome', 'suspend'))))
  await refusedWith(log, { code: 'CONTRACT_ALREADY_VOTED', what: 'nobody votes twice', args: typed('rome', 'suspend') })
  check('the last vote says that it is done', /Berlin Hospital is suspended since height \d+/.test(await runCommand(typed('institute', 'suspend'))))
  await untilAtThird(network, 'berlin is suspended', ({ state }) => state === 'suspended')
  check('mhmd network members of a third member lists it as suspended', /berlin +Berlin Hospital +suspended/.test(await runCommand(['network', 'members', '--profile', network.profile('accounts')])))
  await runCommand(typed('rome', 'reinstate'))
  check('and as taken back by two', /Berlin Hospital is active since height \d+/.test(await runCommand(typed('accounts', 'reinstate'))))
}

async function main(at: OnNetwork): Promise<void> {
  const { network } = at
  const { citizens } = await seedPeople(network, { patients: PATIENTS, data: defaultPatients(), citizens: PATIENTS, say, hospitalsOf: () => ['rome'], profileOf: () => profileOf(0) })
  const raw = citizens.map(({ patient }) => readRaw(readBundle(patient)))
  const request = await fileRequest(at, { holders: ['rome'], title: 'Blood pressure and work at night', question: bestQuestion(raw, raw) })
  await accept(network, 'rome', request)
  await untilAgreed(network, request, 1)
  await runJson(['request', 'ask', '--profile', network.profile('institute'), '--request', request])
  await until('the institute has the answer', async () => (await requestView(network, request)).answered.length > 0)
  await tablesAreUp(network)
  await inBrowser(log, async (arrive) => {
    for (const [words, who] of [[citizenItalian, onPhone], [citizenEnglish as unknown as CitizenWords, atDesk]] as const) {
      const person = await arrive(who)
      await everybody(at, { person, words })
      await person.close()
    }
    const stranger = await arrive(onPhone)
    await nodesDown(at, { person: stranger, words: citizenItalian })
    await stranger.close()
    await inBrowsers(at, arrive)
  })
  await byCommands(at)
}

await buildPages()
await onNetwork('network-pages', { transcript: log, organisations: rosters.permits }, main)
finish()

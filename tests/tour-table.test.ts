// The tours of a table and of a permit as a newcomer pastes them: every command of docs/tours/table.md and docs/tours/permit.md word for word, among people who choose as the devnet's do.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { toHex } from '@mhmd/base'
import { newSigningKey } from '@mhmd/crypto'
import { defaultPatients, profileOf, rosters, seedPeople } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

const PATIENTS = 24
/** Every fourth only permits counts; the others a table too. */
const choices = [8, 9, 8, 0]
const PERMITTING = 18
const root = join(import.meta.dirname, '..')
const run = promisify(execFile)

let network: SmallNetwork
/** Where the newcomer stands: `.devnet` and `docs` are here, as in the repository. */
let here: string

before(async () => {
  network = await smallNetwork({ withAccessBody: true })
  here = join(network.folder, 'here')
  for (const member of ['rome', 'institute', 'access'] as const) {
    const staff = join(here, '.devnet/staff', member)
    mkdirSync(staff, { recursive: true })
    const { key, seed } = newSigningKey()
    writeFileSync(join(staff, 'admin.key'), toHex(seed))
    writeFileSync(join(staff, 'admin.json'), JSON.stringify({ node: network.url(member), keyFile: 'admin.key' }))
    await network.staff(member).post('/staff/1/staff', { key: key.publicKey, roles: ['admin', 'steward', 'dpo', ...{ rome: ['desk'], institute: ['researcher'], access: ['officer'] }[member]] })
  }
  symlinkSync(join(root, 'docs'), join(here, 'docs'))
  const organisations = rosters.thread.filter(({ id }) => id !== 'berlin')
  const seeded: Pick<DevNetwork, 'plan' | 'url' | 'profile'> = { plan: { folder: join(here, '.devnet'), basePort: 0, organisations }, url: network.url, profile: (id) => join(here, '.devnet/staff', id, 'admin.json') }
  await seedPeople(seeded as DevNetwork, { patients: PATIENTS, citizens: PATIENTS, data: defaultPatients(), say: () => undefined, profileOf: (index) => profileOf(choices[index % choices.length] ?? 0) })
})
after(() => network?.close())

/** The words of a command, as a shell splits it. */
const wordsOf = (command: string): string[] => [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '')

/** What tells that a command's answer is whole: what it waits for has arrived. */
const whole: Readonly<Record<string, RegExp>> = { 'permit applications': /Beds for women/, 'permit show': /Which safeguards do you promise|The study is finished/, 'request show': /holds at height/, 'catalogue list': /[0-9a-z]{26}.*demographics/i, 'request inbox': /[0-9a-z]{26}/, 'agreement list': /offered/, 'holding list': /[0-9a-z]{26}.*held/, 'release list': /[0-9a-z]{26}/ }

async function pasted(command: string): Promise<string> {
  let said = ''
  const [first = '', second = ''] = wordsOf(command)
  await until(`\`mhmd ${command}\` succeeds`, async () => {
    said = await run(process.execPath, [join(root, 'apps/cli/src/main.ts'), ...wordsOf(command)], { cwd: here, env: { ...process.env, npm_command: 'exec' } }).then(({ stdout }) => stdout, (error: { stderr?: string }) => {
      assert.match(error.stderr ?? '', /^(NODE_NO_AGREEMENT|NODE_STATE|NODE_NOT_FOUND|NODE_NOT_YET|NODE_PERMIT_NOT_IN_FORCE)/m, command)
      return ''
    })
    return said !== '' && (whole[`${first} ${second}`]?.test(said) ?? true)
  }, 60)
  return said
}

const commandsOf = (tour: string): string[] => [...readFileSync(join(root, 'docs/tours', tour), 'utf8').matchAll(/^ +npx mhmd (.+)$/gm)].map(([, command = '']) => command)

test('every command of the tour of a table works as it is printed', async () => {
  const commands = commandsOf('table.md')
  assert.ok(commands.length > 15)
  const ids: Record<string, string> = {}
  const said: [string, string][] = []
  for (const command of commands) {
    const answer = await pasted(command.replace(/DATASET|REQUEST|RELEASE/g, (name) => ids[name] ?? assert.fail(`${name} is not known before \`${command}\``)))
    said.push([command.split(' --')[0] ?? '', answer])
    ids['DATASET'] ??= /^Dataset ([0-9a-z]{26})/.exec(answer)?.[1] as string
    ids['REQUEST'] ??= /^Request ([0-9a-z]{26})/.exec(answer)?.[1] as string
    if (command.startsWith('holding list')) ids['RELEASE'] = /^([0-9a-z]{26})/m.exec(answer)?.[1] as string
  }
  const answerTo = (start: string): string => said.findLast(([command]) => command === start)?.[1] ?? ''
  assert.match(answerTo('dataset draft'), /npx mhmd dataset offer --profile \.devnet\/staff\/rome\/admin\.json --draft [0-9a-z]{26} --document people\.json/, 'what is printed can be pasted')
  assert.match(answerTo('release table'), /gate-passed[^]*The gate let it through/)
  const [header, ...rows] = readFileSync(join(here, 'table.csv'), 'utf8').trimEnd().split('\n')
  assert.equal(header, 'sex,birth_date')
  assert.equal(rows.length, PERMITTING)
  assert.match(answerTo('citizen show'), /“Ages in cardiology” of institute: Your data may be used for this\. You said yes to this\.[^]*institute received a table in coarse groups/)
})

test('every command of the tour of a permit works as it is printed', async () => {
  let request = ''
  const said: Record<string, string[]> = {}
  for (const command of commandsOf('permit.md')) {
    const answer = await pasted(command.replace('REQUEST', () => request === '' && command.includes('REQUEST') ? assert.fail(`REQUEST is not known before \`${command}\``) : request))
    request ||= /^Request ([0-9a-z]{26})/.exec(answer)?.[1] ?? ''
    ;(said[command.split(' --')[0] ?? ''] ??= []).push(answer)
  }
  assert.match(said['permit applications']?.[0] ?? '', new RegExp(`${request} .*filed.*Beds for women`))
  assert.match(said['permit show']?.[0] ?? '', /incomplete.*Which safeguards do you promise\?/)
  assert.match(said['request show']?.[0] ?? '', /rome/)
  assert.doesNotMatch(said['permit list']?.[0] ?? '', new RegExp(request), 'nobody is late')
  assert.match(said['permit list']?.[1] ?? '', new RegExp(`${request} .*issued`))
  assert.match(said['permit show']?.[1] ?? '', /: revoked[^]*NO_LONGER_NEEDED.*The study is finished\./)
})

// A proof from a citizen's device to a stranger without a network: witnessed by members' own processes, checked by the command line and by a page from a disk, in an empty folder.
// Usage: npm run scenario -- proof [--ledger fabric] [--port N] [--keep]
// Debian packages: chromium, util-linux
import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defaultPatients, runCommand, runJson, seedPeople } from '@mhmd/devnet'
import { buildPages } from '@mhmd/portal'
import type { RootsDocument } from '@mhmd/proof'
import { openBrowser } from './support/browser.ts'
import { onNetwork, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { refusedWith } from './support/requests.ts'
import { transcript } from './support/transcript.ts'

const log = transcript('proof')
const { say, check, finish } = log
const mhmd = new URL('../../apps/cli/bin/mhmd.mjs', import.meta.url).pathname

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs Node in a network namespace of its own, which has no interface but a loopback that is down. */
function alone(folder: string, args: readonly string[]): Promise<Ended> {
  const child = spawn('unshare', ['--map-root-user', '--net', process.execPath, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (part: string) => { out += part })
  child.stderr.setEncoding('utf8').on('data', (part: string) => { err += part })
  return new Promise((resolve, reject) => child.on('error', reject).on('close', (code) => resolve({ code, out, err })))
}

async function main({ network, folder }: OnNetwork): Promise<void> {
  const { witnesses } = network
  if (witnesses === undefined) throw new Error('the network has no witnesses')
  const { citizens: [anna, bea] } = await seedPeople(network, { patients: 2, data: defaultPatients(), citizens: 2, say, hospitalsOf: () => ['rome', 'berlin'] })
  if (anna === undefined || bea === undefined) throw new Error('nobody was seeded')
  const empty = join(folder, 'stranger')
  mkdirSync(empty)
  const [proof, roots] = [join(empty, 'proof.json'), join(empty, 'roots.json')]
  copyFileSync(witnesses.roots, roots)
  const fetched = (device: string, out: string, ...more: string[]): string[] => ['proof', '--device', device, '--holder', 'rome', '--out', out, ...more]
  await runCommand(fetched(anna.folder, proof, '--roots', roots, '--wait', '60'))
  const signatures = (JSON.parse(readFileSync(proof, 'utf8')) as { signatures: string[] }).signatures
  say(`Her proof carries ${signatures.length} signatures`)
  check('members and their witnesses signed it', witnesses.members.every((id) => signatures.some((line) => line.includes(` ${id}.localhost/witness `))) && signatures.length >= 6)

  await atTheStranger(empty)
  await onThePage(empty)
  await withoutWitnesses({ network, folder }, { bea: bea.folder, empty, fetched })
}

async function atTheStranger(empty: string): Promise<void> {
  const blind = await alone(empty, ['--eval', 'fetch("http://127.0.0.1:80").catch((e) => console.log(e.cause.code))'])
  check(`the stranger has no network (${blind.out.trim()})`, blind.out.trim() === 'ENETUNREACH')
  const good = await alone(empty, [mhmd, 'verify', 'proof.json', '--roots', 'roots.json'])
  check('it is proven there', good.code === 0 && good.out.startsWith('PROVEN\n'))
  check('what is proven is said: holder, state, signers, witnesses', [/ at rome: version 1, active/, /rome.* signed the log/, /berlin.* cosigned that log/].every((line) => line.test(good.out)))
  check('what is not proven is said', /\nNOT PROVEN\n {2}What was permitted/.test(good.out))
  const italian = await alone(empty, [mhmd, 'verify', 'proof.json', '--roots', 'roots.json', '--language', 'it'])
  check('in Italian too', italian.code === 0 && italian.out.startsWith('PROVATO\n') && italian.out.includes('\nNON PROVATO\n'))

  const swapped = { ...JSON.parse(readFileSync(join(empty, 'roots.json'), 'utf8')) as RootsDocument, origin: `mhmd/${'A'.repeat(43)}` }
  writeFileSync(join(empty, 'foreign.json'), JSON.stringify(swapped))
  const foreign = await alone(empty, [mhmd, 'verify', 'proof.json', '--roots', 'foreign.json'])
  check('by another network\'s roots it is refused', foreign.code === 3 && foreign.err.includes('PROOF_OTHER_LOG'))
  const text = readFileSync(join(empty, 'proof.json'), 'utf8')
  writeFileSync(join(empty, 'changed.json'), text.replace('"active"', '"withdrawn"'))
  const changed = await alone(empty, [mhmd, 'verify', 'changed.json', '--roots', 'roots.json'])
  check('with another state in it, it is refused', text.includes('"active"') && changed.code === 3 && changed.err.includes('PROOF_OTHER_WRITES'))
}

/** The page as a file, offline: what it says, and that it asks nobody. */
async function onThePage(empty: string): Promise<void> {
  copyFileSync(join(await buildPages(), 'verify.html'), join(empty, 'verify.html'))
  const browser = await openBrowser()
  try {
    const context = await browser.newContext({ locale: 'en-GB', offline: true })
    const page = await context.newPage()
    const [asked, complaints]: [string[], string[]] = [[], []]
    page.on('request', (request) => asked.push(request.url()))
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    await page.goto(pathToFileURL(join(empty, 'verify.html')).href)
    const judged = async (proof: string, roots: string): Promise<string> => {
      await page.getByLabel('The proof').setInputFiles(join(empty, proof))
      await page.getByLabel('Whom you believe').setInputFiles(join(empty, roots))
      await page.locator('#result > p').first().waitFor()
      return await page.locator('#result').innerText()
    }
    const good = await judged('proof.json', 'roots.json')
    check('the page opened from the disk says that it is proven, by whom, and what is not', /^Proven\n/.test(good) && / at rome: version 1, active/.test(good) && /cosigned that log/.test(good) && /What it does not prove/.test(good))
    await page.screenshot({ path: join(empty, 'page.png'), fullPage: true })
    await page.getByRole('button', { name: 'Italiano' }).click()
    const italian = await page.locator('#result').innerText()
    check('the same in Italian', /^Provato\n/.test(italian) && italian.includes('Che cosa non prova') && await page.locator('html').getAttribute('lang') === 'it')
    await page.getByRole('button', { name: 'English' }).click()
    for (const [proof, roots, code] of [['changed.json', 'roots.json', 'PROOF_OTHER_WRITES'], ['proof.json', 'foreign.json', 'PROOF_OTHER_LOG'], ['roots.json', 'roots.json', 'PROOF_MALFORMED']] as const) {
      await page.reload()
      const said = await judged(proof, roots)
      check(`the page refuses ${proof} by ${roots}: ${code}`, said.startsWith('Not proven\n') && said.includes(code))
    }
    check(`it asked nobody and complained of nothing (${complaints.join(' ') || 'nothing'})`, asked.every((url) => url.startsWith('file:')) && complaints.length === 0)
  } finally {
    await browser.close()
  }
}

async function withoutWitnesses({ network }: OnNetwork, { bea, empty, fetched }: { bea: string; empty: string; fetched: (device: string, out: string, ...more: string[]) => string[] }): Promise<void> {
  const { witnesses } = network
  if (witnesses === undefined) return
  const [first = '', second = ''] = witnesses.members
  for (const id of [first, second]) {
    witnesses.process(id).kill('SIGKILL')
    await witnesses.process(id).ended
  }
  say(`The witnesses of ${first} and ${second} were killed; one of three is left`)
  const withdrawn = await runJson<{ ledger: { code: string } }>(['citizen', 'withdraw', '--device', bea, '--holder', 'rome', '--wait'])
  check('a withdrawal waits for no witness', withdrawn.ledger.code === 'VALID')
  const roots = join(empty, 'roots.json')
  await refusedWith(log, { code: 'CLI_NOT_WITNESSED', what: 'its proof by the quorum waits, and is not written before it is there', args: fetched(bea, join(empty, 'waiting.json'), '--roots', roots, '--wait', '3') })
  check('nothing was written', !existsSync(join(empty, 'waiting.json')))
  await runCommand(fetched(bea, join(empty, 'unwitnessed.json')))
  await refusedWith(log, { code: 'PROOF_TOO_FEW_WITNESSES', what: 'one that members alone signed is refused by roots that ask for witnesses', args: ['verify', join(empty, 'unwitnessed.json'), '--roots', roots] })
  for (const id of [first, second]) await witnesses.restart(id)
  await until('it is witnessed', async () => runCommand(fetched(bea, join(empty, 'waiting.json'), '--roots', roots, '--wait', '30')).then(() => true))
  const late = await alone(empty, [mhmd, 'verify', 'waiting.json', '--roots', 'roots.json'])
  check('when they are back, which knew what they had cosigned, it is proven', late.code === 0 && / at rome: version 2, withdrawn/.test(late.out))
}

await onNetwork('proof', { transcript: log, witnesses: true }, main)
finish()

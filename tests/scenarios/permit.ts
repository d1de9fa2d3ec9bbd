// A permit over real processes, by the command line: file, issue, deliver a count of everybody without an opt-out, an opt-out for later permits, revoke, door closed.
// Usage: npm run scenario -- permit [--patients N] [--data FOLDER] [--keep] [--port N]
// Figures are computed from the patients' files and the seeded choices alone; each step is looked at from another node than the one that made it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultPatients, patientsOf, profileOf, readBundle, rosters, runJson, seedPeople } from '@mhmd/devnet'
import { onNetwork, option, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { refusedWith, requestView } from './support/requests.ts'
import { readRaw } from './support/share-oracle.ts'
import { transcript } from './support/transcript.ts'

const data = option('--data') ?? defaultPatients()
const wanted = Number(option('--patients') ?? '60')
const log = transcript('permit')
const { say, check, finish } = log

/** Half of those with an account opted out from the start; one made a consent; the rest of the patients has no account at all. */
const OPTED_OUT = 7
const OPEN = 0
const CITIZENS = 4

interface PermitRow {
  readonly request: string
  readonly state: string
  readonly explanation: string | null
  readonly permit: { readonly deliverBy: number | null; readonly until: number } | null
  readonly deliveries: readonly { readonly holder: string; readonly first: number | null }[]
}
interface HerView {
  readonly holder: string
  readonly permitted: readonly { readonly request: string; readonly mayUse: boolean; readonly uses: number; readonly optOut: string; readonly state: string }[]
}

async function main({ network, folder }: OnNetwork): Promise<void> {
  const files = patientsOf(data, wanted)
  const { citizens } = await seedPeople(network, { patients: wanted, data, citizens: CITIZENS, hospitalsOf: () => ['rome', 'berlin'], profileOf: (index) => profileOf(index % 2 === 0 ? OPEN : OPTED_OUT), say })
  const isFemale = new Map(files.map((patient) => [patient.identifier.value, readRaw(readBundle(patient)).sex === 'female']))
  const women = (isOut: (identifier: string) => boolean): number => files.filter(({ identifier: { value } }) => isFemale.get(value) === true && !isOut(value)).length
  const out = new Set(citizens.filter(({ profile }) => profile.optsOut).map(({ patient }) => patient.identifier.value))

  const permitAt = async (node: string, request: string): Promise<PermitRow | undefined> => (await runJson<PermitRow[]>(['permit', 'list', '--profile', network.profile(node)])).find((row) => row.request === request)
  const at = (node: string): string[] => ['--profile', network.profile(node)]

  async function file(title: string): Promise<string> {
    const document = join(folder, 'application.json')
    writeFileSync(document, JSON.stringify({ holders: ['rome'], class: 'research-organisation', title, summary: 'A count under a permit.', purpose: 'health-research', categories: ['a'], fhirTypes: ['Patient'], question: { all: [{ type: 'sex', value: 'female' }] }, days: 30 }))
    const { request } = await runJson<{ request: string }>(['request', 'file', ...at('institute'), '--document', document, '--authority', 'access'])
    await until('the access body has the application', async () => (await runJson<(PermitRow & { title: string | null })[]>(['permit', 'list', ...at('access')])).some((row) => row.request === request && row.title !== null))
    return request
  }
  async function issue(request: string): Promise<void> {
    await runJson(['permit', 'issue', ...at('access'), '--request', request, '--deliver-within', '10', '--explanation', 'Of public interest.'])
    for (const node of ['rome', 'institute']) await until(`${node} knows of the permit`, async () => ((await permitAt(node, request))?.permit?.deliverBy ?? 0) > 0)
  }
  async function counted(request: string): Promise<number | undefined> {
    const { ask } = await runJson<{ ask: string }>(['request', 'ask', ...at('institute'), '--request', request])
    await until('the holder answers', async () => (await requestView(network, request)).answered.some((row) => row.ask === ask))
    return (await runJson<{ exact: number; request: string }[]>(['release', 'list', ...at('rome')])).find((row) => row.request === request)?.exact
  }

  const request = await file('How many women?')
  const before = { what: 'asking before a permit is issued is refused', args: ['request', 'ask', ...at('institute'), '--request', request] }
  await refusedWith(log, { code: 'NODE_PERMIT_NOT_IN_FORCE', ...before })
  await issue(request)
  const held = await permitAt('rome', request)
  check(`rome sees that it must deliver, by when and why (${new Date(held?.permit?.deliverBy ?? 0).toISOString().slice(0, 10)})`, held?.state === 'issued' && (held.permit?.deliverBy ?? 0) > Date.now() && held.explanation === 'Of public interest.')
  await refusedWith(log, { code: 'NODE_LEDGER_REFUSED', what: 'rome has no answer of its own to give', args: ['request', 'answer', ...at('rome'), '--request', request, '--state', 'refused'] })

  const expected = women((identifier) => out.has(identifier))
  check(`rome counts everybody without an opt-out, most of whom never consented (${expected} women)`, await counted(request) === expected)
  await until('the access body sees that rome delivered', async () => ((await permitAt('access', request))?.deliveries.find(({ holder }) => holder === 'rome')?.first ?? 0) > 0)

  const her = citizens.find(({ profile, patient }) => !profile.optsOut && isFemale.get(patient.identifier.value) === true) ?? citizens[0]
  if (her === undefined) throw new Error('nobody has an account')
  const hers = isFemale.get(her.patient.identifier.value) === true ? 1 : 0
  await runJson(['citizen', 'opt-out', '--device', her.folder, '--holder', 'rome', '--wait'])
  const later = await file('How many women, later?')
  await issue(later)
  check('a permit issued after her opt-out does not count her', await counted(later) === expected - hers)
  check('the running one does', await counted(request) === expected)
  const view = async (of: string): Promise<HerView['permitted'][number] | undefined> => (await runJson<HerView[]>(['citizen', 'show', '--device', her.folder])).find(({ holder }) => holder === 'rome')?.permitted.find((row) => row.request === of)
  const [running, kept] = [await view(request), await view(later)]
  check('she sees the running one, that it goes on, and that her opt-out is for later ones', running?.mayUse === true && running.uses === 2 && running.optOut === 'for-later-ones')
  check('and that it keeps her out of the later one', kept?.mayUse === false && kept.uses === 0 && kept.optOut === 'keeps-out')

  await runJson(['permit', 'revoke', ...at('access'), '--request', request, '--reason', 'CONDITIONS_BROKEN'])
  for (const node of ['rome', 'institute']) await until(`${node} knows that it is revoked`, async () => (await permitAt(node, request))?.state === 'revoked')
  await refusedWith(log, { code: 'NODE_PERMIT_NOT_IN_FORCE', what: 'after the revocation nothing is answered', args: before.args })
  check('what was answered under it stays', (await requestView(network, request)).answered.length === 2)
  check('and she sees that it uses her no more', (await view(request))?.mayUse === false)
}

await onNetwork('permit', { transcript: log, organisations: rosters.permits }, main)
finish()

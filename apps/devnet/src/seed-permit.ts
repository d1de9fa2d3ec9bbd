// The devnet's one permit: the heart institute applies, the access body issues it, as their people would by the command line.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DevNetwork } from './network.ts'
import { runJson } from './processes.ts'

/** How many women there are: a count under a permit, of everybody who has not opted out. */
const application = {
  holders: ['rome', 'berlin', 'paris'], class: 'research-organisation', title: 'How many women are known at each hospital?', summary: 'A count under a permit: of everybody who has not opted out, asked or not.',
  purpose: 'health-research', categories: ['a'], fhirTypes: ['Patient'], question: { all: [{ type: 'sex', value: 'female' }] }, days: 365, safeguards: ['no-re-identification'],
}

const POLL_MILLISECONDS = 200
const TRIES = 300

export async function seedPermit(network: DevNetwork, say: (line: string) => void): Promise<void> {
  const file = join(network.plan.folder, 'application.json')
  writeFileSync(file, JSON.stringify(application))
  const { request } = await runJson<{ request: string }>(['request', 'file', '--profile', network.profile('institute'), '--document', file, '--authority', 'access'])
  for (let tries = 0; ; tries++) {
    const permits = await runJson<{ request: string; title: string | null }[]>(['permit', 'list', '--profile', network.profile('access')])
    if (permits.some((row) => row.request === request && row.title !== null)) break
    if (tries === TRIES) throw new Error('the application does not reach the access body')
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
  }
  await runJson(['permit', 'issue', '--profile', network.profile('access'), '--request', request, '--explanation', 'Planning of wards for women, of public interest.'])
  say(`The access body has issued a permit for request ${request}`)
}

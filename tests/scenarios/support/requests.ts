// Requests as a researcher and stewards make them by the command line, each step waited for until the other side shows it.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand, runJson } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import { until } from './on-network.ts'
import type { OnNetwork } from './on-network.ts'
import type { Transcript } from './transcript.ts'

/** What `mhmd request show` tells the requester. */
export interface RequestView {
  readonly answers: Readonly<Record<string, { readonly state: string; readonly reason: string }>>
  readonly answered: readonly {
    readonly ask: string
    readonly holder: string
    readonly answer: { readonly released: boolean; readonly count?: number; readonly code?: string }
    readonly manifest: { readonly release?: string; readonly height: number; readonly notes?: readonly string[] }
  }[]
}

/** Whatever of a request is not named is a count of conditions for health research, by one member of the thread. */
type RequestWanted = { readonly holders: readonly string[]; readonly title: string } & Readonly<Record<string, unknown>>

/** Files a request of the institute; gives its id. */
export async function fileRequest({ network, folder }: OnNetwork, wanted: RequestWanted): Promise<string> {
  const document = join(folder, 'request.json')
  writeFileSync(document, JSON.stringify({ class: 'research-organisation', summary: 'A count by hospital.', purpose: 'health-research', categories: ['a'], fhirTypes: ['Condition', 'Patient'], days: 30, ...wanted }))
  return (await runJson<{ request: string }>(['request', 'file', '--profile', network.profile('institute'), '--document', document])).request
}

export const untilArrived = (network: DevNetwork, holder: string, request: string): Promise<void> => until(`the request reaches ${holder}`, async () => (await runJson<{ document: { id: string } }[]>(['request', 'inbox', '--profile', network.profile(holder)])).some((row) => row.document.id === request))

/** As its steward, once it is there; gives the ledger's height. */
export async function accept(network: DevNetwork, holder: string, request: string): Promise<number> {
  await untilArrived(network, holder, request)
  return (await runJson<{ height: number }>(['request', 'answer', '--profile', network.profile(holder), '--request', request, '--state', 'accepted'])).height
}

/** A request that every named holder has accepted. */
export async function acceptedRequest(at: OnNetwork, wanted: RequestWanted): Promise<string> {
  const request = await fileRequest(at, wanted)
  for (const holder of wanted.holders) await accept(at.network, holder, request)
  return request
}

export const requestView = (network: DevNetwork, request: string): Promise<RequestView> => runJson<RequestView>(['request', 'show', '--profile', network.profile('institute'), '--request', request])

export const untilAgreed = (network: DevNetwork, request: string, holders: number): Promise<void> => until('each holder\'s acceptance reaches the institute', async () => Object.values((await requestView(network, request)).answers).filter((answer) => answer.state === 'accepted').length === holders)

/** A command that is to be refused with this code. */
export async function refusedWith({ check }: Pick<Transcript, 'check'>, { code, what, args }: { readonly code: string; readonly what: string; readonly args: readonly string[] }): Promise<void> {
  const said = await runCommand(args).then(() => '', (error: unknown) => String(error))
  check(`${what} (${code})`, said.includes(code))
}

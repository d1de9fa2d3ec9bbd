// An application for a permit and what an access body decides on it, in a small network that has one.
import { asthma, until } from './small-network.ts'
import type { SmallNetwork } from './small-network.ts'

export interface PermitRow {
  readonly request: string
  readonly title: string | null
  readonly state: string
  readonly reason: string
  readonly explanation: string | null
  readonly permit: { readonly kind: string; readonly approved: number; readonly from: number; readonly until: number; readonly conditions: readonly string[] | null; readonly deliverBy: number | null } | null
  readonly deliveries: readonly { readonly holder: string; readonly first: number | null; readonly late: boolean }[]
}

type Node = 'rome' | 'institute' | 'access'

export const permitAt = async (network: SmallNetwork, node: Node, request: string): Promise<PermitRow | undefined> =>
  (await network.staff(node).get<{ permits: PermitRow[] }>('/staff/1/permits')).permits.find((row) => row.request === request)

/** Files a request on the basis of a permit: the count of people with asthma, unless it is changed; gives its id once the access body has it. */
export async function fileForPermit(network: SmallNetwork, change: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { request } = await network.staff('institute').post<{ request: string }>('/staff/1/requests', {
    holders: ['rome'], authority: 'access', class: 'research-organisation', title: 'Asthma under a permit', summary: '', purpose: 'health-research', categories: ['a'], fhirTypes: ['Condition', 'Patient'], question: { all: [{ type: 'condition', code: asthma }] }, days: 30, ...change,
  })
  await until('the access body has the application', () => network.staff('access').get(`/staff/1/applications/${request}`).then(() => true, () => false))
  return request
}

/** Issues a permit, and waits until holder and requester know of it. */
export async function issuePermit(network: SmallNetwork, request: string, body: object = {}): Promise<void> {
  await network.staff('access').post(`/staff/1/applications/${request}/permit`, body)
  for (const node of ['rome', 'institute'] as const) await until(`${node} knows of the permit`, async () => ((await permitAt(network, node, request))?.permit?.deliverBy ?? 0) > 0)
}

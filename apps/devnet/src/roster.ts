// Who is in a development network: organisations that don't exist, on ports counted from a base.
import type { LedgerKind } from './folder.ts'

export interface Organisation {
  readonly id: string
  readonly name: string
  readonly country: string
  readonly roles: readonly string[]
  /** Founders stand in network.json; the others are admitted by two of them. */
  readonly founder: boolean
  /** Runs a witness besides its node, where the plan wants witnesses. */
  readonly witness?: boolean
}

const ledger: Organisation = { id: 'ledger', name: 'Ledger Office', country: 'IT', roles: ['ledger-operator'], founder: true }
const rome: Organisation = { id: 'rome', name: 'Rome Hospital', country: 'IT', roles: ['data-holder'], founder: true }
const berlin: Organisation = { id: 'berlin', name: 'Berlin Hospital', country: 'DE', roles: ['data-holder'], founder: true, witness: true }
const paris: Organisation = { id: 'paris', name: 'Paris Hospital', country: 'FR', roles: ['data-holder'], founder: false }
const institute: Organisation = { id: 'institute', name: 'Institute for Heart Research', country: 'NL', roles: ['data-user'], founder: false, witness: true }
const pharma: Organisation = { id: 'pharma', name: 'Pharma Business', country: 'DE', roles: ['data-user'], founder: false }
const accounts: Organisation = { id: 'accounts', name: 'Citizens\' Accounts', country: 'IT', roles: ['account-provider'], founder: false, witness: true }
const access: Organisation = { id: 'access', name: 'Health Data Access Body', country: 'IT', roles: ['access-body'], founder: false }

/** The thread's five, the same with an access body, and the whole seeded network's eight. */
export const rosters = {
  thread: [ledger, rome, berlin, institute, accounts],
  permits: [ledger, rome, berlin, institute, accounts, access],
  whole: [ledger, rome, berlin, paris, institute, pharma, accounts, access],
} as const satisfies Record<string, readonly Organisation[]>

/** An organisation with its folders and ports in one network. */
export interface Place extends Organisation {
  readonly home: string
  readonly staff: string
  readonly ports: { readonly member: number; readonly people: number }
}

export const isLedger = (organisation: Organisation): boolean => organisation.roles.includes('ledger-operator')

/** Where a browser finds an organisation's pages: a name of its own, because cookies and passkeys ignore ports. */
export const addressOf = ({ id, ports }: Pick<Place, 'id' | 'ports'>): string => `http://${id}.localhost:${ports.people}`

/** Two ports an organisation: base + 10·i for members, base + 10·i + 1 for people. */
export const portsOf = (base: number, index: number): { member: number; people: number } => ({ member: base + 10 * index, people: base + 10 * index + 1 })

export interface NetworkPlan {
  readonly folder: string
  readonly basePort: number
  readonly organisations: readonly Organisation[]
  /** Default: the embedded one. */
  readonly ledger?: LedgerKind
  /** On Fabric: the group under which a member's peer and orderer run, by which a packet filter tells them apart. */
  readonly groupOf?: (member: string) => number
  /** Whether members run witnesses of the ledger's log. */
  readonly witnesses?: boolean
  /** Further arguments of `mhmd node run`, by organisation. */
  readonly runArguments?: Readonly<Record<string, readonly string[]>>
}

// The network of the suites: three members with peers, four with orderers.
import type { NetworkPlan } from '../src/index.ts'

export const planFor = (folder: string, offset: number): NetworkPlan => ({ folder, channel: 'mhmd', peers: ['rome', 'accounts', 'institute'], orderers: ['rome', 'accounts', 'institute', 'access-body'], basePort: 10_000 + offset })

// Every contract and version that a transaction may name. Old versions stay, so that a ledger replays from genesis.
import type { Contract } from './contract.ts'
import { agreements } from './agreements.ts'
import { consents } from './consents/consents.ts'
import { optOuts } from './consents/opt-outs.ts'
import { datasets } from './datasets.ts'
import { keys } from './keys/keys.ts'
import { participants } from './participants/participants.ts'
import { permits } from './permits.ts'
import { privateValues } from './private.ts'
import { releases } from './releases.ts'
import { requests } from './requests/requests.ts'
import { useReleases } from './use-releases/use-releases.ts'
import { useRequests } from './use-requests/use-requests.ts'

const contracts: readonly Contract[] = [participants, keys, consents, optOuts, datasets, requests, releases, privateValues, useRequests, permits, agreements, useReleases]

/** Contracts by `name@version`. */
export const contractsTable: Readonly<Record<string, Contract>> = Object.assign(Object.create(null) as Record<string, Contract>, Object.fromEntries(contracts.map((each) => [`${each.name}@${each.version}`, each])))

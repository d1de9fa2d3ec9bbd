// Who takes part in a Fabric network on this machine, and where each of its files and ports is.
import { join } from 'node:path'

export interface NetworkPlan {
  readonly folder: string
  /** The channel's name, which is the ledger to query. */
  readonly channel: string
  /** Members with a peer of their own, which endorse: three or more. */
  readonly peers: readonly string[]
  /** Members with an orderer of their own: four, so that one may fail or lie (BFT). */
  readonly orderers: readonly string[]
  /** The first of 4 ports an orderer and 5 a peer; orderers after the fourth stand 60 above. */
  readonly basePort: number
  /** Which version of the contracts the channel agreed on. Default: 1. */
  readonly contracts?: number
  /** Members of `peers` that have gone since; their ports stay empty. */
  readonly left?: readonly string[]
  /** Members of `orderers` whose orderer has gone since. */
  readonly leftOrderers?: readonly string[]
}

export interface OrdererPlace {
  readonly member: string
  readonly msp: string
  readonly domain: string
  readonly port: number
  readonly admin: number
  readonly operations: number
  /** Its MSP and TLS material. */
  readonly crypto: string
  readonly data: string
}

export interface PeerPlace {
  readonly member: string
  readonly msp: string
  readonly domain: string
  readonly port: number
  readonly callback: number
  readonly operations: number
  readonly crypto: string
  readonly data: string
}

const named = (member: string): string => member.replaceAll('-', '')

/** MSP names of a member: `rome` endorses as `romeMSP`, and orders as `romeOrderersMSP`. */
export const peerMsp = (member: string): string => `${named(member)}MSP`
export const ordererMsp = (member: string): string => `${named(member)}OrderersMSP`

const FOUNDING_ORDERERS = 4

export function orderersOf({ folder, orderers, basePort, leftOrderers = [] }: NetworkPlan): OrdererPlace[] {
  return orderers.map((member, at) => {
    const domain = `${member}-orderers.test`
    const port = basePort + (at < FOUNDING_ORDERERS ? 4 * at : 60 + 4 * (at - FOUNDING_ORDERERS))
    return { member, msp: ordererMsp(member), domain, port, admin: port + 1, operations: port + 2, crypto: join(folder, 'crypto/orderers', member), data: join(folder, 'orderers', member) }
  }).filter(({ member }) => !leftOrderers.includes(member))
}

export function peersOf({ folder, peers, orderers, basePort, left = [] }: NetworkPlan): PeerPlace[] {
  return peers.map((member, at) => {
    const domain = `${member}.test`
    const port = basePort + 4 * Math.min(orderers.length, FOUNDING_ORDERERS) + 5 * at
    return { member, msp: peerMsp(member), domain, port, callback: port + 1, operations: port + 3, crypto: join(folder, 'crypto/peers', member), data: join(folder, 'peers', member) }
  }).filter(({ member }) => !left.includes(member))
}

/** Two ports, taken in turn: while a vote runs, the contracts' next version runs beside the present one. */
export const chaincodePort = ({ port }: PeerPlace, version: number): number => port + (version % 2 === 1 ? 2 : 4)

export type Place = OrdererPlace | PeerPlace
export const isOrderer = (place: Place): place is OrdererPlace => 'admin' in place

/** The folder of one host's identity (`msp`) and TLS pair (`tls`). */
export const hostOf = ({ crypto }: Place): string => join(crypto, 'host')
export const adminOf = ({ crypto }: Place): string => join(crypto, 'admin')
export const userOf = ({ crypto }: PeerPlace): string => join(crypto, 'client')

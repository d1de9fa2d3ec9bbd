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
  /** The first of 4 ports an orderer and 5 a peer. */
  readonly basePort: number
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
  readonly chaincode: number
  readonly operations: number
  readonly crypto: string
  readonly data: string
}

const named = (member: string): string => member.replaceAll('-', '')

/** MSP names of a member: `rome` endorses as `romeMSP`, and orders as `romeOrderersMSP`. */
const peerMsp = (member: string): string => `${named(member)}MSP`
const ordererMsp = (member: string): string => `${named(member)}OrderersMSP`

export function orderersOf({ folder, orderers, basePort }: NetworkPlan): OrdererPlace[] {
  return orderers.map((member, at) => {
    const domain = `${member}-orderers.test`
    const port = basePort + 4 * at
    return { member, msp: ordererMsp(member), domain, port, admin: port + 1, operations: port + 2, crypto: join(folder, 'crypto/ordererOrganizations', domain), data: join(folder, 'orderers', member) }
  })
}

export function peersOf({ folder, peers, orderers, basePort }: NetworkPlan): PeerPlace[] {
  return peers.map((member, at) => {
    const domain = `${member}.test`
    const port = basePort + 4 * orderers.length + 5 * at
    return { member, msp: peerMsp(member), domain, port, callback: port + 1, chaincode: port + 2, operations: port + 3, crypto: join(folder, 'crypto/peerOrganizations', domain), data: join(folder, 'peers', member) }
  })
}

/** Files of one host's TLS pair, as cryptogen lays them out. */
export const hostOf = ({ crypto, domain }: OrdererPlace | PeerPlace): string => crypto.includes('ordererOrganizations') ? join(crypto, 'orderers', `orderer.${domain}`) : join(crypto, 'peers', `peer0.${domain}`)
export const adminOf = ({ crypto, domain }: OrdererPlace | PeerPlace): string => join(crypto, 'users', `Admin@${domain}`)
export const userOf = ({ crypto, domain }: PeerPlace): string => join(crypto, 'users', `User1@${domain}`)

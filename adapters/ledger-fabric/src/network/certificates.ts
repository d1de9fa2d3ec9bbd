// Certificates of a network: which there are and when they end, and their rotation while the others go on.
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { changeConfiguration, majorityOf } from './configuration.ts'
import { renewHost, renewPerson } from './identities.ts'
import type { Renewal } from './identities.ts'
import { adminOf, hostOf, isOrderer, orderersOf, peersOf, userOf } from './layout.ts'
import type { NetworkPlan, Place } from './layout.ts'
import { changeConsenters, consenterOf } from './membership.ts'
import type { FabricNetwork } from './start.ts'
import { endorses } from './start.ts'
import { ordererOf, peerOf } from './site.ts'

export interface CertificateLife {
  readonly msp: string
  /** Like `identity of the peer`. */
  readonly what: string
  readonly from: Date
  readonly until: Date
}

function certificatesOf(place: Place): CertificateLife[] {
  const kind = isOrderer(place) ? 'orderer' : 'peer'
  const files: readonly (readonly [string, string])[] = [
    [`identity of the ${kind}`, join(hostOf(place), 'msp/signcerts/cert.pem')], [`TLS of the ${kind}`, join(hostOf(place), 'tls/server.crt')],
    ['administrator', join(adminOf(place), 'msp/signcerts/cert.pem')], ...isOrderer(place) ? [] : [['client of the node', join(userOf(place), 'msp/signcerts/cert.pem')] as const],
    ['authority of identities', join(place.crypto, 'msp/cacerts/ca.pem')], ['authority of TLS', join(place.crypto, 'msp/tlscacerts/ca.pem')],
  ]
  return files.map(([what, file]) => {
    const { validFromDate: from, validToDate: until } = new X509Certificate(readFileSync(file))
    return { msp: place.msp, what, from, until }
  })
}

/** Every certificate whose file lies on this machine, the one that ends first at the top. */
export const certificatesIn = (plan: NetworkPlan): CertificateLife[] => [...orderersOf(plan), ...peersOf(plan)].flatMap(certificatesOf).sort((a, b) => a.until.getTime() - b.until.getTime())

/** New keys and certificates for a peer, its administrator and its node's client; the peer is away for a few seconds. A node takes its client's with `mhmd node join --fabric`. */
export async function rotatePeer(network: FabricNetwork, member: string, life: Renewal = {}): Promise<void> {
  const place = peerOf(network.plan, member)
  for (const unit of ['admin', 'client'] as const) await renewPerson(place, unit, network.authorities, life)
  await renewHost(place, network.authorities, life)
  for (const name of [`peer ${member}`, `chaincode ${member}`]) {
    await network.end(name)
    await network.revive(name)
  }
  await endorses(network.plan, member)
}

/** New keys and certificates for an orderer: the channel names them first, by a majority of the orderers' organisations, then the orderer starts with them. One at a time. */
export async function rotateOrderer(network: FabricNetwork, member: string, life: Renewal = {}): Promise<void> {
  const place = ordererOf(network.plan, member)
  // The administrator signs with the old certificate or the new: both are of the same authority.
  await renewPerson(place, 'admin', network.authorities, life)
  await renewHost(place, network.authorities, life)
  await changeConfiguration(network.site, majorityOf(orderersOf(network.plan)), (channel) =>
    changeConsenters(channel, (consenters) => consenters.map((each) => each.msp_id === place.msp ? consenterOf(place, each.id) : each)))
  await network.end(`orderer ${member}`)
  await network.revive(`orderer ${member}`)
}

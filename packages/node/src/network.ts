// The network file: founded once from the founders' records, pinned at joining; its hash is the network's id.
import { byCodeUnits, toBase64Url } from '@mhmd/base'
import type { Randomness } from '@mhmd/base'
import { MemberRecord, NetworkDocument, documentType } from '@mhmd/schema'
import type { NodeConfig } from './config.ts'

const YEAR_MILLISECONDS = 365 * 24 * 3600 * 1000

const networkDocument = documentType('network', NetworkDocument)
const memberDocument = documentType('member', MemberRecord)

/** The pinned file, checked. Throws SCHEMA_NOT_VALID. */
export const parseNetwork = (value: unknown): NetworkDocument => networkDocument.parse(value)
export const parseMember = (value: unknown): MemberRecord => memberDocument.parse(value)

/** The document of a new network: its founders order the ledger, check each other and admit the rest, two at a time. */
export function foundNetwork(name: string, founders: readonly MemberRecord[], ports: { now: number; randomness: Randomness }): NetworkDocument {
  const inOrder = [...founders].sort((a, b) => byCodeUnits(a.id, b.id))
  return parseNetwork({
    format: 'mhmd-network/1',
    name,
    createdAt: ports.now,
    founders: inOrder,
    checkpointKeys: [...new Set(inOrder.map((member) => member.signingKey))],
    admissionQuorum: Math.min(2, inOrder.length),
    nonce: toBase64Url(ports.randomness.bytes(24)),
  })
}

/** The record a node asks to be admitted with. Valid for two years from a day ago, so that clocks may differ. */
export function proposedMember(config: NodeConfig, keys: { signingKey: string; caRoot: string; tlsKey: string; messageKey: string; now: number }): MemberRecord {
  return parseMember({
    id: config.id,
    name: config.name,
    country: config.country,
    roles: config.roles,
    signingKey: keys.signingKey,
    caRoot: keys.caRoot.endsWith('\n') ? keys.caRoot : `${keys.caRoot}\n`,
    tlsKeys: [keys.tlsKey],
    messageKey: keys.messageKey,
    endpoint: `https://${config.member.host}:${config.member.port}`,
    peopleEndpoint: config.people.origin ?? `http://${config.people.host}:${config.people.port}`,
    serverName: config.member.serverName,
    validFrom: keys.now - 24 * 3600 * 1000,
    validUntil: keys.now + 2 * YEAR_MILLISECONDS,
    state: 'active',
    version: 1,
  })
}

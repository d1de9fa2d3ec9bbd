// A node's folder: its configuration, its keys, the network it joined. Made once by `init`; keys are never overwritten.
import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fromHex, toHex } from '@mhmd/base'
import { membershipApplicationStatement, networkId, signStatement, statementKinds } from '@mhmd/contracts'
import { newMessageKey, newSigningKey, signingKeyFromSeed } from '@mhmd/crypto'
import type { Signature, SigningKey } from '@mhmd/crypto'
import { documentType } from '@mhmd/schema'
import type { MemberRecord, NetworkDocument } from '@mhmd/schema'
import { issueNodeCertificate, newAuthority } from '@mhmd/transport-https/certificates'
import Type from 'typebox'
import type { NodeConfig } from './config.ts'
import { nodeErrors } from './errors.ts'
import { parseMember, parseNetwork, proposedMember } from './network.ts'

/** The secrets of a node, read from its `keys/` folder. They never leave the process. */
export interface NodeSecrets {
  readonly signing: SigningKey
  /** Signs statements of what was removed; exists in this folder and nowhere else. */
  readonly statement: SigningKey
  /** X25519: opens what was sealed to this member. */
  readonly messageKey: Uint8Array
  /** 32 bytes from which the keys for data at rest are derived. */
  readonly nodeKey: Uint8Array
  readonly tls: { readonly key: string; readonly cert: string }
  readonly caRoot: string
}

const Pem = Type.String({ minLength: 1, maxLength: 20_000 })
const Name = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9.-]{0,99}$' })

/** How a node reaches its organisation's own peer: `others` are the MSPs of the other organisations that endorse. PEM texts. */
const FabricConnectionDocument = Type.Object({
  channel: Name, chaincode: Name, msp: Name, address: Type.String({ pattern: '^[A-Za-z0-9.-]{1,200}:[0-9]{1,5}$' }),
  others: Type.Array(Name, { minItems: 1, maxItems: 100 }), tlsRoot: Pem, certificate: Pem, privateKey: Pem,
  /** Where this machine holds the Fabric network: its folder, and that of Fabric's programs. */
  site: Type.Optional(Type.Object({ folder: Type.String({ minLength: 1, maxLength: 1000 }), bin: Type.String({ minLength: 1, maxLength: 1000 }) }, { additionalProperties: false })),
}, { additionalProperties: false })
const fabricDocument = documentType('fabric-connection', FabricConnectionDocument)
export type FabricConnection = Type.Static<typeof FabricConnectionDocument>
export type FabricSite = NonNullable<FabricConnection['site']>

const CERTIFICATE_DAYS = 397

const file = { config: 'config.json', network: 'network.json', application: 'application.json', fabric: 'fabric.json' }
const FABRIC_KEY = 'fabric.key.pem'

export const homePaths = (home: string): { data: string; store: string; keyring: string; ledger: string; fabricKeys: string; fabricMarks: string; spool: string; analytics: string } => ({
  data: join(home, 'data'),
  store: join(home, 'data', 'store.db'),
  keyring: join(home, 'data', 'keyring'),
  ledger: join(home, 'data', 'ledger'),
  fabricKeys: join(home, 'data', 'fabric-private'),
  fabricMarks: join(home, 'data', 'fabric-marks'),
  spool: join(home, 'data', 'spool'),
  analytics: join(home, 'data', 'analytics', 'ledger.duckdb'),
})

/** Makes a node's folder with fresh keys and its own certificate authority. Throws NODE_HOME_EXISTS. Returns its application for membership. */
export async function initHome(home: string, config: NodeConfig, options: { now: number; adminKey: string }): Promise<MemberRecord> {
  if (existsSync(home) && readdirSync(home).length > 0) throw nodeErrors.HOME_EXISTS({ home })
  const signing = newSigningKey()
  const message = newMessageKey()
  const authority = await newAuthority({ organisation: config.name })
  const certificate = await issueNodeCertificate(authority, { serverName: config.member.serverName, days: CERTIFICATE_DAYS })
  // Checked before anything is written: a refused one leaves no folder behind.
  const member = proposedMember(config, { signingKey: signing.key.publicKey, caRoot: authority.cert, tlsKey: certificate.pin, messageKey: message.publicKey, now: options.now })
  for (const folder of [home, join(home, 'keys'), homePaths(home).data, homePaths(home).spool]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeSecret(home, 'signing.seed', toHex(signing.seed))
  writeSecret(home, 'statement.seed', toHex(newSigningKey().seed))
  writeSecret(home, 'message.key', toHex(message.privateKey))
  writeSecret(home, 'node.key', toHex(randomBytes(32)))
  writeSecret(home, 'ca.key.pem', authority.key)
  writeSecret(home, 'ca.cert.pem', authority.cert)
  writeSecret(home, 'tls.key.pem', certificate.key)
  writeSecret(home, 'tls.cert.pem', certificate.cert)
  writeJson(home, file.application, member)
  writeJson(home, 'admin.json', { key: options.adminKey })
  writeJson(home, file.config, config)
  return member
}

/** Pins the network: writes `network.json` after comparing its hash with the one the founders published. */
export function joinHome(home: string, document: unknown, expectedHash: string): string {
  readConfig(home)
  const network = parseNetwork(document)
  const found = networkId(network)
  if (found !== expectedHash) throw nodeErrors.NETWORK_HASH({ expected: expectedHash, found })
  writeJson(home, file.network, network)
  return found
}

/** Makes this node use its organisation's own Fabric peer as its way to the ledger. Throws SCHEMA_NOT_VALID, NODE_HOME_MISSING. */
export function useFabric(home: string, connection: unknown): void {
  readConfig(home)
  const { privateKey, ...rest } = fabricDocument.parse(connection)
  writeSecret(home, FABRIC_KEY, privateKey)
  writeJson(home, file.fabric, rest)
}

/** Undefined where the ledger is reached at its operator. Throws NODE_HOME_BAD. */
export function readFabric(home: string): FabricConnection | undefined {
  if (!existsSync(join(home, file.fabric))) return undefined
  return fabricDocument.parse({ ...readJson(home, file.fabric) as object, privateKey: readKey(home, FABRIC_KEY) })
}

export function readConfig(home: string): NodeConfig {
  if (!existsSync(join(home, file.config))) throw nodeErrors.HOME_MISSING({ home })
  return readJson(home, file.config) as NodeConfig
}

/** The record this node asks to be admitted with, signed by its own key for the network it pinned. */
export function readApplication(home: string): { member: MemberRecord; signature: Signature } {
  const member = parseMember(readJson(home, file.application))
  const statement = membershipApplicationStatement(readNetwork(home).id, member)
  return { member, signature: signStatement(statementKinds.membershipApplication, statement, readSecrets(home).signing) }
}

export const readAdminKey = (home: string): string => (readJson(home, 'admin.json') as { key: string }).key

/** The pinned network and its id. Throws NODE_NOT_JOINED. */
export function readNetwork(home: string): { document: NetworkDocument; id: string } {
  if (!existsSync(join(home, file.network))) throw nodeErrors.NOT_JOINED({ home })
  const document = parseNetwork(readJson(home, file.network))
  return { document, id: networkId(document) }
}

export function readSecrets(home: string): NodeSecrets {
  const read = (name: string): string => readKey(home, name).trimEnd()
  return {
    signing: signingKeyFromSeed(fromHex(read('signing.seed'))),
    statement: signingKeyFromSeed(fromHex(read('statement.seed'))),
    messageKey: fromHex(read('message.key')),
    nodeKey: fromHex(read('node.key')),
    tls: { key: read('tls.key.pem'), cert: read('tls.cert.pem') },
    caRoot: read('ca.cert.pem'),
  }
}

function readKey(home: string, name: string): string {
  const path = join(home, 'keys', name)
  if (!existsSync(path)) throw nodeErrors.HOME_BAD({ file: `keys/${name}`, at: 'the file is missing' })
  return readFileSync(path, 'utf8')
}

function writeSecret(home: string, name: string, content: string): void {
  writeSynced(join(home, 'keys', name), content, 0o600)
}

function writeJson(home: string, name: string, value: unknown): void {
  writeSynced(join(home, name), `${JSON.stringify(value, null, 2)}\n`, 0o644)
}

function writeSynced(path: string, content: string, mode: number): void {
  const handle = openSync(path, 'w', mode)
  writeSync(handle, content)
  fsyncSync(handle)
  closeSync(handle)
}

function readJson(home: string, name: string): unknown {
  try {
    return JSON.parse(readFileSync(join(home, name), 'utf8'))
  } catch (cause) {
    throw nodeErrors.HOME_BAD({ file: name, at: 'it is not JSON' }, { cause })
  }
}

// The identities of one organisation as Fabric reads them (MSP folders, roles by organisational unit), certified by its own two authorities: one for signing, one for TLS.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { certificateRequest, issueRequested, newAuthority } from '@mhmd/transport-https/certificates'
import type { CertificateContent } from '@mhmd/transport-https/certificates'
import { adminOf, hostOf, isOrderer } from './layout.ts'
import type { Place } from './layout.ts'

/** Where certificates come from: an organisation's own authority, which sees requests (PKCS #10) and never a private key. */
export interface CertificateAuthority {
  /** Its own certificate, PEM. */
  readonly root: string
  certify(request: string, content: CertificateContent): Promise<string>
}

/** The two authorities of an organisation. */
export type Authorities = (place: Place) => Promise<{ readonly identity: CertificateAuthority; readonly tls: CertificateAuthority }>

/** How long a certificate of a process, an administrator or a client lasts where nothing else is said. */
const DAYS = 398

/** Authorities whose keys lie in the organisation's folder, made where they aren't there: for a network on one machine. */
export const folderAuthorities: Authorities = async (place) => ({ identity: await folderAuthority(place, 'authority'), tls: await folderAuthority(place, 'tls-authority') })

async function folderAuthority({ crypto, msp }: Place, name: string): Promise<CertificateAuthority> {
  const [key, cert] = [join(crypto, name, 'key.pem'), join(crypto, name, 'cert.pem')]
  if (!existsSync(cert)) {
    const made = await newAuthority({ organisation: `${msp} ${name}` })
    write(key, made.key)
    write(cert, made.cert)
  }
  const root = readFileSync(cert, 'utf8')
  return { root, certify: (request, content) => issueRequested({ key: readFileSync(key, 'utf8'), cert: root }, request, content) }
}

/** Makes everything that an organisation needs to take part. */
export async function makeIdentities(place: Place, authorities: Authorities): Promise<void> {
  const { identity, tls } = await authorities(place)
  const roots = { identity: identity.root, tls: tls.root }
  mspFolder(join(place.crypto, 'msp'), roots)
  for (const folder of isOrderer(place) ? [hostOf(place), adminOf(place)] : [hostOf(place), adminOf(place), join(place.crypto, 'client')]) mspFolder(join(folder, 'msp'), roots)
  await renewHost(place, authorities)
  await renewPerson(place, 'admin', authorities)
  if (!isOrderer(place)) await renewPerson(place, 'client', authorities)
}

export interface Renewal {
  readonly days?: number
  readonly from?: Date
}

/** Fresh keys and certificates for an organisation's peer or orderer: its identity and its TLS pair, which it takes at its next start. */
export async function renewHost(place: Place, authorities: Authorities, life: Renewal = {}): Promise<void> {
  const { identity, tls } = await authorities(place)
  const name = isOrderer(place) ? `orderer.${place.domain}` : `peer0.${place.domain}`
  const hosts = [name, 'localhost', '127.0.0.1']
  await sign(join(hostOf(place), 'msp'), identity, { commonName: name, unit: isOrderer(place) ? 'orderer' : 'peer', days: DAYS, ...life })
  const { key, request } = await certificateRequest(name)
  write(join(hostOf(place), 'tls/server.crt'), await tls.certify(request, { commonName: name, hosts, days: DAYS, ...life }))
  write(join(hostOf(place), 'tls/server.key'), key)
  write(join(hostOf(place), 'tls/ca.crt'), tls.root)
}

/** A fresh key and certificate for the organisation's administrator, or for the client of its node. */
export async function renewPerson(place: Place, unit: 'admin' | 'client', authorities: Authorities, life: Renewal = {}): Promise<void> {
  const { identity } = await authorities(place)
  await sign(join(place.crypto, unit, 'msp'), identity, { commonName: `${unit}@${place.domain}`, unit, days: DAYS, ...life })
}

async function sign(msp: string, authority: CertificateAuthority, content: CertificateContent): Promise<void> {
  const { key, request } = await certificateRequest(content.commonName)
  const certificate = await authority.certify(request, content)
  // Fabric compares an orderer's certificate byte by byte with its own writing of it, which ends in a new line.
  write(join(msp, 'signcerts/cert.pem'), `${certificate.trim()}\n`)
  write(join(msp, 'keystore/key.pem'), key)
}

function mspFolder(folder: string, roots: { readonly identity: string; readonly tls: string }): void {
  const unit = (name: string): object => ({ Certificate: 'cacerts/ca.pem', OrganizationalUnitIdentifier: name })
  write(join(folder, 'cacerts/ca.pem'), roots.identity)
  write(join(folder, 'tlscacerts/ca.pem'), roots.tls)
  write(join(folder, 'config.yaml'), JSON.stringify({ NodeOUs: { Enable: true, ClientOUIdentifier: unit('client'), PeerOUIdentifier: unit('peer'), AdminOUIdentifier: unit('admin'), OrdererOUIdentifier: unit('orderer') } }))
}

function write(file: string, text: string): void {
  mkdirSync(join(file, '..'), { recursive: true })
  writeFileSync(file, text, { mode: 0o600 })
}

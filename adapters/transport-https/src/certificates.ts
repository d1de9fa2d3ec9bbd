// Certificates of an organisation's own authority (X.509 v3, RFC 5280; ECDSA P-256) and the pins that name their keys.
import './reflect-metadata.ts'
import { X509Certificate, createPrivateKey, webcrypto } from 'node:crypto'
import { sha256 } from '@mhmd/crypto'
import { toBase64Url } from '@mhmd/base'
import type * as X509 from '@peculiar/x509'
import { transportErrors } from './errors.ts'

// Loaded late: its registry needs the import above to have run.
const x509: typeof X509 = await import('@peculiar/x509')

/** A private key (PKCS #8) and its certificate, both PEM. */
export interface KeyAndCertificate {
  readonly key: string
  readonly cert: string
}

/** SHA-256 of a certificate's SubjectPublicKeyInfo, base64url: what members list on the ledger as `tlsKeys`. */
export type Pin = string

const DAY_MS = 86_400_000
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

export interface Validity {
  readonly days: number
  /** Default: five minutes ago, for clocks that differ a little. */
  readonly from?: Date
}

/** A new authority of one organisation, which may issue node certificates and nothing below them. */
export async function newAuthority(options: { readonly organisation: string } & Partial<Validity>): Promise<KeyAndCertificate> {
  if (options.organisation.length < 1 || options.organisation.length > 64) throw transportErrors.BAD_CERTIFICATE_REQUEST({ field: 'organisation' })
  const keys = await generateKeys()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ O: [options.organisation] }, { CN: ['MyHealthMyData authority'] }],
    keys,
    signingAlgorithm: ecdsa,
    ...validity({ days: 3650, ...options }),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { key: await pemOfKey(keys.privateKey), cert: certificate.toString('pem') }
}

/** A certificate for one node, server and client at once: SAN = its server name, `localhost` and 127.0.0.1. */
export async function issueNodeCertificate(authority: KeyAndCertificate, options: { readonly serverName: string } & Validity): Promise<KeyAndCertificate & { readonly pin: Pin }> {
  if (!/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(options.serverName)) throw transportErrors.BAD_CERTIFICATE_REQUEST({ field: 'server name' })
  const issuer = parse(authority.cert, 'certificate')
  const keys = await generateKeys()
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [options.serverName.slice(0, 64)] }],
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: signingKeyOf(authority.key),
    signingAlgorithm: ecdsa,
    ...validity(options),
    extensions: await nodeExtensions(issuer, keys.publicKey, options.serverName),
  })
  const cert = certificate.toString('pem')
  return { key: await pemOfKey(keys.privateKey), cert, pin: pinOf(cert) }
}

async function nodeExtensions(issuer: X509.X509Certificate, publicKey: webcrypto.CryptoKey, serverName: string): Promise<X509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
    new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: serverName }, { type: 'dns', value: 'localhost' }, { type: 'ip', value: '127.0.0.1' }]),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(issuer),
  ]
}

/** The pin of a certificate. Throws TRANSPORT_BAD_CERTIFICATE. */
export function pinOf(certificate: string | X509Certificate): Pin {
  try {
    const parsed = typeof certificate === 'string' ? new X509Certificate(certificate) : certificate
    return toBase64Url(sha256(parsed.publicKey.export({ type: 'spki', format: 'der' })))
  } catch (cause) {
    throw transportErrors.BAD_CERTIFICATE({ what: 'certificate' }, { cause })
  }
}

const generateKeys = async (): Promise<webcrypto.CryptoKeyPair> => await webcrypto.subtle.generateKey(ecdsa, true, ['sign', 'verify'])

async function pemOfKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')
}

function signingKeyOf(pem: string): webcrypto.CryptoKey {
  try {
    return createPrivateKey(pem).toCryptoKey(ecdsa, false, ['sign'])
  } catch (cause) {
    throw transportErrors.BAD_CERTIFICATE({ what: 'P-256 private key' }, { cause })
  }
}

function parse(pem: string, what: string): X509.X509Certificate {
  try {
    return new x509.X509Certificate(pem)
  } catch (cause) {
    throw transportErrors.BAD_CERTIFICATE({ what }, { cause })
  }
}

function validity({ days, from = new Date(Date.now() - 300_000) }: Validity): { notBefore: Date; notAfter: Date } {
  if (!Number.isSafeInteger(days) || days < 1) throw transportErrors.BAD_CERTIFICATE_REQUEST({ field: 'life' })
  return { notBefore: from, notAfter: new Date(from.getTime() + days * DAY_MS) }
}

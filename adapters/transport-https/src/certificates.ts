// Certificates of an organisation's own authority (X.509 v3, RFC 5280; ECDSA P-256) and the pins that name their keys.
import './reflect-metadata.ts'
import { X509Certificate, createPrivateKey, webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
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
  const identifier = await x509.SubjectKeyIdentifierExtension.create(keys.publicKey)
  const certificate = await withLowS(() => x509.X509CertificateGenerator.createSelfSigned({
    name: [{ O: [options.organisation] }, { CN: ['MyHealthMyData authority'] }],
    keys,
    signingAlgorithm: ecdsa,
    ...validity({ days: 3650, ...options }),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      identifier,
    ],
  }))
  return { key: await pemOfKey(keys.privateKey), cert: certificate.toString('pem') }
}

/** A certificate for one node, server and client at once: SAN = its server name, `localhost` and 127.0.0.1. */
export async function issueNodeCertificate(authority: KeyAndCertificate, options: { readonly serverName: string } & Validity): Promise<KeyAndCertificate & { readonly pin: Pin }> {
  if (!/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/.test(options.serverName)) throw transportErrors.BAD_CERTIFICATE_REQUEST({ field: 'server name' })
  const { key, request } = await certificateRequest(options.serverName)
  const cert = await issueRequested(authority, request, { commonName: options.serverName, hosts: [options.serverName, ...here], ...options })
  return { key, cert, pin: pinOf(cert) }
}

/** Names by which programs of the same machine reach each other. */
const here = ['localhost', '127.0.0.1'] as const

/** A fresh key and a request to certify it (PKCS #10, RFC 2986), both PEM: the key stays where it was made. */
export async function certificateRequest(commonName: string): Promise<{ readonly key: string; readonly request: string }> {
  const keys = await generateKeys()
  const request = await x509.Pkcs10CertificateRequestGenerator.create({ name: [{ CN: [commonName.slice(0, 64)] }], keys, signingAlgorithm: ecdsa })
  return { key: await pemOfKey(keys.privateKey), request: request.toString('pem') }
}

export interface CertificateContent extends Validity {
  readonly commonName: string
  /** Organisational unit: what Fabric reads the role of an identity from. */
  readonly unit?: string
  /** Names and addresses of a server that is its own client too; without them, the certificate is for signing alone. */
  readonly hosts?: readonly string[]
}

/** Certifies a requested key. What the certificate says is the authority's: of the request only its key counts, which must have signed it. Throws TRANSPORT_BAD_CERTIFICATE. */
export async function issueRequested(authority: KeyAndCertificate, request: string, content: CertificateContent): Promise<string> {
  const issuer = parse(authority.cert, 'certificate')
  const { publicKey } = await verified(request)
  const identifiers = [await x509.SubjectKeyIdentifierExtension.create(publicKey), await x509.AuthorityKeyIdentifierExtension.create(issuer)]
  const certificate = await withLowS(() => x509.X509CertificateGenerator.create({
    subject: [{ CN: [content.commonName.slice(0, 64)] }, ...(content.unit === undefined ? [] : [{ OU: [content.unit] }])],
    issuer: issuer.subjectName,
    publicKey,
    signingKey: signingKeyOf(authority.key),
    signingAlgorithm: ecdsa,
    ...validity(content),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      ...(content.hosts === undefined ? [] : serverExtensions(content.hosts)),
      ...identifiers,
    ],
  }))
  return certificate.toString('pem')
}

const HALF_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n / 2n

/** Signs again until s is the lower of its two values: Fabric rewrites a certificate with the higher one, and then doesn't know its own orderers by their configured bytes. */
async function withLowS(issue: () => Promise<X509.X509Certificate>): Promise<X509.X509Certificate> {
  for (;;) {
    const certificate = await issue()
    // SEQUENCE of two INTEGERs: s is the second.
    const der = new Uint8Array(certificate.signature)
    const s = der.subarray(4 + (der[3] ?? 0) + 2)
    if (BigInt(`0x${Buffer.from(s).toString('hex')}`) <= HALF_ORDER) return certificate
  }
}

async function verified(request: string): Promise<X509.Pkcs10CertificateRequest> {
  try {
    const parsed = new x509.Pkcs10CertificateRequest(request)
    if (await parsed.verify()) return parsed
  } catch (cause) {
    throw transportErrors.BAD_CERTIFICATE({ what: 'certificate request' }, { cause })
  }
  throw transportErrors.BAD_CERTIFICATE({ what: 'certificate request' })
}

const serverExtensions = (hosts: readonly string[]): X509.Extension[] => [
  new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
  new x509.SubjectAlternativeNameExtension(hosts.map((host) => ({ type: isIP(host) === 0 ? 'dns' : 'ip', value: host }))),
]

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

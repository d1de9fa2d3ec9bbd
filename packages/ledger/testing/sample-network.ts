// A small network of synthetic members and citizens, with the transactions they would sign: for ledger tests and benches.
// Everything derives from labels by SHA-256, so that two processes (or two runs) build the same keys and ids.
import { base32, toBase64Url, utf8 } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { consentDecisionStatement, keyEnrolmentStatement, keyedSignature, networkId, recoveryCommitment, signStatement, signTransaction, signed, statementKinds } from '@mhmd/contracts'
import type { Transaction } from '@mhmd/contracts'
import { sha256, signingKeyFromSeed } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import type { MemberRecord, MemberRole, NetworkDocument } from '@mhmd/schema'

const DAY = 86_400_000
const roles: Readonly<Record<string, readonly MemberRole[]>> = {
  rome: ['data-holder', 'ledger-operator'],
  accounts: ['account-provider'],
  institute: ['data-user'],
}

const digestOf = (label: string): string => toBase64Url(sha256(utf8(label)))
const keys = new Map<string, SigningKey>()

/** Made once a process: a bench decides with each of them many times. */
export function sampleKey(label: string): SigningKey {
  const key = keys.get(label) ?? signingKeyFromSeed(sha256(utf8(`sample key ${label}`)))
  keys.set(label, key)
  return key
}

export const sampleId = (label: string): string => base32(sha256(utf8(`sample id ${label}`)).subarray(0, 16))

export type SampleMember = 'rome' | 'accounts' | 'institute'

/** Not a real certificate: the contracts check the form only, and no test of the ledger connects with it. */
const PEM = '-----BEGIN CERTIFICATE-----\nMAAwAAMA\n-----END CERTIFICATE-----\n'

export interface SampleNetworkOptions {
  /** Around which validities lie; transactions take `now()`. */
  readonly now: () => number
  /** Real certificate roots and TLS keys by member, where a test connects. */
  readonly tls?: Readonly<Record<string, { readonly caRoot: string; readonly tlsKeys: string[] }>>
}

export interface SampleNetwork {
  readonly id: string
  readonly document: NetworkDocument
  transaction(submitter: SampleMember, act: { readonly contract: string; readonly operation: string; readonly payload: Canonical; readonly operationId: string }): Transaction
  genesis(): Transaction
  /** Enrols citizen `n` at rome. */
  enrol(n: number): Transaction
  /** Citizen `n` decides at rome; version 1 is her first. */
  decide(n: number, version: number, options?: { readonly operation?: 'set' | 'withdraw'; readonly label?: string; readonly submitter?: SampleMember }): Transaction
  subject(n: number): string
}

export function sampleNetwork({ now, tls = {} }: SampleNetworkOptions): SampleNetwork {
  const started = now()
  const members = Object.fromEntries(Object.keys(roles).map((id) => [id, sampleKey(`member ${id}`)])) as Record<SampleMember, SigningKey>
  const founder = (id: SampleMember, at: number): MemberRecord => ({
    id, name: `Synthetic ${id}`, country: 'IT', roles: [...(roles[id] ?? [])],
    signingKey: members[id].publicKey, caRoot: tls[id]?.caRoot ?? PEM, tlsKeys: tls[id]?.tlsKeys ?? [digestOf(`tls ${id}`)], messageKey: digestOf(`message ${id}`),
    endpoint: `https://127.0.0.1:${7100 + at}`, peopleEndpoint: `http://127.0.0.1:${7200 + at}`, serverName: `${id}.localhost`,
    validFrom: started - 30 * DAY, validUntil: started + 365 * DAY, state: 'active', version: 1,
  })
  const document: NetworkDocument = {
    format: 'mhmd-network/1', name: 'Synthetic network', createdAt: started - DAY,
    founders: (Object.keys(members) as SampleMember[]).map(founder), checkpointKeys: [members.rome.publicKey], admissionQuorum: 2, nonce: digestOf(`nonce ${started}`),
  }
  const id = networkId(document)
  const transaction: SampleNetwork['transaction'] = (submitter, act) => signTransaction({ network: id, ...act, submitter, time: now() }, members[submitter])
  const subject = (n: number): string => sampleId(`subject ${n}`)

  return {
    id, document, transaction, subject,
    genesis: () => transaction('rome', { contract: 'participants@1', operation: 'genesis', payload: { document }, operationId: sampleId('genesis') }),
    enrol: (n) => {
      const statement = keyEnrolmentStatement({ network: id, holder: 'rome', provider: 'accounts', subject: subject(n), key: sampleKey(`citizen ${n}`).publicKey, recovery: recoveryCommitment(sampleKey(`recovery ${n}`).publicKey), expires: now() + DAY })
      const signatures = { holder: keyedSignature(statementKinds.keyEnrolment, statement, members.rome), provider: keyedSignature(statementKinds.keyEnrolment, statement, members.accounts), subject: signStatement(statementKinds.keyEnrolment, statement, sampleKey(`citizen ${n}`)) }
      return transaction('accounts', { contract: 'keys@1', operation: 'enrol', payload: { statement, signatures }, operationId: sampleId(`enrol ${n}`) })
    },
    decide: (n, version, { operation = 'set', label = '', submitter = 'rome' } = {}) => {
      const operationId = sampleId(`decide ${n} ${version} ${label}`)
      const statement = consentDecisionStatement({ network: id, holder: 'rome', subject: subject(n), operation, version, content: digestOf(`content ${n} ${version}`), expires: now() + 90 * DAY, operationId })
      return transaction(submitter, { contract: 'consents@1', operation: 'decide', payload: signed(statementKinds.consentDecision, statement, sampleKey(`citizen ${n}`)), operationId })
    },
  }
}

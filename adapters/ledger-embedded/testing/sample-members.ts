// Certificates of the sample network's members, and a client of the ledger as each of them, for tests over real mutual TLS.
import type { SampleMember } from '@mhmd/ledger/testing'
import { issueNodeCertificate, memberClient, newAuthority } from '@mhmd/transport-https'
import type { KeyAndCertificate, MemberClient, Pin } from '@mhmd/transport-https'

export interface SampleTls {
  readonly certificate: KeyAndCertificate
  readonly pin: Pin
  readonly caRoot: string
}

export const sampleMembers: readonly SampleMember[] = ['rome', 'accounts', 'institute']

export async function sampleTls(): Promise<Record<SampleMember, SampleTls>> {
  const entries = await Promise.all(sampleMembers.map(async (member) => {
    const authority = await newAuthority({ organisation: `Synthetic ${member}` })
    const { pin, ...certificate } = await issueNodeCertificate(authority, { serverName: `${member}.localhost`, days: 30 })
    return [member, { certificate, pin, caRoot: authority.cert }] as const
  }))
  return Object.fromEntries(entries) as Record<SampleMember, SampleTls>
}

export const clientOf = (member: SampleMember, tls: Record<SampleMember, SampleTls>): MemberClient =>
  memberClient({ tls: () => ({ ...tls[member].certificate, ca: sampleMembers.map((other) => tls[other].caRoot) }) })

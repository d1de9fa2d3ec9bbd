// Whom this node talks to: derived from the participants contract, before the first block from the pinned network file.
import type { Clock } from '@mhmd/base'
import type { MemberRecord, NetworkDocument } from '@mhmd/schema'
import type { Follower } from '@mhmd/ledger'

export interface Trust {
  member(id: string): MemberRecord | undefined
  members(): readonly MemberRecord[]
  /** The suspended ones too: people find their hospital among them, and the ledger's port is open to them (decision 0053). */
  everyMember(): readonly MemberRecord[]
  /** PEM roots that may have issued a peer's certificate; whether its key opens a port is another question. */
  caRoots(): string[]
  /** The active member a TLS key (SPKI SHA-256, base64url) belongs to now. */
  memberOfTlsKey(spki: string): string | undefined
  /** The same among all, for the ledger's port. */
  anyMemberOfTlsKey(spki: string): string | undefined
  /** Called after a change of members or keys. */
  onChange(listener: () => void): void
  /** Reads the members from the projection again. */
  refresh(): Promise<void>
}

const ofTlsKey = (members: readonly MemberRecord[], spki: string): string | undefined => members.find((member) => member.tlsKeys.includes(spki))?.id

/** Trust follows the ledger: every block that touches a member is read at once, and expired or suspended members drop out. */
export function createTrust(parts: { network: NetworkDocument; follower: Pick<Follower, 'latestBelow' | 'onBlock'>; clock: Clock }): Trust {
  let current: readonly MemberRecord[] = parts.network.founders
  const listeners: (() => void)[] = []
  const everyMember = (): readonly MemberRecord[] => current.filter(({ validFrom, validUntil }) => validFrom <= parts.clock.now() && parts.clock.now() < validUntil)
  const active = (): readonly MemberRecord[] => everyMember().filter(({ state }) => state === 'active')

  async function refresh(): Promise<void> {
    const entries = await parts.follower.latestBelow(['member'])
    if (entries.length === 0) return
    current = entries.map((entry) => entry.value as unknown as MemberRecord)
    for (const listener of listeners) listener()
  }

  parts.follower.onBlock(async (block) => {
    if (block.committed.some((item) => item.writes.some((write) => write.key[0] === 'member'))) await refresh()
  })

  return {
    member: (id) => active().find((member) => member.id === id),
    members: active,
    everyMember,
    caRoots: () => everyMember().map((member) => member.caRoot),
    memberOfTlsKey: (spki) => ofTlsKey(active(), spki),
    anyMemberOfTlsKey: (spki) => ofTlsKey(everyMember(), spki),
    onChange: (listener) => void listeners.push(listener),
    refresh,
  }
}

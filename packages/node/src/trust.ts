// Whom this node talks to: derived from the participants contract, before the first block from the pinned network file.
import type { Clock } from '@mhmd/base'
import type { MemberRecord, NetworkDocument } from '@mhmd/schema'
import type { Follower } from '@mhmd/ledger'

export interface Trust {
  member(id: string): MemberRecord | undefined
  members(): readonly MemberRecord[]
  /** PEM roots that may have issued a peer's certificate. */
  caRoots(): string[]
  /** The active member a TLS key (SPKI SHA-256, base64url) belongs to now. */
  memberOfTlsKey(spki: string): string | undefined
  /** Called after a change of members or keys. */
  onChange(listener: () => void): void
  /** Reads the members from the projection again. */
  refresh(): Promise<void>
}

/** Trust follows the ledger: every block that touches a member is read at once, and expired or suspended members drop out. */
export function createTrust(parts: { network: NetworkDocument; follower: Pick<Follower, 'latestBelow' | 'onBlock'>; clock: Clock }): Trust {
  let current: readonly MemberRecord[] = parts.network.founders
  const listeners: (() => void)[] = []
  const isActive = (member: MemberRecord): boolean => member.state === 'active' && member.validFrom <= parts.clock.now() && parts.clock.now() < member.validUntil
  const active = (): readonly MemberRecord[] => current.filter(isActive)

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
    caRoots: () => active().map((member) => member.caRoot),
    memberOfTlsKey: (spki) => active().find((member) => member.tlsKeys.includes(spki))?.id,
    onChange: (listener) => void listeners.push(listener),
    refresh,
  }
}

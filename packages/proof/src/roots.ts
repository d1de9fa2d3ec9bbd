// Trust roots as a file: whose signatures a stranger believes. Either the network's own network.json, or `mhmd-roots/1`, which names witnesses too.
import { accepted, refused } from '@mhmd/base'
import type { Canonical, Result } from '@mhmd/base'
import { statementDigest } from '@mhmd/crypto'
import { checkpointOrigin, memberKeyName } from './checkpoint.ts'
import { parseVerifierKey, verifierKeyText } from './note.ts'
import { parsePolicy } from './policy.ts'
import type { TrustRoots } from './proof.ts'

export const ROOTS_FORMAT = 'mhmd-roots/1'

/** The file. */
export interface RootsDocument {
  readonly format: typeof ROOTS_FORMAT
  /** The network's name, for people. */
  readonly name: string
  readonly origin: string
  /** The members' verifier keys (C2SP signed-note), and how many of them must have signed. */
  readonly members: readonly string[]
  readonly quorum: number
  /** Witnesses and their quorum: a C2SP tlog-policy; without any, an empty text. */
  readonly witnesses: string
}

export interface NamedRoots extends TrustRoots {
  readonly name: string
}

/** What of network.json matters here; the rest counts through the digest over the whole. */
interface Founded {
  readonly format: 'mhmd-network/1'
  readonly name: string
  readonly admissionQuorum: number
  readonly founders: readonly { readonly id: string; readonly signingKey: string }[]
}

/** The trust roots that a file of either kind holds. Refused with ROOTS_MALFORMED. */
export function parseRoots(value: unknown): Result<NamedRoots> {
  const document = isFounded(value) ? rootsOfNetwork(value) : value
  if (!isRoots(document)) return refused('ROOTS_MALFORMED', { why: 'it is neither a network.json nor a file of the format mhmd-roots/1' })
  const keys = document.members.map((text) => parseVerifierKey(text))
  if (!keys.every((key) => key !== undefined)) return refused('ROOTS_MALFORMED', { why: 'a member\'s key is not a verifier key of type 0x01' })
  const count = new Set(keys.map((key) => key.publicKey)).size
  if (!(Number.isSafeInteger(document.quorum) && document.quorum >= 1 && document.quorum <= count)) return refused('ROOTS_MALFORMED', { why: `the quorum must be a whole number from 1 to ${count}` })
  const roots = { name: document.name, origin: document.origin, keys, quorum: document.quorum }
  if (document.witnesses === '') return accepted(roots)
  const policy = parsePolicy(document.witnesses)
  return policy.ok ? accepted({ ...roots, witnesses: policy.value }) : policy
}

/** The roots of a network's founders, with a policy of witnesses where one is asked for. Its id, and so the log's origin, is the digest of the whole file. */
function rootsOfNetwork(network: Founded): RootsDocument | undefined {
  try {
    const id = statementDigest('network', network as unknown as Canonical)
    return {
      format: ROOTS_FORMAT, name: network.name, origin: checkpointOrigin(id), quorum: network.admissionQuorum, witnesses: '',
      members: network.founders.map((member) => verifierKeyText({ name: memberKeyName(id, member.id), publicKey: member.signingKey })),
    }
  } catch {
    return undefined
  }
}

/** A file of trust roots from network.json, a policy and a quorum of members; undefined where the first is none. */
export function rootsDocument(network: unknown, options: { readonly quorum?: number; readonly witnesses?: string } = {}): RootsDocument | undefined {
  const document = isFounded(network) ? rootsOfNetwork(network) : undefined
  return document === undefined ? undefined : { ...document, ...options }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.isWellFormed()

function isFounded(value: unknown): value is Founded {
  const network = value as Partial<Founded> | null
  return network?.format === 'mhmd-network/1' && isText(network.name) && Array.isArray(network.founders)
    && network.founders.every((member: { id?: unknown; signingKey?: unknown } | null) => isText(member?.id) && isText(member.signingKey))
}

function isRoots(value: unknown): value is RootsDocument {
  const roots = value as Partial<RootsDocument> | null | undefined
  return roots?.format === ROOTS_FORMAT && [roots.name, roots.origin, roots.witnesses].every(isText) && Array.isArray(roots.members) && roots.members.every(isText)
    && Object.keys(roots).sort().join() === 'format,members,name,origin,quorum,witnesses'
}

// The one proof format: that a transaction stands in the derived log under a signed checkpoint. Its verifier needs nothing but the proof and the trust roots.
import { accepted, fromBase64Url, refused, toBase64Url } from '@mhmd/base'
import type { Result } from '@mhmd/base'
import type { Write } from '@mhmd/contracts'
import { writesDigest } from './block.ts'
import type { ShownWrite } from './block.ts'
import { openNote, parseCheckpoint } from './checkpoint.ts'
import type { Checkpoint, NoteKey } from './checkpoint.ts'
import { hashOfLeaf } from './derived-log.ts'
import type { Leaf } from './derived-log.ts'
import { verifyInclusion } from './merkle.ts'

export const PROOF_FORMAT = 'mhmd-proof/1'

export interface Proof {
  readonly format: typeof PROOF_FORMAT
  readonly leaf: Leaf
  /** The transaction's writes, which the leaf holds the digest of; those that concern others as digests. */
  readonly writes: readonly ShownWrite[]
  /** Place of the leaf in the log. */
  readonly logIndex: number
  /** Hashes from the leaf's sibling up, base64url. */
  readonly inclusion: readonly string[]
  /** The text of the checkpoint. */
  readonly checkpoint: string
  /** Signature lines over it, as in a C2SP signed note. */
  readonly signatures: readonly string[]
}

/** Whom the verifier believes: a separate argument, never part of a proof. */
export interface TrustRoots {
  readonly origin: string
  readonly keys: readonly NoteKey[]
  /** How many different keys must have signed. */
  readonly quorum: number
}

export interface Proven {
  readonly leaf: Leaf
  /** What is shown of the transaction's writes, and how many are not. */
  readonly writes: readonly Write[]
  readonly hidden: number
  readonly checkpoint: Checkpoint
  readonly signedBy: readonly string[]
}

/** Why a proof proves nothing: code, meaning and remedy of every refusal of `verifyProof` and `openNote`. */
export const proofRefusals: Readonly<Record<string, { readonly says: string; readonly remedy: string }>> = {
  PROOF_MALFORMED: { says: 'This is not a proof of the format mhmd-proof/1', remedy: 'Ask for the proof again; copy the file whole.' },
  PROOF_MALFORMED_NOTE: { says: 'The checkpoint is not a signed note', remedy: 'Ask for the proof again; copy the file whole.' },
  PROOF_BAD_SIGNATURE: { says: 'A signature of a trusted key does not hold over the checkpoint', remedy: 'Do not believe it. Keep the file and ask the member whose key it names.' },
  PROOF_OTHER_LOG: { says: 'The checkpoint is of another log than the trust roots name', remedy: 'Check with the roots of the network that the proof is from.' },
  PROOF_TOO_FEW_SIGNATURES: { says: 'Fewer trusted keys signed the checkpoint than the quorum asks for', remedy: 'Ask for a proof with signatures of more members, or check the roots.' },
  PROOF_NOT_INCLUDED: { says: 'The path does not lead from this transaction to the root of the checkpoint', remedy: 'Do not believe it. Ask another member for a proof of the same operation.' },
  PROOF_OTHER_WRITES: { says: 'The writes shown are not those that the log holds', remedy: 'Do not believe it. Ask another member for a proof of the same operation.' },
}

/** What the proof proves, or why it proves nothing (`proofRefusals`). */
export function verifyProof(proof: unknown, roots: TrustRoots): Result<Proven> {
  if (!isProof(proof)) return refused('PROOF_MALFORMED')
  const opened = openNote(`${proof.checkpoint}\n${proof.signatures.map((line) => `${line}\n`).join('')}`, roots.keys)
  if (!opened.ok) return opened
  const checkpoint = opened.value.text === proof.checkpoint ? parseCheckpoint(proof.checkpoint) : undefined
  if (checkpoint === undefined) return refused('PROOF_MALFORMED')
  if (checkpoint.origin !== roots.origin) return refused('PROOF_OTHER_LOG')
  const signedBy = [...new Set(opened.value.signedBy.map((key) => key.publicKey))]
  if (roots.quorum < 1 || signedBy.length < roots.quorum) return refused('PROOF_TOO_FEW_SIGNATURES', { valid: signedBy.length, quorum: roots.quorum })
  const { leaf, writes } = proof
  const path = proof.inclusion.map(hashBytes)
  if (!path.every((hash) => hash !== undefined)) return refused('PROOF_MALFORMED')
  if (!verifyInclusion({ leaf: hashOfLeaf(leaf), index: proof.logIndex, size: checkpoint.size, root: checkpoint.root, proof: path })) return refused('PROOF_NOT_INCLUDED')
  if (writesDigest(writes) !== leaf.writes) return refused('PROOF_OTHER_WRITES')
  const shown = writes.filter((write) => typeof write !== 'string')
  return accepted({ leaf, writes: shown, hidden: writes.length - shown.length, checkpoint, signedBy: opened.value.signedBy.map((key) => key.name) })
}

export const encodePath = (path: readonly Uint8Array[]): string[] => path.map(toBase64Url)

function hashBytes(text: string): Uint8Array | undefined {
  try {
    const bytes = fromBase64Url(text)
    return bytes.length === 32 ? bytes : undefined
  } catch {
    return undefined
  }
}

function isProof(value: unknown): value is Proof {
  const proof = value as Proof
  return hasMembers(value, ['checkpoint', 'format', 'inclusion', 'leaf', 'logIndex', 'signatures', 'writes'])
    && proof.format === PROOF_FORMAT && isLeaf(proof.leaf) && Number.isSafeInteger(proof.logIndex)
    && isTexts(proof.inclusion) && isTexts(proof.signatures) && typeof proof.checkpoint === 'string'
    && Array.isArray(proof.writes) && proof.writes.every((write) => isWrite(write) || isDigest(write)) && isCanonical(proof.writes)
}

function isLeaf(value: unknown): value is Leaf {
  const leaf = value as Leaf
  return hasMembers(value, ['code', 'height', 'index', 'operationId', 'writes'])
    && [leaf.operationId, leaf.code, leaf.writes].every((text) => typeof text === 'string' && text.isWellFormed()) && [leaf.height, leaf.index].every((number) => Number.isSafeInteger(number) && number >= 0)
}

const isWrite = (value: unknown): value is Write => hasMembers(value, ['key', 'value']) && isTexts((value as Write).key)

const isDigest = (value: unknown): value is string => typeof value === 'string' && hashBytes(value) !== undefined

const isTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every((item) => typeof item === 'string')

function hasMembers(value: unknown, members: readonly string[]): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).sort().join() === members.join()
}

function isCanonical(writes: readonly ShownWrite[]): boolean {
  try {
    writesDigest(writes)
    return true
  } catch {
    return false
  }
}


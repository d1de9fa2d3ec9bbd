// The one proof format: that a transaction stands in the derived log under a signed checkpoint. Its verifier needs nothing but the proof and the trust roots.
import { accepted, fromBase64Url, refused, toBase64Url } from '@mhmd/base'
import type { Result } from '@mhmd/base'
import { parseCheckpoint } from './checkpoint.ts'
import type { Checkpoint } from './checkpoint.ts'
import { cosignedBy } from './cosignature.ts'
import type { Cosigned } from './cosignature.ts'
import { hashOfLeaf, writesDigest } from './leaf.ts'
import type { Leaf, ProvenWrite, ShownWrite } from './leaf.ts'
import { verifyInclusion } from './merkle.ts'
import { noteOf, openNote, parseNote } from './note.ts'
import type { NoteKey } from './note.ts'
import type { WitnessPolicy } from './policy.ts'

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
  /** Which witnesses must have cosigned besides; none where there is no policy. */
  readonly witnesses?: WitnessPolicy
}

export interface Proven {
  readonly leaf: Leaf
  /** What is shown of the transaction's writes, and how many are not. */
  readonly writes: readonly ProvenWrite[]
  readonly hidden: number
  readonly checkpoint: Checkpoint
  readonly signedBy: readonly string[]
  /** Witnesses of the policy that cosigned, by the policy's names, and when by their own clocks: seconds. */
  readonly witnessedBy: readonly { readonly name: string; readonly seconds: number }[]
}

/** Why a proof proves nothing: code, meaning and remedy of every refusal of `verifyProof` and `openNote`. */
export const proofRefusals: Readonly<Record<string, { readonly says: string; readonly remedy: string }>> = {
  PROOF_MALFORMED: { says: 'This is not a proof of the format mhmd-proof/1', remedy: 'Ask for the proof again; copy the file whole.' },
  PROOF_MALFORMED_NOTE: { says: 'The checkpoint is not a signed note', remedy: 'Ask for the proof again; copy the file whole.' },
  PROOF_BAD_SIGNATURE: { says: 'A signature of a trusted key does not hold over the checkpoint', remedy: 'Do not believe it. Keep the file and ask the member whose key it names.' },
  PROOF_OTHER_LOG: { says: 'The checkpoint is of another log than the trust roots name', remedy: 'Check with the roots of the network that the proof is from.' },
  PROOF_TOO_FEW_SIGNATURES: { says: 'Fewer trusted keys signed the checkpoint than the quorum asks for', remedy: 'Ask for a proof with signatures of more members, or check the roots.' },
  PROOF_TOO_FEW_WITNESSES: { says: 'Fewer witnesses cosigned the checkpoint than the roots ask for', remedy: 'Ask for the proof again a little later. If it stays so, the ledger may be showing this node a history of its own: ask another member.' },
  PROOF_NOT_INCLUDED: { says: 'The path does not lead from this transaction to the root of the checkpoint', remedy: 'Do not believe it. Ask another member for a proof of the same operation.' },
  PROOF_OTHER_WRITES: { says: 'The writes shown are not those that the log holds', remedy: 'Do not believe it. Ask another member for a proof of the same operation.' },
}

/** Why a file that says whom to believe can't be used. */
export const fileRefusals: Readonly<Record<string, { readonly says: string; readonly remedy: string }>> = {
  POLICY_MALFORMED: { says: 'This is not a policy of witnesses (C2SP tlog-policy)', remedy: 'Mend the line that is named, or ask whoever publishes the policy for it again.' },
  ROOTS_MALFORMED: { says: 'This is not a file of trust roots', remedy: 'Use the network\'s network.json, or a file made by mhmd roots.' },
}

/** What the proof proves, or why it proves nothing (`proofRefusals`). */
export function verifyProof(proof: unknown, roots: TrustRoots): Result<Proven> {
  if (!isProof(proof)) return refused('PROOF_MALFORMED')
  const signed = signaturesOf(proof, roots)
  if (!signed.ok) return signed
  const { checkpoint } = signed.value
  const { leaf, writes } = proof
  const path = proof.inclusion.map(hashBytes)
  if (!path.every((hash) => hash !== undefined)) return refused('PROOF_MALFORMED')
  if (!verifyInclusion({ leaf: hashOfLeaf(leaf), index: proof.logIndex, size: checkpoint.size, root: checkpoint.root, proof: path })) return refused('PROOF_NOT_INCLUDED')
  if (writesDigest(writes) !== leaf.writes) return refused('PROOF_OTHER_WRITES')
  const shown = writes.filter((write) => typeof write !== 'string')
  return accepted({ leaf, writes: shown, hidden: writes.length - shown.length, ...signed.value })
}

/** The checkpoint under which the proof stands, if the roots' quorums of members and of witnesses signed it. */
function signaturesOf(proof: Proof, roots: TrustRoots): Result<Pick<Proven, 'checkpoint' | 'signedBy' | 'witnessedBy'>> {
  const opened = openNote(noteOf(proof.checkpoint, proof.signatures), roots.keys)
  if (!opened.ok) return opened
  const checkpoint = opened.value.text === proof.checkpoint ? parseCheckpoint(proof.checkpoint) : undefined
  if (checkpoint === undefined) return refused('PROOF_MALFORMED')
  if (checkpoint.origin !== roots.origin) return refused('PROOF_OTHER_LOG')
  const keys = new Set(opened.value.signedBy.map((key) => key.publicKey))
  if (roots.quorum < 1 || keys.size < roots.quorum) return refused('PROOF_TOO_FEW_SIGNATURES', { valid: keys.size, quorum: roots.quorum })
  const witnessed = witnessesOf(proof, roots.witnesses)
  return witnessed.ok ? accepted({ checkpoint, signedBy: opened.value.signedBy.map((key) => key.name), witnessedBy: witnessed.value }) : witnessed
}

function witnessesOf(proof: Proof, policy: WitnessPolicy | undefined): Result<Proven['witnessedBy']> {
  if (policy === undefined) return accepted([])
  const cosigned = cosignedBy(proof.checkpoint, parseNote(noteOf(proof.checkpoint, proof.signatures))?.lines ?? [], policy.witnesses.map(({ key }) => key))
  if (!cosigned.ok) return cosigned
  if (!policy.isMet(new Set(cosigned.value.map(({ key }) => key.publicKey)))) return refused('PROOF_TOO_FEW_WITNESSES', { valid: cosigned.value.length })
  return accepted(cosigned.value.map((one) => ({ name: namedBy(policy, one), seconds: one.seconds })))
}

const namedBy = (policy: WitnessPolicy, { key }: Cosigned): string => policy.witnesses.find((witness) => witness.key.publicKey === key.publicKey)?.name ?? key.name

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

const isWrite = (value: unknown): value is ProvenWrite => hasMembers(value, ['key', 'value']) && isTexts((value as ProvenWrite).key)

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


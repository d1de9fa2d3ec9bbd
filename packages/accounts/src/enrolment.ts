// Linking a key with a holder, and replacing it: the statements that a citizen's device signs for `keys@1`.
import { keyEnrolmentStatement, keyReplacementStatement, recoveryCommitment, signStatement, statementKinds } from '@mhmd/contracts'
import type { PublicKey, Signature } from '@mhmd/crypto'
import type { KeyEnrolment, KeyReplacement } from '@mhmd/schema'
import { decisionKey, recoveryKey } from './seed.ts'
import type { Seed } from './seed.ts'

export interface SignedEnrolment {
  readonly statement: KeyEnrolment
  readonly subjectSignature: Signature
}

/** Her part of an enrolment; the holder and her account provider add theirs. */
export function enrolment(seed: Seed, fields: { readonly network: string; readonly holder: string; readonly provider: string; readonly subject: string; readonly expires: number }): SignedEnrolment {
  const key = decisionKey(seed, fields.holder)
  const statement = keyEnrolmentStatement({ ...fields, key: key.publicKey, recovery: recoveryCommitment(recoveryKey(seed, fields.holder).publicKey) })
  return { statement, subjectSignature: signStatement(statementKinds.keyEnrolment, statement, key) }
}

export interface SignedKeyReplacement {
  readonly statement: KeyReplacement
  readonly key: PublicKey
  readonly signature: Signature
  readonly newKeySignature: Signature
}

export interface KeyReplacementPlan {
  readonly network: string
  readonly holder: string
  readonly subject: string
  /** The version after the one the ledger holds for this subject's key. */
  readonly version: number
  /** Generation of the present decision key. */
  readonly generation: number
  readonly by: 'old-key' | 'recovery'
  readonly expires: number
  /** Where the seed itself is given up: the new keys come from this one, recovery included. */
  readonly newSeed?: Seed
}

/** Her next key at a holder: the next generation of the same seed, or the first of a new one. */
export function keyReplacement(seed: Seed, plan: KeyReplacementPlan): SignedKeyReplacement {
  const { network, holder, subject, version, by, expires, newSeed } = plan
  const newKey = newSeed === undefined ? decisionKey(seed, holder, plan.generation + 1) : decisionKey(newSeed, holder)
  const signer = by === 'recovery' ? recoveryKey(seed, holder) : decisionKey(seed, holder, plan.generation)
  // A recovery key that was used has been seen, but its seed has not: the same one may be committed to again.
  const recovery = newSeed === undefined ? {} : { recovery: recoveryCommitment(recoveryKey(newSeed, holder).publicKey) }
  const statement = keyReplacementStatement({ network, holder, subject, newKey: newKey.publicKey, by, version, expires, ...recovery })
  return {
    statement,
    key: signer.publicKey,
    signature: signStatement(statementKinds.keyReplacement, statement, signer),
    newKeySignature: signStatement(statementKinds.keyReplacement, statement, newKey),
  }
}

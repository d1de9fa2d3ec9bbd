// The holder's memory of answered counts, sealed: for each question the group last answered, its answer and the draws used. Without it overlap control is blind.
import { canonicalBytes, fromUtf8 } from '@mhmd/base'
import { deriveKey, open, seal } from '@mhmd/crypto'
import type { ReadTransaction, WriteTransaction } from '@mhmd/store'

const table = 'release-memory'

export interface Remembered {
  /** The question's digest. */
  readonly question: string
  readonly cohort: readonly string[]
  readonly answer: number
  readonly height: number
  /** Names of all draws this question's answers used, the last one last. */
  readonly draws: readonly string[]
}

const keyOf = (secret: Uint8Array): Uint8Array => deriveKey(secret, 'count/memory')

export async function remembered(tx: ReadTransaction, secret: Uint8Array): Promise<Remembered[]> {
  const answers: Remembered[] = []
  for await (const { key, value } of tx.scan(table)) answers.push(JSON.parse(fromUtf8(open(keyOf(secret), value, key.join('/')))) as Remembered)
  return answers
}

export async function remember(tx: WriteTransaction, answer: Remembered, secret: Uint8Array): Promise<void> {
  const key = ['count', answer.question] as const
  await tx.put(table, key, seal(keyOf(secret), canonicalBytes({ ...answer, cohort: [...answer.cohort], draws: [...answer.draws] }), key.join('/')))
}

/** Takes an erased subject out of the memory; the answers given stay protected for everyone else. */
export async function forgetSubject(tx: WriteTransaction, subject: string, secret: Uint8Array): Promise<void> {
  for (const answer of await remembered(tx, secret)) {
    if (answer.cohort.includes(subject)) await remember(tx, { ...answer, cohort: answer.cohort.filter((one) => one !== subject) }, secret)
  }
}

// Gathers witnesses' cosignatures over the derived log (the client's side of C2SP tlog-witness), and keeps the newest checkpoint that met the policy's quorum.
import { pause, toHex, utf8 } from '@mhmd/base'
import type { Log } from '@mhmd/base'
import { sha256 } from '@mhmd/crypto'
import { addCheckpointText, checkpointText, cosignedBy, noteOf, parseNote, parseSignatureLine, parseSize } from '@mhmd/proof'
import type { Checkpoint, PolicyWitness, WitnessPolicy } from '@mhmd/proof'
import type { Follower } from './follower.ts'

/** A checkpoint with as many signatures as were asked for: members' and witnesses' lines. */
export interface Witnessed {
  readonly size: number
  readonly text: string
  readonly signatures: readonly string[]
}

export interface Witnessing {
  /** The newest that met the quorum since the start. */
  latest(): Witnessed | undefined
  /** Asks the witnesses over the log as it is now; undefined where the quorum was not reached. One at a time: who asks meanwhile gets the same answer. */
  gather(): Promise<Witnessed | undefined>
}

/** One call of a witness: throws where it can't be reached. */
export type AskWitness = (witness: PolicyWitness, call: { readonly path: string; readonly body?: string }) => Promise<{ readonly status: number; readonly body: string }>

export interface WitnessingParts {
  readonly follower: Pick<Follower, 'checkpoint' | 'log'>
  readonly policy: WitnessPolicy
  readonly ask: AskWitness
  /** Members' signature lines over a checkpoint's text. */
  readonly sign: (text: string) => Promise<readonly string[]>
  /** Told of the checkpoint that a witness holds instead, signed by members. */
  readonly contradicted: (note: string) => void
  readonly log: Log
  /** How long it waits for this log to reach what a witness has seen already; default 2 s. */
  readonly patienceMilliseconds?: number
}

type Answer = { readonly line: string } | { readonly ahead: number } | undefined

const POLL_MILLISECONDS = 100

export function createWitnessing(parts: WitnessingParts): Witnessing {
  const { follower, policy, ask } = parts
  /** By public key: what each was seen to have cosigned last. */
  const known = new Map<string, number>()
  let latest: Witnessed | undefined
  let gathering: Promise<Witnessed | undefined> | undefined

  async function cosignature(witness: PolicyWitness, checkpoint: Checkpoint, note: string): Promise<Answer> {
    // Twice: the size that a witness names in its refusal is where the second proof begins.
    for (let attempt = 0; attempt < 2; attempt++) {
      const oldSize = known.get(witness.key.publicKey) ?? 0
      if (oldSize > checkpoint.size) return { ahead: oldSize }
      const proof = oldSize === 0 || oldSize === checkpoint.size ? [] : await follower.log.consistency(oldSize, checkpoint.size)
      const { status, body } = await ask(witness, { path: '/add-checkpoint', body: addCheckpointText({ oldSize, proof, note }) })
      if (status === 409) known.set(witness.key.publicKey, parseSize(body.trimEnd()) ?? 0)
      else return status === 200 ? taken(witness, checkpoint, body) : refused(witness, checkpoint, status)
    }
    const size = known.get(witness.key.publicKey) ?? 0
    return size > checkpoint.size ? { ahead: size } : undefined
  }

  function taken(witness: PolicyWitness, checkpoint: Checkpoint, body: string): Answer {
    const line = body.split('\n').find((one) => {
      const parsed = parseSignatureLine(one)
      const counted = parsed === undefined ? undefined : cosignedBy(checkpointText(checkpoint), [parsed], [witness.key])
      return counted?.ok === true && counted.value.length === 1
    })
    if (line === undefined) return undefined
    known.set(witness.key.publicKey, checkpoint.size)
    return { line }
  }

  async function refused(witness: PolicyWitness, { origin, size }: Checkpoint, status: number): Promise<undefined> {
    parts.log('witness-refused', { witness: witness.name, status, size })
    if (status !== 422) return
    const held = await ask(witness, { path: `/${toHex(sha256(utf8(origin)))}/checkpoint` })
    if (held.status === 200 && parseNote(held.body) !== undefined) parts.contradicted(held.body)
  }

  async function round(): Promise<{ readonly witnessed?: Witnessed; readonly ahead: number }> {
    const checkpoint = await follower.checkpoint()
    const text = checkpointText(checkpoint)
    const members = await parts.sign(text)
    const note = noteOf(text, members)
    const asked = policy.witnesses.filter(({ url }) => url !== undefined)
    const answers = await Promise.all(asked.map((witness) => cosignature(witness, checkpoint, note).catch(() => undefined)))
    const lines = answers.flatMap((answer) => answer !== undefined && 'line' in answer ? [answer.line] : [])
    const met = cosignedBy(text, lines.map(parseSignatureLine).filter((line) => line !== undefined), policy.witnesses.map(({ key }) => key))
    if (met.ok && policy.isMet(new Set(met.value.map(({ key }) => key.publicKey)))) return { witnessed: { size: checkpoint.size, text, signatures: [...members, ...lines] }, ahead: 0 }
    return { ahead: Math.max(0, ...answers.map((answer) => answer !== undefined && 'ahead' in answer ? answer.ahead : 0)) }
  }

  async function rounds(): Promise<Witnessed | undefined> {
    const patience = AbortSignal.timeout(parts.patienceMilliseconds ?? 2000)
    while (!patience.aborted) {
      const { witnessed, ahead } = await round()
      if (witnessed !== undefined) return latest = witnessed
      if (ahead === 0) return undefined
      // Another node showed its longer log first: ours will have come that far in a moment.
      while (follower.log.size() < ahead && !patience.aborted) await pause(POLL_MILLISECONDS, patience)
    }
    return undefined
  }

  return {
    latest: () => latest,
    gather: () => gathering ??= rounds().finally(() => { gathering = undefined }),
  }
}

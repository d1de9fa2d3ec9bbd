// Checkpoints of the derived log: this node signs its own, compares every one it hears with what it holds, and gathers the others' signatures for a proof.
import { accepted, refused } from '@mhmd/base'
import type { Result } from '@mhmd/base'
import type { SigningKey } from '@mhmd/crypto'
import { PROOF_FORMAT, checkpointText, memberKeyName, noteSignature, openNote, parseCheckpoint, signNote } from '@mhmd/ledger'
import type { Follower, Proof } from '@mhmd/ledger'
import type { Log } from '@mhmd/base'
import type { MemberClient, Peer } from '@mhmd/transport-https'
import type { FastifyInstance } from 'fastify'
import { nodeErrors } from './errors.ts'
import { pause } from './ledger-outbox.ts'
import type { Trust } from './trust.ts'

export interface Checkpoints {
  /** This node's newest, as a signed note; messages carry it. */
  newest(): string | null
  /** Another member's signed note. One that forks from this node's log stops its follower for good: its doors close, and both versions are kept. */
  heard(member: string, note: string): Promise<'same' | 'ahead' | 'forked' | 'unreadable'>
  /** A proof of a committed operation, signed by this node and by the members that answer in time. Throws LEDGER_NOT_IN_LOG. */
  prove(operationId: string): Promise<Proof>
  /** The member port's route by which others ask for this node's signature. */
  mount(app: FastifyInstance): void
}

const PATH = '/members/1/checkpoint-signatures'
const BODY_LIMIT = 16 * 1024
const ANSWER_MILLISECONDS = 3000
const POLL_MILLISECONDS = 100

export function createCheckpoints(parts: {
  follower: Follower
  trust: Trust
  members: Pick<MemberClient, 'request'>
  peerOf: (member: string) => Peer | undefined
  network: string
  member: string
  key: SigningKey
  log: Log
}): Checkpoints {
  const { follower, trust, network, log } = parts
  const signer = { name: memberKeyName(network, parts.member), key: parts.key }
  let newest: string | null = null
  // What others hold and this node doesn't yet: compared again as its own log grows.
  const ahead = new Map<string, string>()

  const renew = async (): Promise<void> => { newest = signNote(checkpointText(await follower.checkpoint()), [signer]) }
  follower.onBlock(async () => {
    await renew()
    for (const [member, note] of [...ahead]) await heard(member, note)
  })

  if (follower.height() >= 0) void renew().catch(() => log('checkpoint-not-renewed'))

  /** The text, if this member signed it. */
  function signedBy(member: string, note: string): Result<string> {
    const publicKey = trust.member(member)?.signingKey
    if (publicKey === undefined) return refused('PROOF_BAD_SIGNATURE')
    const opened = openNote(note, [{ name: memberKeyName(network, member), publicKey }])
    if (!opened.ok) return opened
    return opened.value.signedBy.length === 1 ? accepted(opened.value.text) : refused('PROOF_TOO_FEW_SIGNATURES')
  }

  async function heard(member: string, note: string): ReturnType<Checkpoints['heard']> {
    const text = signedBy(member, note)
    const checkpoint = text.ok ? parseCheckpoint(text.value) : undefined
    if (checkpoint === undefined) return 'unreadable'
    const verdict = await follower.compare(checkpoint)
    ahead.delete(member)
    if (verdict === 'other-log') return 'unreadable'
    if (verdict === 'ahead') ahead.set(member, note)
    if (verdict === 'forked' && await follower.stopOn(note)) log('ledger.split-view', { member })
    return verdict
  }

  async function cosignature(member: string, text: string): Promise<string | undefined> {
    const peer = parts.peerOf(member)
    const publicKey = trust.member(member)?.signingKey
    if (peer === undefined || publicKey === undefined) return undefined
    try {
      const answer = await parts.members.request({ ...peer, method: 'POST', path: PATH, body: { note: signNote(text, [signer]) }, signal: AbortSignal.timeout(ANSWER_MILLISECONDS) }) as { signature?: unknown }
      if (typeof answer.signature !== 'string') return undefined
      const opened = openNote(`${text}\n${answer.signature}\n`, [{ name: memberKeyName(network, member), publicKey }])
      return opened.ok && opened.value.signedBy.length === 1 ? answer.signature : undefined
    } catch {
      return undefined
    }
  }

  return {
    newest: () => newest,
    heard,
    prove: async (operationId) => {
      const proof = await follower.prove(operationId, [signer])
      const others = trust.members().filter(({ id, roles }) => id !== parts.member && !roles.includes('ledger-operator'))
      const gathered = await Promise.all(others.map(({ id }) => cosignature(id, proof.checkpoint)))
      return { ...proof, format: PROOF_FORMAT, signatures: [...proof.signatures, ...gathered.filter((line) => line !== undefined)] }
    },
    mount: (app) => {
      app.post(PATH, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
        const note = (request.body as { note?: unknown } | null)?.note
        if (typeof note !== 'string') throw nodeErrors.BAD_INPUT({ at: '/note', why: 'it is not a text' })
        const deadline = AbortSignal.timeout(ANSWER_MILLISECONDS - 2 * POLL_MILLISECONDS)
        let verdict = await heard(request.member, note)
        while (verdict === 'ahead' && !deadline.aborted) {
          await pause(POLL_MILLISECONDS, deadline)
          verdict = await heard(request.member, note)
        }
        if (verdict !== 'same') throw nodeErrors.STATE({ what: 'checkpoint', state: `not one that this node can sign (${verdict})` })
        return reply.send({ signature: noteSignature(note.slice(0, note.lastIndexOf('\n\n') + 1), signer) })
      })
    },
  }
}

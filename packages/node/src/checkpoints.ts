// Checkpoints of the derived log: this node signs its own, shows it to the others, compares every one it hears with what it holds, and gathers signatures for a proof.
import { accepted, refused, pause } from '@mhmd/base'
import type { Clock, Log, Result } from '@mhmd/base'
import type { Write } from '@mhmd/contracts'
import type { SigningKey } from '@mhmd/crypto'
import { checkpointText, memberKeyName, noteSignature, openNote, parseCheckpoint, signNote } from '@mhmd/proof'
import { createWitnessing } from '@mhmd/ledger'
import type { Follower } from '@mhmd/ledger'
import type { Checkpoint, Proof, WitnessPolicy } from '@mhmd/proof'
import type { Store } from '@mhmd/store'
import type { MemberClient, Peer } from '@mhmd/transport-https'
import type { FastifyInstance } from 'fastify'
import { createDisputes } from './checkpoint-disputes.ts'
import type { Dispute } from './checkpoint-disputes.ts'
import { nodeErrors } from './errors.ts'
import type { Trust } from './trust.ts'
import { askWitness } from './witness-calls.ts'

export interface Checkpoints {
  /** This node's newest, as a signed note; messages carry it. */
  newest(): string | null
  /** Another member's signed note. One that contradicts this node's log is settled with the other members, in the background. */
  heard(member: string, note: string): Promise<'same' | 'ahead' | 'forked' | 'unreadable'>
  /** Of a member, the size of the log under its newest checkpoint that was shown here, and when. */
  lastHeard(member: string): { readonly size: number; readonly at: number } | undefined
  /** Contradictions so far, both versions of each. */
  disputes(): Promise<Dispute[]>
  /** Whether the signed logs of two members have been longer than this one for so long that blocks must be withheld from it. */
  isBehind(): boolean
  /** A proof of a committed operation, under a checkpoint that the quorum of witnesses cosigned or, where that can't be had, signed by this node and by the members that answer in time. It shows all of its writes or those chosen. Throws LEDGER_NOT_IN_LOG. */
  prove(operationId: string, shows?: (write: Write) => boolean): Promise<Proof>
  /** The member port's route by which others ask for this node's signature. */
  mount(app: FastifyInstance): void
  /** Shows the newest checkpoint to one member after the other, until aborted. */
  readonly run: (signal: AbortSignal) => Promise<void>
}

const PATH = '/members/1/checkpoint-signatures'
const BODY_LIMIT = 16 * 1024
const ANSWER_MILLISECONDS = 3000
const POLL_MILLISECONDS = 100
const BEHIND_MILLISECONDS = 10_000
const BEHIND_MEMBERS = 2

export function createCheckpoints(parts: {
  store: Store
  follower: Follower
  trust: Pick<Trust, 'member' | 'members'>
  members: Pick<MemberClient, 'request'>
  peerOf: (member: string) => Peer | undefined
  network: string
  member: string
  key: SigningKey
  clock: Clock
  log: Log
  /** How often the newest checkpoint is shown to the next member. */
  compareMilliseconds: number
  /** Which witnesses are asked for cosignatures. */
  witnesses?: WitnessPolicy | undefined
}): Checkpoints {
  const { follower, trust, network, clock, log } = parts
  const signer = { name: memberKeyName(network, parts.member), key: parts.key }
  const others = (): string[] => trust.members().filter(({ id, roles }) => id !== parts.member && !roles.includes('ledger-operator')).map(({ id }) => id)
  const disputed = createDisputes({ store: parts.store, follower, signer, others, cosign: cosignature, clock, log })
  let newest: string | null = null
  // Of each member, the first note that is ahead of this log: compared again as the log grows.
  const ahead = new Map<string, { readonly note: string; readonly size: number; readonly since: number }>()

  const latest = new Map<string, { readonly size: number; readonly at: number }>()

  const renew = async (): Promise<void> => { newest = signNote(checkpointText(await follower.checkpoint()), [signer]) }
  follower.onBlock(async () => {
    await renew()
    for (const [member, { note, size }] of [...ahead]) {
      if (size > follower.log.size()) continue
      ahead.delete(member)
      await heard(member, note)
    }
  })

  if (follower.height() >= 0) void renew().catch(() => log('checkpoint-not-renewed'))

  /** The checkpoint, if this member signed it. */
  function signedBy(member: string, note: string): Result<Checkpoint | undefined> {
    const publicKey = trust.member(member)?.signingKey
    if (publicKey === undefined) return refused('PROOF_BAD_SIGNATURE')
    const opened = openNote(note, [{ name: memberKeyName(network, member), publicKey }])
    if (!opened.ok) return opened
    return opened.value.signedBy.length === 1 ? accepted(parseCheckpoint(opened.value.text)) : refused('PROOF_TOO_FEW_SIGNATURES')
  }

  async function heard(member: string, note: string): ReturnType<Checkpoints['heard']> {
    const signed = signedBy(member, note)
    const checkpoint = signed.ok ? signed.value : undefined
    if (checkpoint === undefined) return 'unreadable'
    const verdict = await follower.compare(checkpoint)
    if (verdict === 'other-log') return 'unreadable'
    latest.set(member, { size: checkpoint.size, at: clock.now() })
    if (verdict === 'ahead' && !ahead.has(member)) ahead.set(member, { note, size: checkpoint.size, since: clock.now() })
    if (verdict === 'forked') void disputed.settle(member, note, checkpoint).catch(() => log('checkpoint-not-settled', { member }))
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

  /** This node's signature and those of members that answer in time. */
  const signedByMembers = async (text: string): Promise<string[]> => [noteSignature(text, signer), ...(await Promise.all(others().map((id) => cosignature(id, text)))).filter((line) => line !== undefined)]

  const witnessing = parts.witnesses === undefined ? undefined : createWitnessing({
    policy: parts.witnesses, ask: askWitness, follower, log, sign: signedByMembers,
    // Whoever signed what contradicts this log is in dispute with this node, as if it had shown it itself.
    contradicted: (note) => void Promise.all(others().map((id) => heard(id, note))).catch(() => log('checkpoint-not-compared')),
  })

  /** Size and signatures of a witnessed checkpoint that holds the leaf; a new one where the last is too old. */
  async function witnessedOver(operationId: string): Promise<{ size: number; signatures: readonly string[] } | undefined> {
    const logIndex = witnessing === undefined ? undefined : (await follower.log.entry(operationId))?.logIndex
    if (logIndex === undefined) return undefined
    const last = witnessing?.latest()
    return last !== undefined && logIndex < last.size ? last : witnessing?.gather()
  }

  return {
    newest: () => newest,
    heard,
    lastHeard: (member) => latest.get(member),
    disputes: disputed.list,
    isBehind: () => [...ahead.values()].filter(({ size, since }) => size > follower.log.size() && clock.now() - since > BEHIND_MILLISECONDS).length >= BEHIND_MEMBERS,
    prove: async (operationId, shows) => {
      const witnessed = await witnessedOver(operationId)
      const proof = await follower.prove(operationId, [], { shows, size: witnessed?.size })
      return { ...proof, signatures: witnessed?.signatures ?? await signedByMembers(proof.checkpoint) }
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
    run: async (signal) => {
      for (let turn = 0; !signal.aborted; turn++) {
        await pause(parts.compareMilliseconds, signal)
        const asked = others()
        const next = asked[turn % Math.max(1, asked.length)]
        if (next === undefined || signal.aborted || follower.height() < 0) continue
        await cosignature(next, checkpointText(await follower.checkpoint()))
        if (witnessing !== undefined && follower.log.size() > (witnessing.latest()?.size ?? 0)) await witnessing.gather()
      }
    },
  }
}

// What a witness answers to `add-checkpoint` (C2SP tlog-witness): it cosigns what continues the log it knows, and nothing else.
import type { Clock, Log } from '@mhmd/base'
import { cosignatureLine, emptyRoot, noteOf, openNote, parseAddCheckpoint, parseCheckpoint, verifyConsistency } from '@mhmd/proof'
import type { AddCheckpoint, Checkpoint, NamedRoots, NoteSigner } from '@mhmd/proof'
import { witnessErrors } from './errors.ts'
import type { KeptNote, WitnessState } from './folder.ts'

export interface Witness {
  /** The cosignature line, with its line feed, after the checkpoint has become durable. Throws WITNESS_BAD_REQUEST, UNKNOWN_LOG, NOT_SIGNED, STALE, INCONSISTENT. */
  add(body: string): string
  /** The newest cosigned checkpoint of a log. */
  latest(origin: string): KeptNote | undefined
  readonly origins: readonly string[]
}

interface Asked extends AddCheckpoint {
  readonly checkpoint: Checkpoint
  /** The note's text. */
  readonly text: string
}

export function createWitness(parts: { readonly logs: readonly NamedRoots[]; readonly state: WitnessState; readonly signer: NoteSigner; readonly clock: Clock; readonly log: Log }): Witness {
  const { logs, state, signer, clock } = parts

  function asked(body: string): { asked: Asked; lines: readonly string[] } {
    const request = parseAddCheckpoint(body)
    if (request === undefined) throw witnessErrors.BAD_REQUEST({ what: 'it is not of the form' })
    const split = request.note.lastIndexOf('\n\n')
    const text = request.note.slice(0, split + 1)
    const checkpoint = split < 0 ? undefined : parseCheckpoint(text)
    if (checkpoint === undefined) throw witnessErrors.BAD_REQUEST({ what: 'it holds no checkpoint' })
    return { asked: { ...request, checkpoint, text }, lines: signatures(request.note, checkpoint.origin) }
  }

  /** The note's lines of keys that count for this log. */
  function signatures(note: string, origin: string): readonly string[] {
    const log = logs.find((known) => known.origin === origin)
    if (log === undefined) throw witnessErrors.UNKNOWN_LOG()
    const opened = openNote(note, log.keys)
    if (!opened.ok && opened.refusal.code === 'PROOF_MALFORMED_NOTE') throw witnessErrors.BAD_REQUEST({ what: 'the checkpoint is no signed note' })
    const signedBy = opened.ok ? opened.value.signedBy : []
    if (signedBy.length === 0 || new Set(signedBy.map((key) => key.publicKey)).size < log.quorum) throw witnessErrors.NOT_SIGNED({ valid: signedBy.length, quorum: log.quorum })
    const names = new Set(signedBy.map((key) => key.name))
    return note.slice(note.lastIndexOf('\n\n') + 2, -1).split('\n').filter((line) => names.has(line.split(' ')[1] ?? ''))
  }

  return {
    origins: logs.map(({ origin }) => origin),
    latest: state.latest,
    add: (body) => {
      const { asked: request, lines } = asked(body)
      const { origin, size } = request.checkpoint
      // What contradicts is kept though it is refused, so the answer is decided inside and thrown outside.
      const answer = state.exclusively((write) => {
        const latest = state.latest(origin)
        const wrong = refusalOf(request, latest)
        if (wrong?.code === 'WITNESS_INCONSISTENT') write.contradiction({ origin, size, note: noteOf(request.text, lines) })
        if (wrong !== undefined) return wrong
        const line = cosignatureLine(request.text, signer, Math.floor(clock.now() / 1000))
        write.latest({ origin, size, note: noteOf(request.text, [...lines, line]) })
        return line
      })
      if (typeof answer === 'string') return `${answer}\n`
      parts.log('witness.refused', { code: answer.code, size })
      throw answer
    },
  }
}

/** Why the checkpoint does not continue what was cosigned last. */
function refusalOf({ oldSize, proof, checkpoint: { size, root } }: Asked, latest: KeptNote | undefined): ReturnType<typeof witnessErrors.STALE> | undefined {
  if (oldSize > size) return witnessErrors.BAD_REQUEST({ what: 'the old size is larger than the checkpoint\'s' })
  const known = latest === undefined ? { size: 0, root: emptyRoot() } : { size: latest.size, root: rootOf(latest) }
  if (oldSize !== known.size) return witnessErrors.STALE({ size: known.size })
  const continues = verifyConsistency({ first: known.size, firstRoot: known.root, second: size, secondRoot: root, proof })
  return continues ? undefined : witnessErrors.INCONSISTENT({ size: known.size })
}

/** Of a note that was kept by this witness. */
function rootOf({ note }: KeptNote): Uint8Array {
  const checkpoint = parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1))
  if (checkpoint === undefined) throw new Error('a kept note holds no checkpoint')
  return checkpoint.root
}

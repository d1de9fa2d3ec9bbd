// Her decision as it comes in, directly or through a relay: checked, kept, and enforced at once where it closes.
import type { DecisionKind } from '@mhmd/accounts'
import type { Clock } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import type { DecisionState, SubjectKeyState, SubjectState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import type { WaitingDecision } from './decision-batches.ts'
import { nodeErrors } from './errors.ts'
import { keysClosedHere } from './keys-closed.ts'
import { isKnownNotice } from './notices.ts'
import { checkDecision, closes } from './signed-records.ts'
import type { DecisionAtHolder, SignedRecords } from './signed-records.ts'
import type { Standing } from './standing.ts'
import type { StatementTables } from './statements.ts'
import { decisionsUnseen } from './withdrawal-ledger.ts'

export interface DecisionTaken {
  readonly version: number
  readonly receivedAt: number
  readonly enforced: 'now' | 'once the ledger shows it'
}

type Versions = Readonly<Record<DecisionKind, number>>

export interface Intake {
  /** The subject whose present key this is. Throws NODE_KEY_UNKNOWN. */
  subjectOf(key: string): Promise<{ subject: string; state: SubjectState }>
  /** The versions the ledger shows. */
  versionsOf(subject: string): Promise<Versions>
  /** The versions that this holder would take next. */
  nextOf(subject: string): Promise<Versions>
  /** The one way in for a decision. Throws NODE_RECORD_MISMATCH, NODE_KEY_UNKNOWN. */
  take(key: string, sent: DecisionAtHolder): Promise<DecisionTaken>
}

export function createIntake(parts: {
  store: Store
  holder: string
  network: string
  follower: Follower
  records: SignedRecords
  standing: Standing
  statements: StatementTables
  clock: Clock
}): Intake {
  const { store, follower, holder, clock } = parts

  async function subjectOf(key: string): Promise<{ subject: string; state: SubjectState }> {
    const index = await follower.latest(stateKeys.subjectKey(holder, key)) as SubjectKeyState | undefined
    const state = index === undefined ? undefined : await follower.latest(stateKeys.subject(holder, index.subject)) as SubjectState | undefined
    if (index === undefined || state?.key !== key || state.state !== 'active') throw nodeErrors.KEY_UNKNOWN()
    if (await store.read((tx) => keysClosedHere.get(tx, index.subject)) !== undefined) throw nodeErrors.KEY_UNKNOWN()
    return { subject: index.subject, state }
  }

  const stateOf = async (kind: DecisionKind, subject: string): Promise<DecisionState | undefined> =>
    await follower.latest(kind === 'consent' ? stateKeys.consent(holder, subject) : stateKeys.optOut(holder, subject)) as DecisionState | undefined

  async function versionsOf(subject: string): Promise<Versions> {
    return { consent: (await stateOf('consent', subject))?.version ?? 0, 'opt-out': (await stateOf('opt-out', subject))?.version ?? 0 }
  }

  async function nextOf(subject: string): Promise<Versions> {
    const shown = await versionsOf(subject)
    return store.read(async (tx) => {
      const next = async (kind: DecisionKind): Promise<number> => nextVersion((await parts.records.newest(tx, kind, subject))?.statement.version ?? 0, shown[kind])
      return { consent: await next('consent'), 'opt-out': await next('opt-out') }
    })
  }

  async function take(key: string, sent: DecisionAtHolder): Promise<DecisionTaken> {
    const { subject, state } = await subjectOf(key)
    checkDecision(sent, { network: parts.network, holder, subjectKey: state.key, subject })
    if (!isKnownNotice(sent.opening.content.notice)) throw nodeErrors.RECORD_MISMATCH({ why: 'it names a notice that was never shown here' })
    const { version, operationId } = sent.statement
    const now = clock.now()
    const onLedger = await stateOf(sent.kind, subject)
    await store.write(async (tx) => {
      const newest = await parts.records.newest(tx, sent.kind, subject)
      // The same decision may come again, by another way too: it is taken once.
      if ((await parts.records.get(tx, { kind: sent.kind, subject, version }))?.statement.operationId === operationId) return
      requireNext(sent, newest?.statement.version ?? 0, onLedger)
      requireInTime(sent, now, onLedger)
      await parts.records.put(tx, { kind: sent.kind, statement: sent.statement, by: 'subject', opening: sent.opening, received: now })
      await decisionsUnseen.put(tx, [operationId], { kind: sent.kind, item: { statement: sent.statement, key: sent.key, signature: sent.signature } as WaitingDecision['item'], due: now, tries: 0 })
      if (closes(sent)) await parts.statements.note(tx, { subject, kind: sent.kind, version, operationId, heard: now })
    })
    // After the commit: whoever resolves from now on reads the record, whoever resolved before is stopped.
    if (closes(sent)) parts.standing.close(subject)
    return { version, receivedAt: now, enforced: closes(sent) ? 'now' : 'once the ledger shows it' }
  }

  return { subjectOf, versionsOf, nextOf, take }
}

const nextVersion = (held: number, shown: number): number => Math.max(held, shown) + 1

/** Throws NODE_RECORD_MISMATCH unless this version is the next one, or the one that the ledger had first, by the provider, with the same content. */
function requireNext({ statement: { version, content } }: DecisionAtHolder, held: number, onLedger: DecisionState | undefined): void {
  const expected = nextVersion(held, onLedger?.version ?? 0)
  const isBehindLedger = version > held && version === onLedger?.version && content === onLedger.content
  if (version !== expected && !isBehindLedger) throw nodeErrors.RECORD_MISMATCH({ why: `version ${expected} is next` })
}

/** What the contracts would refuse as over is not taken: its version would stand here and never on the ledger, in the way of all that follow. */
function requireInTime({ kind, statement: { operation, version, expires }, opening }: DecisionAtHolder, now: number, onLedger: DecisionState | undefined): void {
  const hasNoEnd = kind === 'consent' && operation === 'withdraw'
  const end = Math.min(expires, opening.content.terms?.until ?? expires)
  if (!hasNoEnd && end < now && version !== onLedger?.version) throw nodeErrors.RECORD_MISMATCH({ why: 'it is over already' })
}

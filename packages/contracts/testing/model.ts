// A model of what the contracts should do, written from the design and not from the contracts: who holds which key, what stands, what is next.
import { idOf, keyOf, optOut, consent, deskDeclaration, staffOf, suiteTime } from './world.ts'
import type { SignedConsentDecision, SignedDeskDeclaration, SignedOptOut } from '@mhmd/schema'
import type { SigningKey } from '@mhmd/crypto'
import type { DecisionChoice } from './sequences.ts'
import type { Person } from './world.ts'

export type Kind = 'consent' | 'opt-out'

interface Subject {
  keys: SigningKey[]
  version: number
  isClosed: boolean
}

interface Standing {
  version: number
  isActive: boolean
  by: 'subject' | 'desk'
  expires: number
}

export const nameOf = ({ name, holder }: Person): string => `${name} at ${holder}`
const hour = 3_600_000

export class Model {
  time = suiteTime
  acts = 0
  readonly subjects = new Map<string, Subject>()
  readonly standing = new Map<string, Standing>()
  /** Operation ids that have taken effect. */
  readonly done = new Set<string>()
  /** Operation ids ever used by a decision. */
  readonly used: string[] = []
  readonly suspended = new Set<string>()

  nextId(): string {
    return idOf(`act ${this.acts++}`)
  }

  subject(who: Person): Subject | undefined {
    return this.subjects.get(nameOf(who))
  }

  stands(kind: Kind, who: Person): Standing | undefined {
    return this.standing.get(`${kind} ${nameOf(who)}`)
  }

  presentKey(who: Person): SigningKey | undefined {
    return this.subject(who)?.keys.at(-1)
  }

  /** Fields of a decision from a choice. */
  private fields(kind: Kind, choice: DecisionChoice): { operation: 'set' | 'withdraw'; version: number; expires: number; operationId: string } {
    const operationId = choice.reuses ? this.used.at(-1) ?? this.nextId() : this.nextId()
    this.used.push(operationId)
    return { operation: choice.operation, version: Math.max(1, (this.stands(kind, choice.who)?.version ?? 0) + choice.step), expires: choice.isOver ? this.time - 1 : this.time + 15 * hour, operationId }
  }

  decision(kind: Kind, choice: DecisionChoice): SignedConsentDecision | SignedOptOut {
    const hers = this.presentKey(choice.who) ?? keyOf(`nobody's ${nameOf(choice.who)}`)
    const signers = { hers, former: this.subject(choice.who)?.keys.at(-2) ?? keyOf('former'), another: keyOf('mallory'), forged: keyOf('mallory') }
    const signed = (kind === 'consent' ? consent : optOut)(choice.who, this.fields(kind, choice), signers[choice.signer])
    return choice.signer === 'forged' ? { ...signed, key: hers.publicKey } : signed
  }

  declaration(kind: Kind, choice: DecisionChoice, staff: 'two' | 'one twice' | 'a stranger'): SignedDeskDeclaration {
    const [first, second] = staffOf(choice.who.holder)
    return deskDeclaration(choice.who, { kind, ...this.fields(kind, choice) }, [first, { two: second, 'one twice': first, 'a stranger': keyOf('mallory') }[staff]])
  }

  /** Whether her own decision should be accepted. */
  acceptsHers(kind: Kind, choice: DecisionChoice, { statement }: SignedConsentDecision | SignedOptOut): boolean {
    const subject = this.subject(choice.who)
    const isLate = choice.isOver && !(kind === 'consent' && choice.operation === 'withdraw')
    return subject !== undefined && !subject.isClosed && choice.signer === 'hers' && !isLate
      && statement.version === (this.stands(kind, choice.who)?.version ?? 0) + 1 && !this.done.has(statement.operationId)
  }

  /** Whether a desk's declaration should be accepted, given that the signatures and the submitter are right. */
  acceptsDesk(kind: Kind, choice: DecisionChoice, { statement }: SignedDeskDeclaration): boolean {
    const before = this.stands(kind, choice.who)
    if (statement.version !== (before?.version ?? 0) + 1 || this.done.has(statement.operationId)) return false
    if (choice.operation === 'withdraw') return before?.by === 'desk' && before.isActive && (kind === 'consent' || !choice.isOver)
    if (choice.isOver) return false
    if (kind === 'consent') return before?.by !== 'subject' && this.subject(choice.who)?.isClosed !== true
    return !(before?.by === 'subject' && before.isActive && before.expires >= this.time)
  }

  took(kind: Kind, who: Person, { statement }: SignedConsentDecision | SignedOptOut | SignedDeskDeclaration, by: Standing['by']): void {
    this.standing.set(`${kind} ${nameOf(who)}`, { version: statement.version, isActive: statement.operation === 'set', by, expires: statement.expires })
    this.done.add(statement.operationId)
  }
}

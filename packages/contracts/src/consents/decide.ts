// A citizen's own decision, alone or in a batch with others': `consents decide`, `decide-batch`, `opt-outs declare`, `declare-batch`.
import { ConsentBatch, OptOutBatch, SignedConsentDecision, SignedOptOut } from '@mhmd/schema'
import type { ContractEvent, Operation, SignatureCheck, StateView, Transaction, Write } from '../contract.ts'
import { applied, operation } from '../define-operation.ts'
import { refuse } from '../refusals.ts'
import { stateKeys } from '../state-keys.ts'
import { checkOf, statementKinds } from '../statements.ts'
import { operationWrites } from '../transaction.ts'
import { decisionReads, decisionWrite, herRefusal } from './rules.ts'
import type { Kind } from './rules.ts'

type Item = SignedConsentDecision | SignedOptOut

const proofOf = (kind: Kind, item: Item): SignatureCheck => checkOf(kind === 'consent' ? statementKinds.consentDecision : statementKinds.optOut, item.statement, item)

/** What the rules say of one item against the state before the transaction. */
function refusalOf(kind: Kind, item: Item, { tx, state }: { tx: Transaction; state: StateView }): ReturnType<typeof refuse> | undefined {
  if (item.statement.network !== tx.network) return refuse('WRONG_NETWORK')
  return herRefusal(state, kind, { act: item.statement, key: item.key, time: tx.time })
}

/** One decision; the transaction's operation id is the statement's. */
function alone(kind: Kind, schema: typeof SignedConsentDecision | typeof SignedOptOut): Operation {
  return operation(schema, {
    reads: (item) => ({ keys: decisionReads(kind, item.statement) }),
    proofs: (item) => [proofOf(kind, item)],
    apply: (item, tx, state) => {
      if (item.statement.operationId !== tx.operationId) return refuse('OTHER_OPERATION')
      const { holder, subject, version } = item.statement
      return refusalOf(kind, item, { tx, state }) ?? applied([decisionWrite(kind, item.statement, { by: 'subject', time: tx.time })], kind, { holder, subject, version })
    },
  })
}

/** Many decisions, each judged as if it were alone; the event `item` tells what became of each. */
function batch(kind: Kind, schema: typeof ConsentBatch | typeof OptOutBatch): Operation {
  return operation(schema, {
    itemsAlone: true,
    reads: ({ items }) => ({ keys: (items as readonly Item[]).flatMap((item) => [stateKeys.operation(item.statement.operationId), ...decisionReads(kind, item.statement)]) }),
    proofs: ({ items }) => (items as readonly Item[]).map((item) => proofOf(kind, item)),
    apply: ({ items }, tx, state, proofs) => {
      const writes: Write[] = []
      const events: ContractEvent[] = []
      const repeats = repetition(tx)
      for (const [index, item] of (items as readonly Item[]).entries()) {
        const { operationId } = item.statement
        const refusal = repeats(item, state) ?? (proofs[index] ? refusalOf(kind, item, { tx, state }) : refuse('BAD_SIGNATURE'))
        if (!refusal) writes.push(...operationWrites(tx, [operationId]), decisionWrite(kind, item.statement, { by: 'subject', time: tx.time }))
        events.push({ name: 'item', payload: { code: refusal ? refusal.refusal.code : 'VALID', operationId } })
      }
      return { ok: true, value: { writes, events } }
    },
  })
}

/** Refuses an operation id that took effect before or stands earlier in the batch, and a second item about one subject. */
function repetition(tx: Transaction): (item: Item, state: StateView) => ReturnType<typeof refuse> | undefined {
  const operations = new Set([tx.operationId])
  const subjects = new Set<string>()
  return ({ statement: { operationId, holder, subject } }, state) => {
    const about = `${holder} ${subject}`
    const isDone = operations.has(operationId) || state.get(stateKeys.operation(operationId)) !== undefined
    const isSecond = subjects.has(about)
    operations.add(operationId)
    subjects.add(about)
    return isDone ? refuse('OPERATION_DONE') : isSecond ? refuse('BATCH_SAME_KEY') : undefined
  }
}

export const decide = alone('consent', SignedConsentDecision)
export const decideBatch = batch('consent', ConsentBatch)
export const declare = alone('opt-out', SignedOptOut)
export const declareBatch = batch('opt-out', OptOutBatch)

// Decisions on their way to the ledger: they wait for company and leave in mixed batches, so that a batch tells little about one act.
import { newId, pause } from '@mhmd/base'
import type { Canonical, Clock, Log, Randomness } from '@mhmd/base'
import type { SignedConsentDecision, SignedOptOut } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { jsonTable } from './table.ts'

export type WaitingDecision = { readonly kind: 'consent' | 'opt-out'; readonly item: SignedConsentDecision | SignedOptOut }

/** What leaves with the next batch; by operation id. */
export const decisionsWaiting = jsonTable<WaitingDecision>('decisions-waiting')

interface BatchParts {
  readonly store: Store
  readonly outbox: LedgerOutbox
  readonly randomness: Randomness
  readonly log: Log
}

/** Batches whose outcome is not known yet, with whom they are about: a later decision of theirs must not overtake. */
const batchesUnderWay = jsonTable<{ readonly kind: WaitingDecision['kind']; readonly about: readonly string[] }>('decision-batches-under-way')

/** In which batch a decision left; the batch's receipt then tells what became of it. */
const batchOf = jsonTable<{ readonly batch: string }>('decision-batches')

/** Takes a decision for the next batch. One that is on its way, or stands on the ledger, is not sent twice; one that was refused may come again. */
export async function takeDecision(parts: BatchParts, decision: WaitingDecision): Promise<void> {
  const { operationId } = decision.item.statement
  const { code } = await outcomeOf(parts, operationId)
  if (code !== 'SENT' && code !== 'VALID') await parts.store.write((tx) => decisionsWaiting.put(tx, [operationId], decision))
}

export async function outcomeOf(parts: BatchParts, operationId: string): Promise<{ code: string; height?: number }> {
  const sent = await parts.store.read((tx) => batchOf.get(tx, operationId))
  if (sent === undefined) return { code: 'WAITING' }
  const receipt = await parts.outbox.receipt(sent.batch)
  if (receipt === undefined) return { code: 'SENT' }
  if (receipt.status === 'refused') return { code: receipt.refusal.code }
  const event = receipt.events.find((candidate) => candidate.name === 'item' && (candidate.payload as { operationId: string }).operationId === operationId)
  return { code: (event?.payload as { code: string } | undefined)?.code ?? receipt.code, height: receipt.height }
}

export const BATCH_LIMIT = 500

/** When what waits leaves: with so many people, or after so long at most. */
export interface BatchWaits {
  readonly people: number
  readonly milliseconds: number
}

/** How many different people's decisions wait: at least as many as have one at the same holder. */
export async function peopleWaiting(store: Store): Promise<number> {
  const subjects = Map.groupBy(await store.read((tx) => decisionsWaiting.list(tx)), ({ value }) => value.item.statement.holder)
  return Math.max(0, ...[...subjects.values()].map((rows) => new Set(rows.map(({ value }) => value.item.statement.subject)).size))
}

/** `since` is when the first of them came. */
export const isBatchDue = (waiting: { readonly people: number; readonly since: number }, now: number, waits: BatchWaits): boolean =>
  waiting.people >= waits.people || now - waiting.since >= waits.milliseconds

const TICKS = 4
const TICK_MILLISECONDS = 1000

/** Sends a batch whenever one is due, until aborted. It looks at moments of its own, so that no arrival tells itself by setting a batch off. */
export async function runBatches(parts: BatchParts & { readonly clock: Clock }, waits: BatchWaits, signal: AbortSignal): Promise<void> {
  for (let since: number | undefined; !signal.aborted; await pause(Math.min(TICK_MILLISECONDS, waits.milliseconds / TICKS), signal)) {
    try {
      const people = await peopleWaiting(parts.store)
      since = people === 0 ? undefined : since ?? parts.clock.now()
      if (since === undefined || !isBatchDue({ people, since }, parts.clock.now(), waits)) continue
      since = undefined
      await sendBatches(parts)
    } catch {
      parts.log('decisions-waiting-for-ledger')
    }
  }
}

/**
 * One batch of consents and one of opt-outs, each in the order of random ids rather than of arrival. A second decision about
 * the same subject stays until the first one's outcome is known, so that its version follows.
 */
export async function sendBatches(parts: BatchParts): Promise<void> {
  for (const kind of ['consent', 'opt-out'] as const) {
    const batch = newId(parts.randomness)
    const { settled, about } = await underWay(parts, kind)
    const count = await parts.store.write(async (tx) => {
      for (const id of settled) await batchesUnderWay.delete(tx, id)
      const chosen = chooseBatch(await decisionsWaiting.list(tx), kind, about)
      if (chosen.length === 0) return 0
      await batchesUnderWay.put(tx, [batch], { kind, about: chosen.map(aboutOf) })
      const payload = { items: chosen.map((decision) => decision.item) } as unknown as Canonical
      await parts.outbox.enqueue(tx, { contract: kind === 'consent' ? 'consents@1' : 'opt-outs@1', operation: kind === 'consent' ? 'decide-batch' : 'declare-batch', operationId: batch, payload })
      for (const { item: { statement } } of chosen) {
        await batchOf.put(tx, [statement.operationId], { batch })
        await decisionsWaiting.delete(tx, statement.operationId)
      }
      return chosen.length
    })
    if (count === 0) continue
    await parts.outbox.settle(batch)
    parts.log('decisions-sent', { kind, count })
  }
}

async function underWay(parts: BatchParts, kind: WaitingDecision['kind']): Promise<{ settled: string[]; about: ReadonlySet<string> }> {
  const settled: string[] = []
  const about = new Set<string>()
  for (const { key: [id], value } of await parts.store.read((tx) => batchesUnderWay.list(tx))) {
    if (await parts.outbox.receipt(id) !== undefined) settled.push(id)
    else if (value.kind === kind) for (const one of value.about) about.add(one)
  }
  return { settled, about }
}

const aboutOf = ({ item: { statement: { holder, subject } } }: WaitingDecision): string => `${holder} ${subject}`

function chooseBatch(rows: readonly { readonly value: WaitingDecision }[], kind: WaitingDecision['kind'], isUnderWay: ReadonlySet<string>): WaitingDecision[] {
  const lowest = new Map<string, WaitingDecision>()
  for (const { value } of rows) {
    const about = aboutOf(value)
    const before = lowest.get(about)
    if (value.kind === kind && !isUnderWay.has(about) && (before === undefined || value.item.statement.version < before.item.statement.version)) lowest.set(about, value)
  }
  return [...lowest.values()].slice(0, BATCH_LIMIT)
}

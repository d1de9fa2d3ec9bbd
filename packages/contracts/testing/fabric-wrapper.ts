// How the contracts run inside a Fabric chaincode: state fetched first, one pure step, then the writes; and the fake peer as an engine.
import { canonicalBytes, canonicalText, encodeKey, fromUtf8, isBelow, utf8 } from '@mhmd/base'
import type { Canonical, Key, Refusal } from '@mhmd/base'
import { verifySignature } from '@mhmd/crypto'
import type { ContractEvent, Reads, Transaction } from '../src/contract.ts'
import { applyTransaction, proofsOf, readsNextOf, readsOf } from '../src/execute.ts'
import { viewOf } from '../src/view.ts'
import type { Engine, Submitted } from './engine.ts'
import { FakePeer } from './fake-fabric-stub.ts'
import type { FakeStub, Simulation, ValidationCode } from './fake-fabric-stub.ts'

/** A chaincode response: 200 with effects simulated, or 400 with a refusal, which no peer endorses. */
export interface ChaincodeResponse {
  readonly status: 200 | 400
  readonly payload: string
}

/** How far a transaction's time may lie from the proposal's, which endorsing peers compare with their clocks. */
const WINDOW = 5 * 60_000

/** The chaincode's only function: a transaction as canonical JSON. */
async function invoke(stub: FakeStub, bytes: Uint8Array): Promise<ChaincodeResponse> {
  const tx = parsed(bytes) as Transaction
  const values = new Map<string, Canonical>()
  const ranges = new Map<string, readonly { key: Key; value: Canonical }[]>()
  const view = viewOf({ values, ranges })
  await fetchInto({ values, ranges }, stub, readsOf(tx))
  await fetchInto({ values, ranges }, stub, readsNextOf(tx, view))
  const proofsValid = proofsOf(tx).map((proof) => verifySignature(proof.publicKey, proof.bytes, proof.signature))
  const outcome = applyTransaction(tx, view, { proofsValid })
  if (!outcome.ok) return { status: 400, payload: canonicalText({ ...outcome.refusal }) }
  if (Math.abs(tx.time - stampOf(stub)) > WINDOW) return { status: 400, payload: canonicalText({ code: 'FABRIC_TIME_OUTSIDE_WINDOW' }) }
  for (const { key, value } of outcome.value.writes) {
    if (value === null) await stub.deleteState(compositeKey(stub, key))
    else await stub.putState(compositeKey(stub, key), canonicalBytes(value))
  }
  const events = outcome.value.events.map(({ name, payload }) => ({ name, payload }))
  stub.setEvent('mhmd', canonicalBytes(events))
  return { status: 200, payload: canonicalText(events) }
}

/** Anything that is no JSON becomes a value that is no transaction. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(fromUtf8(bytes))
  } catch {
    return undefined
  }
}

function stampOf(stub: FakeStub): number {
  const { seconds, nanos } = stub.getTxTimestamp()
  return seconds * 1000 + nanos / 1_000_000
}

interface Fetching {
  readonly values: Map<string, Canonical>
  readonly ranges: Map<string, readonly { key: Key; value: Canonical }[]>
}

async function fetchInto({ values, ranges }: Fetching, stub: FakeStub, reads: Reads): Promise<void> {
  for (const key of reads.keys ?? []) {
    const bytes = await stub.getState(compositeKey(stub, key))
    if (bytes.length > 0) values.set(encodeKey(key), valueOf(bytes))
  }
  for (const prefix of reads.prefixes ?? []) ranges.set(encodeKey(prefix), await below(stub, prefix))
}

/** Entries strictly below the prefix: Fabric's range also holds the key of the prefix itself. */
async function below(stub: FakeStub, prefix: Key): Promise<readonly { key: Key; value: Canonical }[]> {
  const entries: { key: Key; value: Canonical }[] = []
  const [objectType, ...attributes] = prefix
  for await (const { key, value } of stub.getStateByPartialCompositeKey(objectType, attributes)) {
    const split = stub.splitCompositeKey(key)
    entries.push({ key: [split.objectType, ...split.attributes], value: valueOf(value) })
  }
  return entries.filter((entry) => isBelow(prefix, entry.key))
}

const compositeKey = (stub: FakeStub, [objectType, ...attributes]: Key): string => stub.createCompositeKey(objectType, attributes)
const valueOf = (bytes: Uint8Array): Canonical => JSON.parse(fromUtf8(bytes)) as Canonical

/** The fake peer behind the suite's interface. `simulate` and `commit` apart show what concurrent transactions do. */
export class FakeFabricEngine implements Engine {
  private readonly peer = new FakePeer()
  private proposals = 0

  async submit(tx: Transaction): Promise<Submitted> {
    const { response, simulation } = await this.simulate(tx)
    if (response.status === 400) return { ok: false, refusal: JSON.parse(response.payload) as Refusal }
    const [code] = this.commit([simulation])
    if (code !== 'VALID') return { ok: false, refusal: { code: `FABRIC_${code}` } }
    return { ok: true, events: JSON.parse(response.payload) as readonly ContractEvent[] }
  }

  /** `timestamp` is the proposal's; the transaction's own time where it isn't named. */
  simulate(tx: Transaction, timestamp = tx.time): Promise<{ response: ChaincodeResponse; simulation: Simulation }> {
    return this.simulateBytes(utf8(JSON.stringify(tx)), timestamp)
  }

  async simulateBytes(bytes: Uint8Array, timestamp: number): Promise<{ response: ChaincodeResponse; simulation: Simulation }> {
    const stub = this.peer.stub({ timestamp, nonce: String(this.proposals++) })
    const response = await invoke(stub, bytes)
    return { response, simulation: stub.simulated() }
  }

  commit(simulations: readonly Simulation[]): readonly ValidationCode[] {
    return this.peer.commit(simulations)
  }

  async get(key: Key): Promise<Canonical | undefined> {
    const stub = this.peer.stub({ timestamp: 0, nonce: 'query' })
    const bytes = await stub.getState(compositeKey(stub, key))
    return bytes.length === 0 ? undefined : valueOf(bytes)
  }
}

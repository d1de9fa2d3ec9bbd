// The chaincode: the contracts as they are, on the stub of a Fabric peer. State is fetched first, then one pure step, then the writes.
import { byCodeUnits, canonicalBytes, canonicalText, encodeKey, fromUtf8, isBelow, utf8 } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import { applyTransaction, proofsOf, stateKeys, viewOf } from '@mhmd/contracts'
import type { Transaction, Write } from '@mhmd/contracts'
import { verifySignature } from '@mhmd/crypto'
import { fetchReads } from '@mhmd/ledger'
import type { StateReader } from '@mhmd/ledger'

/** What of fabric-shim's `ChaincodeStub` is used. */
export interface Stub {
  getArgs(): string[]
  getTransient(): Map<string, Uint8Array>
  getTxTimestamp(): { readonly seconds: number | { toNumber(): number }; readonly nanos: number }
  createCompositeKey(objectType: string, attributes: string[]): string
  splitCompositeKey(key: string): { readonly objectType: string; readonly attributes: string[] }
  getState(key: string): Promise<Uint8Array>
  getHistoryForKey(key: string): AsyncIterable<{ readonly txId: string }>
  getStateByPartialCompositeKey(objectType: string, attributes: string[]): AsyncIterable<{ readonly key: string; readonly value: Uint8Array }>
  getPrivateData(collection: string, key: string): Promise<Uint8Array>
  putPrivateData(collection: string, key: string, value: Uint8Array): Promise<void>
  purgePrivateData(collection: string, key: string): Promise<void>
}

/** And what it leaves out: many keys in one message to the peer and back. */
export interface BatchStub extends Stub {
  getStates(keys: readonly string[]): Promise<readonly Uint8Array[]>
  writeStates(writes: readonly { readonly key: string; readonly value: Uint8Array | null }[]): Promise<void>
}

/** 200 with a payload, or 400 with a refusal as its message, which no peer endorses. */
export interface Response {
  readonly status: 200 | 400
  readonly payload: Uint8Array
  readonly message: string
}

const NO_BYTES = new Uint8Array(0)
const ok = (payload: Uint8Array): Response => ({ status: 200, payload, message: '' })
const refusal = (refused: { readonly code: string }): Response => ({ status: 400, payload: NO_BYTES, message: canonicalText({ ...refused }) })

/** Functions: `submit TRANSACTION`, `get KEY`, `below PREFIX AFTER LIMIT`, `written KEY`, `private-get COLLECTION KEY`, `private-purge COLLECTION KEY`. */
export async function invoke(stub: BatchStub, windowMilliseconds: number): Promise<Response> {
  const [name = '', ...args] = stub.getArgs()
  const [one = '', two = '', three = ''] = args
  if (name === 'submit') return submit(stub, parsed(one) as Transaction, windowMilliseconds)
  if (name === 'get') return ok(await stub.getState(composite(stub, parsed(one) as Key)))
  if (name === 'below') return ok(await page(stub, parsed(one) as Key, { after: two, limit: Number(three) }))
  if (name === 'written') return ok(await writtenBy(stub, parsed(one) as Key))
  if (name === 'private-get') return ok(await stub.getPrivateData(one, two))
  if (name === 'private-purge') return purge(stub, one, two)
  return refusal({ code: 'FABRIC_UNKNOWN_FUNCTION' })
}

async function submit(stub: BatchStub, tx: Transaction, windowMilliseconds: number): Promise<Response> {
  const fetched = await fetchReads(tx, readerOf(stub))
  const view = viewOf(fetched)
  // What took effect already is answered as such however old the attempt.
  const isDone = typeof tx?.operationId === 'string' && tx.operationId !== '' && fetched.values.has(encodeKey(stateKeys.operation(tx.operationId)))
  if (!isDone && typeof tx?.time === 'number' && Math.abs(tx.time - stampOf(stub)) > windowMilliseconds) return refusal({ code: 'FABRIC_TIME_OUTSIDE_WINDOW' })
  const outcome = applyTransaction(tx, view, { proofsValid: proofsOf(tx).map((proof) => verifySignature(proof.publicKey, proof.bytes, proof.signature)) })
  if (!outcome.ok) return refusal(outcome.refusal)
  await stub.writeStates(outcome.value.writes.map(({ key, value }) => ({ key: composite(stub, key), value: value === null ? null : canonicalBytes(value) })))
  await privateEffects(stub, tx)
  return ok(canonicalBytes({ events: outcome.value.events, order: orderOf(stub, outcome.value.writes) } as unknown as Canonical))
}

/** Fabric sorts the writes of a transaction by key; this is where each stood in the contract's order. */
function orderOf(stub: Stub, writes: readonly Write[]): number[] {
  const keys = writes.map(({ key }) => composite(stub, key))
  const sorted = keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return keys.map((key) => sorted.indexOf(key))
}

/** A private value comes by the transient map, sealed by its member; its hashes are what the contract records. */
async function privateEffects(stub: Stub, { contract, operation, payload }: Transaction): Promise<void> {
  if (contract !== 'private@1') return
  const { keyHash } = payload as { keyHash: string }
  const transient = stub.getTransient()
  const collection = transient.get('collection')
  if (collection === undefined) return
  const sealed = transient.get('sealed')
  if (operation === 'put' && sealed !== undefined) await stub.putPrivateData(fromUtf8(collection), keyHash, sealed)
  if (operation === 'purge') await stub.purgePrivateData(fromUtf8(collection), keyHash)
}

async function purge(stub: Stub, collection: string, key: string): Promise<Response> {
  await stub.purgePrivateData(collection, key)
  return ok(NO_BYTES)
}

/** Fabric's id of the transaction that last wrote a key; nothing where none did. */
async function writtenBy(stub: Stub, key: Key): Promise<Uint8Array> {
  for await (const { txId } of stub.getHistoryForKey(composite(stub, key))) return utf8(txId)
  return NO_BYTES
}

const readerOf = (stub: BatchStub): StateReader => ({
  get: async (key) => found(await stub.getState(composite(stub, key))),
  getMany: async (keys) => (await stub.getStates(keys.map((key) => composite(stub, key)))).map(found),
  below: (prefix) => below(stub, prefix),
})

/** Entries strictly below the prefix, in the order of our keys: Fabric's range also holds the key of the prefix itself. */
async function below(stub: Stub, prefix: Key): Promise<{ key: Key; value: Canonical }[]> {
  const entries: { key: Key; value: Canonical }[] = []
  const [objectType, ...attributes] = prefix
  for await (const { key, value } of stub.getStateByPartialCompositeKey(objectType, attributes)) {
    const split = stub.splitCompositeKey(key)
    entries.push({ key: [split.objectType, ...split.attributes], value: valueOf(value) })
  }
  return entries.filter((entry) => isBelow(prefix, entry.key)).sort((a, b) => byCodeUnits(encodeKey(a.key), encodeKey(b.key)))
}

async function page(stub: Stub, prefix: Key, { after, limit }: { readonly after: string; readonly limit: number }): Promise<Uint8Array> {
  const entries = await below(stub, prefix)
  const from = after === '' ? 0 : entries.findIndex(({ key }) => byCodeUnits(encodeKey(key), encodeKey(parsed(after) as Key)) > 0)
  return utf8(JSON.stringify(from < 0 ? [] : entries.slice(from, from + limit)))
}

function stampOf(stub: Stub): number {
  const { seconds, nanos } = stub.getTxTimestamp()
  return (typeof seconds === 'number' ? seconds : seconds.toNumber()) * 1000 + Math.floor(nanos / 1_000_000)
}

/** Anything that is no JSON becomes a value that is no transaction. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const composite = (stub: Stub, [objectType, ...attributes]: Key): string => stub.createCompositeKey(objectType, attributes)
const valueOf = (bytes: Uint8Array): Canonical => JSON.parse(fromUtf8(bytes)) as Canonical
const found = (bytes: Uint8Array): Canonical | undefined => bytes.length === 0 ? undefined : valueOf(bytes)

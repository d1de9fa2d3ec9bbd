// Fabric 3.1's messages for many keys at once (`GetStateMultiple`, `WriteBatchState` of fabric-protos' peer/chaincode_shim.proto), which fabric-shim 2.5.8 doesn't offer: one way to the peer and back for all reads of a transaction, and one for all writes.
import { createRequire } from 'node:module'
import type { peer } from '@hyperledger/fabric-protos'
import type { BatchStub, Stub } from './invoke.ts'

/** Of fabric-shim's stub, what its types leave out. */
export interface PlainStub extends Stub {
  getTxID(): string
  getChannelID(): string
  readonly handler: { _askPeerAndListen(message: unknown, method: string): Promise<Uint8Array> }
}

// The shim's own copy of the library, and no other: two in one process overwrite each other's classes. It doesn't know the new messages, so they are written here.
const { ChaincodeMessage } = (createRequire(createRequire(import.meta.url).resolve('fabric-shim'))('@hyperledger/fabric-protos') as { peer: typeof peer }).peer
const WRITE_BATCH_STATE = 24
const GET_STATE_MULTIPLE = 25
const PUT_STATE = 9
const DEL_STATE = 10

/** The same stub, with what `BatchStub` adds. */
export const batched = (stub: PlainStub): BatchStub => Object.assign(stub, {
  getStates: async (keys: readonly string[]): Promise<readonly Uint8Array[]> => {
    if (keys.length === 0) return []
    const values = fieldsOf(await ask(stub, GET_STATE_MULTIPLE, Buffer.concat(keys.map((key) => field(1, Buffer.from(key))))))
    // A peer whose database fails answers nothing at all, and calls it no error.
    if (values.length !== keys.length) throw new Error('the peer did not answer for every key')
    return values
  },
  writeStates: async (writes: Parameters<BatchStub['writeStates']>[0]): Promise<void> => {
    if (writes.length > 0) await ask(stub, WRITE_BATCH_STATE, Buffer.concat(writes.map((write) => field(1, recordOf(write)))))
  },
})

const recordOf = ({ key, value }: { readonly key: string; readonly value: Uint8Array | null }): Buffer =>
  Buffer.concat([field(1, Buffer.from(key)), ...value === null ? [] : [field(2, value)], Buffer.from([5 << 3, value === null ? DEL_STATE : PUT_STATE])])

/** A field of bytes, by number (protocol buffers' wire format: key, length, bytes). */
const field = (number: number, bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from([number << 3 | 2]), varint(bytes.length), bytes])

function varint(value: number): Buffer {
  const bytes: number[] = []
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest])
    bytes.push(rest % 128 | 128)
  }
}

/** The values of a message whose only field is number 1, of bytes. */
function fieldsOf(message: Uint8Array): Uint8Array[] {
  const values: Uint8Array[] = []
  for (let at = 0; at < message.length;) {
    if (message[at++] !== (1 << 3 | 2)) throw new Error('the peer answered with another message')
    let length = 0
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++] ?? 0
      length += byte % 128 * shift
      if (byte < 128) break
    }
    values.push(message.subarray(at, at + length))
    at += length
  }
  return values
}

function ask(stub: PlainStub, type: number, payload: Uint8Array): Promise<Uint8Array> {
  const message = new ChaincodeMessage()
  message.setType(type as never)
  message.setPayload(payload)
  message.setTxid(stub.getTxID())
  message.setChannelId(stub.getChannelID())
  return stub.handler._askPeerAndListen(message, 'Batch')
}

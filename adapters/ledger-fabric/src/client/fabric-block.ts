// A Fabric block read as the port's transactions: what our chaincode was called with, how it was validated, what it wrote; and beside that who endorsed it and what it read.
import { common, ledger, msp, peer } from '@hyperledger/fabric-protos'
import { byCodeUnits, decodeKey, fromUtf8 } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import type { ContractEvent, Transaction, Write } from '@mhmd/contracts'
import type { Committed, Endorsement } from '@mhmd/ledger'

export interface FabricTransaction extends Committed {
  /** By its client's clock, milliseconds since 1970. */
  readonly time: number
  readonly endorsement: Endorsement
}

const codes = new Map(Object.entries(peer.TxValidationCode).map(([name, number]) => [number, name]))
const NONE = new Uint8Array(0)
/** Checked before its versions were: what such a transaction says of its reads and writes is well formed. */
const COMPARED = new Set(['VALID', 'MVCC_READ_CONFLICT', 'PHANTOM_READ_CONFLICT'])
const FILTER = common.BlockMetadataIndex.TRANSACTIONS_FILTER

/** The calls of `submit` that this block holds, in order. Other chaincodes, configuration and lifecycle are passed over. */
export function transactionsOf(block: common.Block, chaincode: string): FabricTransaction[] {
  const verdicts = block.getMetadata()?.getMetadataList_asU8()[FILTER] ?? NONE
  return (block.getData()?.getDataList_asU8() ?? []).flatMap((envelope, at) => transactionOf(envelope, { chaincode, code: codes.get(verdicts[at] as never) ?? `CODE_${verdicts[at]}` }) ?? [])
}

function transactionOf(bytes: Uint8Array, { chaincode, code }: { readonly chaincode: string; readonly code: string }): FabricTransaction | undefined {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8())
  const header = common.ChannelHeader.deserializeBinary(payload.getHeader()?.getChannelHeader_asU8() ?? NONE)
  if (header.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return undefined
  const [first] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList()
  const action = peer.ChaincodeActionPayload.deserializeBinary(first?.getPayload_asU8() ?? NONE)
  const text = submittedIn(action, chaincode)
  if (text === undefined) return undefined
  const done = COMPARED.has(code) ? doneIn(action, chaincode) : undefined
  const effects = code === 'VALID' && done !== undefined ? effectsOf(done) : { writes: [], events: [] }
  return { time: timeOf(header), transaction: JSON.parse(text) as Transaction, code, ...effects, endorsement: { endorsers: endorsersOf(action), reads: done?.space.getReadsList().map((read) => keyOf(read.getKey())) ?? [] } }
}

/** The argument of a call of `submit` to this chaincode. */
function submittedIn(action: peer.ChaincodeActionPayload, chaincode: string): string | undefined {
  const proposal = peer.ChaincodeProposalPayload.deserializeBinary(action.getChaincodeProposalPayload_asU8())
  const spec = peer.ChaincodeInvocationSpec.deserializeBinary(proposal.getInput_asU8()).getChaincodeSpec()
  if (spec?.getChaincodeId()?.getName() !== chaincode) return undefined
  const [name, argument] = spec.getInput()?.getArgsList_asU8() ?? []
  return name !== undefined && argument !== undefined && fromUtf8(name) === 'submit' ? fromUtf8(argument) : undefined
}

function timeOf(header: common.ChannelHeader): number {
  // Its type stands in a package of types that the library doesn't bring.
  const stamp = header.getTimestamp() as { getSeconds(): number; getNanos(): number } | undefined
  return stamp === undefined ? 0 : stamp.getSeconds() * 1000 + Math.floor(stamp.getNanos() / 1_000_000)
}

/** What the chaincode answered, and its keys that were read and written. */
interface Done {
  readonly answer: Uint8Array
  readonly space: ledger.rwset.kvrwset.KVRWSet
}

function doneIn(action: peer.ChaincodeActionPayload, chaincode: string): Done {
  const response = peer.ProposalResponsePayload.deserializeBinary(action.getAction()?.getProposalResponsePayload_asU8() ?? NONE)
  const done = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8())
  const space = ledger.rwset.TxReadWriteSet.deserializeBinary(done.getResults_asU8()).getNsRwsetList().find((each) => each.getNamespace() === chaincode)
  return { answer: done.getResponse()?.getPayload_asU8() ?? NONE, space: ledger.rwset.kvrwset.KVRWSet.deserializeBinary(space?.getRwset_asU8() ?? NONE) }
}

function effectsOf({ answer, space }: Done): { writes: Write[]; events: ContractEvent[] } {
  const sorted = space.getWritesList().map(writeOf)
  const { events, order } = answerOf(answer)
  return { writes: order.flatMap((at) => sorted[at] ?? []), events }
}

const endorsersOf = (action: peer.ChaincodeActionPayload): string[] =>
  [...new Set((action.getAction()?.getEndorsementsList() ?? []).flatMap((each) => organisationOf(each.getEndorser_asU8())))].sort(byCodeUnits)

/** A client can put anything beside the signatures that the policy asks for; what is no identity is nobody's. */
function organisationOf(identity: Uint8Array): readonly string[] {
  try {
    return [msp.SerializedIdentity.deserializeBinary(identity).getMspid()]
  } catch {
    return []
  }
}

/** What the chaincode answered to a `submit` that it took. */
export const answerOf = (payload: Uint8Array): { readonly events: ContractEvent[]; readonly order: readonly number[] } => JSON.parse(fromUtf8(payload)) as { events: ContractEvent[]; order: number[] }

function writeOf(write: ledger.rwset.kvrwset.KVWrite): Write {
  return { key: keyOf(write.getKey()), value: write.getIsDelete() ? null : JSON.parse(fromUtf8(write.getValue_asU8())) as Canonical }
}

/** A composite key is U+0000, then each part followed by U+0000. */
const keyOf = (composite: string): Key => decodeKey(composite.slice(1, -1))

// What somebody with a peer's or a client's keys might send past the programs of this project, and what Fabric makes of it.
import { randomBytes } from 'node:crypto'
import { GatewayError } from '@hyperledger/fabric-gateway'
import { common, gateway as messages, peer } from '@hyperledger/fabric-protos'
import type { Transaction } from '@mhmd/contracts'
import { certificateRequest, newAuthority, issueRequested } from '@mhmd/transport-https/certificates'
import { attempt, openGateway } from '../src/client/gateway.ts'
import type { PeerConnection } from '../src/client/gateway.ts'
import { CHAINCODE } from '../src/index.ts'
import type { FabricNetwork } from '../src/index.ts'
import { peerOf } from '../src/network/site.ts'

const NONE = new Uint8Array(0)
const codes = new Map(Object.entries(peer.TxValidationCode).map(([name, number]) => [number, name]))

/** A transaction as its endorsers signed it, changed before it is ordered. */
type Change = (action: peer.ChaincodeEndorsedAction) => void

/** The second endorser's signature is made up. */
export const madeUpSignature: Change = (action) => {
  const [first, second] = action.getEndorsementsList()
  second?.setSignature(first?.getSignature_asU8() ?? NONE)
}

/** What the endorsers signed says something else. */
export const otherOutcome: Change = (action) => {
  const bytes = Buffer.from(action.getProposalResponsePayload_asU8())
  const at = bytes.lastIndexOf('"state"')
  bytes.write('"stAte"', at < 0 ? bytes.length - 7 : at)
  action.setProposalResponsePayload(bytes)
}

/** Endorses, waits for `meanwhile`, changes, sends; gives the validation code. */
export async function sendChanged(network: FabricNetwork, member: string, transaction: Transaction, { change = () => undefined, meanwhile = async () => undefined }: { readonly change?: Change; readonly meanwhile?: () => Promise<void> }): Promise<string> {
  const { contract, gateway, close } = open(network.connection(member), network.plan.channel)
  try {
    const endorsed = await contract.newProposal('submit', { arguments: [JSON.stringify(transaction)] }).endorse()
    await meanwhile()
    const prepared = messages.PreparedTransaction.deserializeBinary(endorsed.getBytes())
    const envelope = prepared.getEnvelope() as common.Envelope
    const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8())
    const whole = peer.Transaction.deserializeBinary(payload.getData_asU8())
    const [action] = whole.getActionsList()
    const inner = peer.ChaincodeActionPayload.deserializeBinary(action?.getPayload_asU8() ?? NONE)
    const endorsedAction = inner.getAction() as peer.ChaincodeEndorsedAction
    change(endorsedAction)
    inner.setAction(endorsedAction)
    action?.setPayload(inner.serializeBinary())
    payload.setData(whole.serializeBinary())
    envelope.setPayload(payload.serializeBinary())
    prepared.setEnvelope(envelope)
    const submitted = await gateway.newTransaction(prepared.serializeBinary()).submit()
    const { code } = await submitted.getStatus()
    return codes.get(code) ?? String(code)
  } finally {
    close()
  }
}

const open = (connection: PeerConnection, channel: string): ReturnType<typeof openGateway> => openGateway(connection, { channel, chaincode: CHAINCODE })

/** What a client with this connection is told when it submits. */
export async function toldTo(connection: PeerConnection, channel: string, transaction: Transaction): Promise<string> {
  const { contract, close } = open(connection, channel)
  try {
    const done = await attempt(contract, JSON.stringify(transaction))
    return 'refusal' in done ? done.refusal.code : String(codes.get(done.code))
  } catch (error) {
    return error instanceof GatewayError ? [error.message, ...error.details.map(({ message }) => message)].join(' · ') : String(error)
  } finally {
    close()
  }
}

/** Names itself after a member, certified by an authority of its own making. */
export async function stranger(network: FabricNetwork, member: string): Promise<PeerConnection> {
  const authority = await newAuthority({ organisation: randomBytes(6).toString('hex') })
  const { key, request } = await certificateRequest('client')
  return { ...network.connection(member), privateKey: key, certificate: await issueRequested(authority, request, { commonName: 'client', unit: 'client', days: 30 }) }
}

/** A member's client whose certificate ended yesterday. */
export async function expired(network: FabricNetwork, member: string): Promise<PeerConnection> {
  const { identity } = await network.authorities(peerOf(network.plan, member))
  const { key, request } = await certificateRequest('client')
  return { ...network.connection(member), privateKey: key, certificate: await identity.certify(request, { commonName: 'client', unit: 'client', days: 1, from: new Date(Date.now() - 2 * 86_400_000) }) }
}

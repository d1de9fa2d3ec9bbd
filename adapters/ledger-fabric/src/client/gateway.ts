// One member's connection to the gateway of its peer, and one attempt to submit through it.
import { Client, credentials } from '@grpc/grpc-js'
import { GatewayError, connect, hash } from '@hyperledger/fabric-gateway'
import type { Contract, Gateway, Network, ProposalOptions } from '@hyperledger/fabric-gateway'
import { utf8 } from '@mhmd/base'
import type { Refusal } from '@mhmd/base'
import type { ContractEvent } from '@mhmd/contracts'
import { answerOf } from './fabric-block.ts'
import { p256Signer } from './signer.ts'

/** How a member's client reaches its peer: PEM texts and an address. */
export interface PeerConnection {
  readonly member: string
  readonly msp: string
  readonly address: string
  readonly tlsRoot: string
  readonly certificate: string
  readonly privateKey: string
  /** MSPs of the other organisations that endorse. */
  readonly others: readonly string[]
}

export interface OpenGateway {
  readonly gateway: Gateway
  readonly network: Network
  readonly contract: Contract
  close(): void
}

/** A peer that was away is found again soon, a dead connection is noticed, and a block may be as large as Fabric allows. */
const CHANNEL = { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 1000, 'grpc.keepalive_time_ms': 10_000, 'grpc.keepalive_timeout_ms': 3000, 'grpc.max_receive_message_length': 100 * 1024 * 1024 }

const within = (milliseconds: number) => () => ({ deadline: Date.now() + milliseconds })

export function openGateway(connection: PeerConnection, { channel, chaincode }: { readonly channel: string; readonly chaincode: string }): OpenGateway {
  const client = new Client(connection.address, credentials.createSsl(Buffer.from(connection.tlsRoot)), CHANNEL)
  const gateway = connect({
    client, identity: { mspId: connection.msp, credentials: utf8(connection.certificate) }, signer: p256Signer(connection.privateKey), hash: hash.none,
    evaluateOptions: within(10_000), endorseOptions: within(20_000), submitOptions: within(10_000), commitStatusOptions: within(15_000),
  })
  const network = gateway.getNetwork(channel)
  return {
    gateway, network, contract: network.getContract(chaincode),
    close: () => {
      gateway.close()
      client.close()
    },
  }
}

/** Endorses and submits once: a refusal by the contract, or Fabric's validation code and the number of its block. */
export async function attempt(contract: Contract, text: string, options: Pick<ProposalOptions, 'transientData' | 'endorsingOrganizations'> = {}): Promise<{ readonly refusal: Refusal } | { readonly code: number; readonly block: number; readonly events: readonly ContractEvent[] }> {
  const proposal = contract.newProposal('submit', { arguments: [text], ...options })
  try {
    const submitted = await (await proposal.endorse()).submit()
    const { code, blockNumber } = await submitted.getStatus()
    return { code, block: Number(blockNumber), events: answerOf(submitted.getResult()).events }
  } catch (error) {
    return { refusal: refusalIn(error) }
  }
}

/** What one organisation's peer would refuse a transaction for, by what it holds now. */
export async function refusalAt(contract: Contract, text: string, msp: string): Promise<Refusal | undefined> {
  try {
    await contract.evaluate('submit', { arguments: [text], endorsingOrganizations: [msp] })
    return undefined
  } catch (error) {
    return refusalIn(error)
  }
}

/** The contracts' refusal in what a gateway threw; throws again what holds none. */
function refusalIn(error: unknown): Refusal {
  for (const { message } of error instanceof GatewayError ? error.details : []) {
    const found = /chaincode response 400, (\{.*\})$/s.exec(message)
    if (found?.[1] !== undefined) return JSON.parse(found[1]) as Refusal
  }
  throw error
}


// One member's connection to the gateway of its peer, and one attempt to submit through it.
import { Client, credentials } from '@grpc/grpc-js'
import { EndorseError, connect, hash } from '@hyperledger/fabric-gateway'
import type { Contract, Network, ProposalOptions } from '@hyperledger/fabric-gateway'
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
  readonly network: Network
  readonly contract: Contract
  close(): void
}

const within = (milliseconds: number) => () => ({ deadline: Date.now() + milliseconds })

export function openGateway(connection: PeerConnection, { channel, chaincode }: { readonly channel: string; readonly chaincode: string }): OpenGateway {
  const client = new Client(connection.address, credentials.createSsl(Buffer.from(connection.tlsRoot)))
  const gateway = connect({
    client, identity: { mspId: connection.msp, credentials: utf8(connection.certificate) }, signer: p256Signer(connection.privateKey), hash: hash.none,
    evaluateOptions: within(10_000), endorseOptions: within(20_000), submitOptions: within(10_000), commitStatusOptions: within(15_000),
  })
  const network = gateway.getNetwork(channel)
  return {
    network, contract: network.getContract(chaincode),
    close: () => {
      gateway.close()
      client.close()
    },
  }
}

/** Endorses and submits once: a refusal by the contract, or Fabric's validation code. */
export async function attempt(contract: Contract, text: string, options: Pick<ProposalOptions, 'transientData' | 'endorsingOrganizations'> = {}): Promise<{ readonly refusal: Refusal } | { readonly code: number; readonly events: readonly ContractEvent[] }> {
  const proposal = contract.newProposal('submit', { arguments: [text], ...options })
  try {
    const submitted = await (await proposal.endorse()).submit()
    return { code: (await submitted.getStatus()).code, events: answerOf(submitted.getResult()).events }
  } catch (error) {
    const refusal = error instanceof EndorseError ? refusalIn(error) : undefined
    if (refusal === undefined) throw error
    return { refusal }
  }
}

function refusalIn(error: EndorseError): Refusal | undefined {
  for (const { message } of error.details) {
    const found = /chaincode response 400, (\{.*\})$/s.exec(message)
    if (found?.[1] !== undefined) return JSON.parse(found[1]) as Refusal
  }
  return undefined
}


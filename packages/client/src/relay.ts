// Her decision by another way: sealed to the holder and handed to any member's node, when provider and holder can't be reached or keep it back.
import { sealForHolder } from '@mhmd/accounts'
import type { DeviceState } from '@mhmd/accounts'
import { newSigningKey } from '@mhmd/crypto'
import type { MessageKey } from '@mhmd/crypto'
import { clientFor } from './citizen.ts'
import type { Device } from './citizen.ts'

/** What was handed to the relay: that it arrived is known only once the holder or the ledger shows it. */
export interface Carried {
  readonly holder: string
  readonly operationId: string
}

/**
 * Hands every decision that has not reached its holder to `relay`. What is carried stays marked as unsent: a relay can lose it, and
 * a holder takes the same decision once, by whichever way it comes first. Throws as the relay's node does, and CLIENT_UNREACHABLE.
 */
export async function sendThroughRelay(device: Device, { relay, messageKeyOf }: { readonly relay: string; readonly messageKeyOf: (holder: string) => MessageKey }): Promise<readonly Carried[]> {
  const carried: Carried[] = []
  for (const { sent: _, ...decision } of unsent(device.state)) {
    const { holder, operationId } = decision.statement
    const sealed = await sealForHolder(decision, { network: device.state.network, holder, messageKey: messageKeyOf(holder) })
    // A key for this one request: the relay learns neither who she is nor which of her acts belong together.
    await clientFor(device, relay, newSigningKey().key).post('/people/1/relays', { to: holder, sealed })
    carried.push({ holder, operationId })
  }
  return carried
}

const unsent = (state: DeviceState): DeviceState['decisions'] => state.decisions.filter(({ sent, over }) => !sent.holder && over === undefined).sort((a, b) => a.statement.version - b.statement.version)

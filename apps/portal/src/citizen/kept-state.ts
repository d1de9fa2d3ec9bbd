// What this browser keeps of a citizen: one sealed box under a key derived from her seed. Without her passkey or code it says nothing, not even whose it is.
import { deviceStateDocument } from '@mhmd/accounts'
import type { DeviceState, Seed } from '@mhmd/accounts'
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from '@mhmd/base'
import { deriveKey, open, seal } from '@mhmd/crypto'

const CONTEXT = 'mhmd/1/browser-box'
const nameOf = (seed: Seed): string => `box-${toBase64Url(deriveKey(seed, 'browser-box/name')).slice(0, 22)}`
const keyOf = (seed: Seed): Uint8Array => deriveKey(seed, 'browser-box/key')

export const keep = (seed: Seed, state: DeviceState): void => localStorage.setItem(nameOf(seed), toBase64Url(seal(keyOf(seed), utf8(JSON.stringify(state)), CONTEXT)))

/** Undefined where there is none, or where it can't be read: her links are then found again by asking. */
export function keptState(seed: Seed): DeviceState | undefined {
  const box = localStorage.getItem(nameOf(seed))
  if (box === null) return undefined
  try {
    return deviceStateDocument.parse(JSON.parse(fromUtf8(open(keyOf(seed), fromBase64Url(box), CONTEXT)))) as DeviceState
  } catch {
    return undefined
  }
}

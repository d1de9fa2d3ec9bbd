// What a hospital says about her, also where another device of hers replaced the key there: the next ones are tried, once a visit.
import { MhmdError } from '@mhmd/base'
import { followReplacement, status } from '@mhmd/client'
import type { Device } from '@mhmd/client'
import { current, watch } from './opened.ts'

const followed = new Set<string>()
watch(() => {
  if (current() === undefined) followed.clear()
})

export function statusNow(device: Device, holder: string): ReturnType<typeof status> {
  return status(device, { holder }).catch(async (error: unknown) => {
    if (!MhmdError.isInstance(error) || error.code !== 'NODE_KEY_UNKNOWN' || followed.has(holder)) throw error
    followed.add(holder)
    return status({ ...device, state: await followReplacement(device, { holder }) }, { holder })
  })
}

// A transport in memory for tests: every member's inbox in one map, bytes copied as a wire would.
import { defineErrors } from '@mhmd/base'
import type { Accept, Transport } from '../src/index.ts'

const errors = defineErrors('MEMORY_TRANSPORT', {
  UNREACHABLE: { kind: 'unavailable', says: (d: { to: string }) => `${d.to} does not listen`, remedy: 'Let it listen.' },
})

export function memoryTransport(): { listen(member: string, accept: Accept): void; from(member: string): Transport } {
  const listening = new Map<string, Accept>()
  return {
    listen: (member, accept) => void listening.set(member, accept),
    from: (member) => ({
      send: async (to, bytes, signal) => {
        const accept = listening.get(to)
        if (accept === undefined || signal?.aborted === true) throw errors.UNREACHABLE({ to })
        return Uint8Array.from(await accept(Uint8Array.from(bytes), member))
      },
    }),
  }
}

// Serves the chaincode to this organisation's peer, over TLS.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import shim from 'fabric-shim'
import { batched } from './batched.ts'
import type { PlainStub } from './batched.ts'
import { invoke } from './invoke.ts'

/** Of fabric-shim, what its types leave out: the server of a chaincode that runs as a service. */
interface ShimServer {
  error(message: Uint8Array): unknown
  success(): unknown
  server(chaincode: object, options: { readonly ccid: string; readonly address: string; readonly tlsProps: { readonly key: Uint8Array; readonly cert: Uint8Array } }): { start(): Promise<void> }
}
const fabric = shim as unknown as ShimServer

/** Takes the id of the package, its own address, and the folder of its TLS pair. `windowMilliseconds`: how far a transaction's time may lie from its proposal's, which endorsing peers compare with their clocks. */
export async function serveChaincode([ccid = '', address = '', tls = '']: readonly string[], windowMilliseconds: number, answer = invoke): Promise<void> {
  await fabric.server({
    Init: async () => fabric.success(),
    Invoke: async (stub: PlainStub) => {
      try {
        return await answer(batched(stub), windowMilliseconds)
      } catch (error) {
        return fabric.error(Buffer.from(error instanceof Error ? error.message : 'unknown'))
      }
    },
  }, { ccid, address, tlsProps: { key: readFileSync(join(tls, 'server.key')), cert: readFileSync(join(tls, 'server.crt')) } }).start()
}

// The least that a chaincode can do with the same writes, for the benchmark: `put WRITES ANSWER-LENGTH FILLER` puts what it is given, one key after the other, and answers as many bytes as the contracts do.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import shim from 'fabric-shim'

const [ccid, address, tls = ''] = process.argv.slice(2)
const fabric = shim as unknown as { server(chaincode: object, options: object): { start(): Promise<void> } }

interface BareStub {
  getArgs(): string[]
  putState(key: string, value: Uint8Array): Promise<void>
}

await fabric.server({
  Init: async () => ({ status: 200, message: '', payload: Buffer.alloc(0) }),
  Invoke: async (stub: BareStub) => {
    const [, writes = '[]', answer = '0'] = stub.getArgs()
    for (const [key, value] of JSON.parse(writes) as [string, string][]) await stub.putState(key, Buffer.from(value))
    return { status: 200, message: '', payload: Buffer.alloc(Number(answer), ' ') }
  },
}, { ccid, address, tlsProps: { key: readFileSync(join(tls, 'server.key')), cert: readFileSync(join(tls, 'server.crt')) } }).start()

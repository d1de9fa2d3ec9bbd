// A chaincode that writes something else than the contracts say, as one organisation might run it.
import { invoke } from '../src/chaincode/invoke.ts'
import type { BatchStub } from '../src/chaincode/invoke.ts'
import { serveChaincode } from '../src/chaincode/serve.ts'

/** Every withdrawal becomes a consent. */
const lying = (stub: BatchStub): BatchStub => new Proxy(stub, {
  get: (target, name) => {
    if (name === 'writeStates') return (writes: Parameters<BatchStub['writeStates']>[0]) => target.writeStates(writes.map(({ key, value }) => ({ key, value: value === null ? null : Buffer.from(Buffer.from(value).toString('utf8').replace('"state":"withdrawn"', '"state":"active"')) })))
    const member: unknown = Reflect.get(target, name)
    return typeof member === 'function' ? member.bind(target) : member
  },
})

await serveChaincode(process.argv.slice(2), 5 * 60_000, (stub, window) => invoke(lying(stub), window))

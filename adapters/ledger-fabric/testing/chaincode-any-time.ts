// The chaincode for the contract suite, whose transactions carry times of their own choosing: everything as it is but the time window.
import { serveChaincode } from '../src/chaincode/serve.ts'

await serveChaincode(process.argv.slice(2), Number.POSITIVE_INFINITY)

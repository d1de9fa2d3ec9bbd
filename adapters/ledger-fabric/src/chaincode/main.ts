// The process that runs the chaincode as a service: one an organisation.
import { serveChaincode } from './serve.ts'

await serveChaincode(process.argv.slice(2), 5 * 60_000)

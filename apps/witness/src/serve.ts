// A witness over HTTP (C2SP tlog-witness): `add-checkpoint`, and the newest cosigned checkpoint of each log for whoever compares.
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { MhmdError, toHex, utf8 } from '@mhmd/base'
import type { Clock, Log } from '@mhmd/base'
import { sha256 } from '@mhmd/crypto'
import { witnessErrors } from './errors.ts'
import { openState, readConfig, readLogs, readSigner } from './folder.ts'
import { createWitness } from './judge.ts'
import type { Witness } from './judge.ts'

export interface RunningWitness {
  readonly name: string
  readonly port: number
  stop(): Promise<void>
}

/** The specification's answers. */
const statuses: Readonly<Record<string, number>> = { WITNESS_BAD_REQUEST: 400, WITNESS_NOT_SIGNED: 403, WITNESS_UNKNOWN_LOG: 404, WITNESS_STALE: 409, WITNESS_INCONSISTENT: 422 }
/** Sixteen signatures and sixty-three hashes take a tenth of it. */
const BODY_LIMIT = 64 * 1024
const REQUEST_MILLISECONDS = 10_000
const CONNECTIONS = 256

/** Plain http: each side checks what the other signed, and nothing here is secret. Throws WITNESS_FOLDER_MISSING, WITNESS_PORT_TAKEN. */
export async function startWitness({ home, clock, log }: { readonly home: string; readonly clock: Clock; readonly log: Log }): Promise<RunningWitness> {
  const { name, host, port } = readConfig(home)
  const state = openState(home)
  const witness = createWitness({ logs: readLogs(home), state, signer: readSigner(home), clock, log })
  const server = createServer({ requestTimeout: REQUEST_MILLISECONDS, headersTimeout: REQUEST_MILLISECONDS }, (request, response) => void answer(witness, request, response).catch((error: unknown) => fail(response, error, log)))
  server.maxConnections = CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      state.close()
      reject(cause.code === 'EADDRINUSE' ? witnessErrors.PORT_TAKEN({ port }, { cause }) : cause)
    })
    server.listen(port, host, resolve)
  })
  return {
    name,
    port,
    stop: () => new Promise((resolve) => {
      server.close(() => {
        state.close()
        resolve()
      })
      server.closeAllConnections()
    }),
  }
}

async function answer(witness: Witness, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? ''
  if (request.method === 'POST' && path === '/add-checkpoint') return send(response, 200, witness.add(await bodyOf(request)))
  const [, hash] = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path) ?? []
  const origin = request.method === 'GET' && hash !== undefined ? witness.origins.find((known) => toHex(sha256(utf8(known))) === hash) : undefined
  const kept = origin === undefined ? undefined : witness.latest(origin)
  if (kept === undefined) throw witnessErrors.UNKNOWN_LOG()
  send(response, 200, kept.note)
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > BODY_LIMIT) throw witnessErrors.BAD_REQUEST({ what: `it is longer than ${BODY_LIMIT} bytes` })
    chunks.push(chunk)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks))
  } catch {
    throw witnessErrors.BAD_REQUEST({ what: 'it is not UTF-8' })
  }
}

function fail(response: ServerResponse, error: unknown, log: Log): void {
  const status = MhmdError.isInstance(error) ? statuses[error.code] : undefined
  if (!MhmdError.isInstance(error) || status === undefined) {
    log('witness.failed', { reason: error instanceof Error ? error.name : 'unknown' })
    return send(response, 500, 'The witness failed; nothing was cosigned.\n')
  }
  if (error.code === 'WITNESS_STALE') return send(response, status, `${String(error.details['size'])}\n`, 'text/x.tlog.size')
  send(response, status, `${error.code}: ${error.message}\n${error.remedy}\n`)
}

function send(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  // What is left of a request that was too long is not read.
  if (status >= 400) response.setHeader('connection', 'close')
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }).end(body)
}

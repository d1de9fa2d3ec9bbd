// Connections to member ports with any certificate or none, as an outsider or a member would make them.
import { readFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { issueNodeCertificate, newAuthority } from '@mhmd/transport-https'
import { answerOf } from './outside.ts'
import type { Answer } from './outside.ts'

/** A key with its certificate; empty for a connection that shows none. */
export interface Certificate {
  readonly key?: string
  readonly cert?: string
}

export interface MemberCall extends Certificate {
  readonly port: number
  readonly method?: 'GET' | 'POST'
  readonly path: string
  readonly body?: Uint8Array | undefined
  readonly type?: string
}

/** What a node's folder holds of its identity on the wire. */
export const certificateOf = (home: string): Required<Certificate> => ({ key: readFileSync(join(home, 'keys', 'tls.key.pem'), 'utf8'), cert: readFileSync(join(home, 'keys', 'tls.cert.pem'), 'utf8') })

/** A certificate that an authority of a member issued, and nobody put on the ledger. */
export function unlistedCertificate(home: string, serverName: string): Promise<Certificate> {
  const authority = { key: readFileSync(join(home, 'keys', 'ca.key.pem'), 'utf8'), cert: readFileSync(join(home, 'keys', 'ca.cert.pem'), 'utf8') }
  return issueNodeCertificate(authority, { serverName, days: 30 })
}

export const foreignCertificate = async (serverName: string): Promise<Certificate> => issueNodeCertificate(await newAuthority({ organisation: 'Somebody Else' }), { serverName, days: 30 })

/** The answer, or a code `REFUSED …` where TLS let nothing through. */
export function callMember({ port, method = 'GET', path, body, type = 'application/octet-stream', ...certificate }: MemberCall): Promise<Answer> {
  return new Promise((resolve) => {
    // Who answers is not in question here: every check of the server by the client is left out.
    const request = httpsRequest({ host: '127.0.0.1', port, method, path, ...certificate, rejectUnauthorized: false, agent: false, timeout: 60_000, headers: body === undefined ? {} : { 'content-type': type, 'content-length': String(body.length) } }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => resolve(answerOf(response.statusCode ?? 0, Buffer.concat(chunks).toString())))
      response.on('error', () => undefined)
    })
    request.on('timeout', () => request.destroy(new Error('silence')))
    request.on('error', (error: NodeJS.ErrnoException) => resolve({ status: 0, code: `REFUSED ${error.code ?? error.message}`, remedy: '', text: '' }))
    request.end(body === undefined ? undefined : Buffer.from(body))
  })
}

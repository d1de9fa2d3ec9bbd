// Sends a file of records to the node: announced with its digest, then its bytes, with how far they are.
import { toBase64Url } from '@mhmd/base'
import { clientErrors, reviveError } from '@mhmd/client'
import type { Staff } from '../session.ts'

export type Level = 'structure' | 'full'

interface Sending {
  readonly level: Level
  readonly sent: (bytes: number) => void
}

/** Gives the import that it became. Throws what the node refuses with. */
export async function sendFile(node: Staff['node'], file: File, { level, sent }: Sending): Promise<string> {
  const sha256 = toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer())))
  const { id, token } = await node.post<{ id: string; token: string }>('/staff/1/imports', { name: file.name, size: file.size, sha256, level })
  // `fetch` does not tell how far an upload is.
  return new Promise<string>((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', `/staff/1/uploads/${id}`)
    for (const [name, value] of [['content-type', 'application/vnd.mhmd.upload'], ['x-upload-token', token], ['x-upload-offset', '0']] as const) request.setRequestHeader(name, value)
    request.upload.addEventListener('progress', ({ loaded }) => sent(loaded))
    request.addEventListener('load', () => request.status < 300 ? resolve((JSON.parse(request.responseText) as { job: string }).job) : reject(refusal(request)))
    request.addEventListener('error', () => reject(clientErrors.UNREACHABLE({ address: location.origin, name: undefined })))
    request.send(file)
  })
}

function refusal(request: XMLHttpRequest): Error {
  const unreadable = clientErrors.BAD_ANSWER({ address: location.origin, status: request.status })
  try {
    return reviveError(JSON.parse(request.responseText)) ?? unreadable
  } catch {
    return unreadable
  }
}

// A chaincode package of type `ccaas` (chaincode as a service): the same bytes, hence the same id, on every run.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

const BLOCK = 512
const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`

/** A POSIX ustar archive of plain files, with no time and no owner in it. */
function tar(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Uint8Array[] = []
  for (const [name, bytes] of Object.entries(files).sort(([a], [b]) => a < b ? -1 : 1)) {
    const header = Buffer.alloc(BLOCK)
    const put = (text: string, at: number): void => void header.write(text, at, 'latin1')
    put(name, 0); put(octal(0o644, 8), 100); put(octal(0, 8), 108); put(octal(0, 8), 116); put(octal(bytes.length, 12), 124); put(octal(0, 12), 136)
    put(' '.repeat(8), 148); put('0', 156); put('ustar\0', 257); put('00', 263)
    put(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148)
    parts.push(header, bytes, Buffer.alloc((BLOCK - bytes.length % BLOCK) % BLOCK))
  }
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

const zipped = (bytes: Uint8Array): Uint8Array => {
  const out = gzipSync(bytes, { level: 9 })
  // The byte that names the operating system (RFC 1952 §2.3).
  out[9] = 255
  return out
}

/** One organisation's package: its peer reaches its own service at the address, under this TLS root. */
export function chaincodePackage(label: string, { address, root }: { readonly address: string; readonly root: string }): { readonly bytes: Uint8Array; readonly id: string } {
  const connection = { address, dial_timeout: '10s', tls_required: true, client_auth_required: false, root_cert: root }
  const code = zipped(tar({ 'connection.json': Buffer.from(JSON.stringify(connection)) }))
  const bytes = zipped(tar({ 'code.tar.gz': code, 'metadata.json': Buffer.from(JSON.stringify({ type: 'ccaas', label })) }))
  return { bytes, id: `${label}:${createHash('sha256').update(bytes).digest('hex')}` }
}

/** The external builder's three programs: see "External builders and launchers" in Fabric's documentation. */
export const builderPrograms: Readonly<Record<string, string>> = {
  detect: '#!/bin/sh\ngrep -q \'"type":"ccaas"\' "$2/metadata.json"\n',
  build: '#!/bin/sh\ncp "$1/connection.json" "$3/connection.json"\n',
  release: '#!/bin/sh\nset -e\nmkdir -p "$2/chaincode/server"\ncp "$1/connection.json" "$2/chaincode/server/connection.json"\n',
}

// A Fabric block checked by its own hashes: its data against its header, and its header against the block before (Fabric's protoutil: SHA-256 over number, previous hash and data hash in ASN.1 DER).
import { createHash } from 'node:crypto'
import type { common } from '@hyperledger/fabric-protos'

const NONE = new Uint8Array(0)
const sha256 = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** What is wrong with a block in itself, or undefined. */
export function damageOf(block: common.Block): string | undefined {
  const found = sha256(...block.getData()?.getDataList_asU8() ?? [])
  return found.equals(block.getHeader()?.getDataHash_asU8() ?? NONE) ? undefined : 'its data are not those that its header names'
}

/** The hash by which the next block names this one. */
export function headerHash(block: common.Block): Buffer {
  const header = block.getHeader()
  const body = Buffer.concat([integer(header?.getNumber() ?? 0), octets(header?.getPreviousHash_asU8() ?? NONE), octets(header?.getDataHash_asU8() ?? NONE)])
  return sha256(Buffer.from([0x30, body.length]), body)
}

export const previousHash = (block: common.Block): Uint8Array => block.getHeader()?.getPreviousHash_asU8() ?? NONE

const octets = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from([0x04, bytes.length]), bytes])

/** DER, for whole numbers from 0 on. */
function integer(value: number): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  const body = (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), bytes]) : bytes
  return Buffer.concat([Buffer.from([0x02, body.length]), body])
}

// A channel's blocks from a peer's own files, every process stopped. Fabric's block files (blkstorage): each block after its length, in it number, hashes, transactions and metadata one after another, lengths and counts as varints.
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { common } from '@hyperledger/fabric-protos'
import { ledgerErrors } from '@mhmd/ledger'
import type { EndorsedBlock } from '@mhmd/ledger'
import { Chain } from '../client/chain.ts'
import { CHAINCODE } from './contracts.ts'
import { databasesOf } from './databases.ts'
import type { NetworkPlan } from './layout.ts'
import { peerOf } from './site.ts'

/** The port's blocks, checked by Fabric's hashes and with the port's own, from the first on; a block that was not written whole when its peer was killed, at the end, is not there yet. Throws LEDGER_CORRUPT_BLOCK. */
export async function* storedBlocks(plan: NetworkPlan, member: string, networkId: string): AsyncGenerator<EndorsedBlock> {
  const chain = new Chain({ networkId, chaincode: CHAINCODE })
  let mark = chain.before(0)
  for await (const fabric of blocksIn(join(databasesOf(peerOf(plan, member)), 'ledgersData/chains/chains', plan.channel))) {
    if (fabric.getHeader()?.getNumber() !== mark.next) throw ledgerErrors.CORRUPT_BLOCK({ height: mark.next, why: 'another stands where it belongs' })
    const { mark: reached, block } = chain.after(mark, fabric)
    mark = reached
    if (block !== undefined) yield block
  }
}

/** A folder's blocks in order, as they stand there. */
async function* blocksIn(folder: string): AsyncGenerator<common.Block> {
  for (const file of (await readdir(folder)).filter((name) => /^blockfile_\d+$/.test(name)).sort()) {
    const bytes = await readFile(join(folder, file))
    const all = reader(bytes)
    for (let length = all.number(); length !== undefined; length = all.number()) {
      const block = all.bytes(length)
      if (block === undefined) break
      yield blockOf(block)
    }
  }
}

function blockOf(bytes: Uint8Array): common.Block {
  const { number, bytes: take } = reader(bytes)
  const next = (): Uint8Array => take(number() ?? 0) ?? new Uint8Array(0)
  const list = (): Uint8Array[] => Array.from({ length: Math.min(number() ?? 0, bytes.length) }, next)
  const header = new common.BlockHeader()
  header.setNumber(number() ?? 0)
  header.setDataHash(next())
  header.setPreviousHash(next())
  const [data, metadata, block] = [new common.BlockData(), new common.BlockMetadata(), new common.Block()]
  data.setDataList(list())
  metadata.setMetadataList(list())
  block.setHeader(header)
  block.setData(data)
  block.setMetadata(metadata)
  return block
}

/** Undefined where the bytes end before. */
function reader(all: Uint8Array): { number(): number | undefined; bytes(length: number): Uint8Array | undefined } {
  let at = 0
  return {
    number: () => {
      let value = 0
      for (let factor = 1; ; factor *= 128) {
        const byte = all[at++]
        if (byte === undefined) return undefined
        value += (byte & 0x7f) * factor
        if (byte < 0x80) return value
      }
    },
    bytes: (length) => at + length > all.length ? undefined : all.subarray(at, at += length),
  }
}

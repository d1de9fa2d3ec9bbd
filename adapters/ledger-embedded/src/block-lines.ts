// Blocks of a stopped ledger in order, from its folder and as the lines of an export: each line is the block as members are given it.
import { ledgerErrors } from '@mhmd/ledger'
import { blockValue, lastHeight, openDatabase, readBlock, readBlockValue } from './folder.ts'
import type { Database, StoredBlock } from './folder.ts'

const blockLine = ({ hash, text }: Pick<StoredBlock, 'hash' | 'text'>): string => `{"hash":"${hash}",${text.slice(1)}`

/** Throws LEDGER_CORRUPT_BLOCK where it is none, or its bytes don't give its hash. `height` names it. */
function parseBlockLine(line: string, height: number): StoredBlock {
  const head = /^\{"hash":"([\w-]{43})",/.exec(line)
  if (head === null) throw ledgerErrors.CORRUPT_BLOCK({ height, why: 'its line is not of an export' })
  return readBlockValue(height, blockValue(head[1] ?? '', `{${line.slice(head[0].length)}`))
}

/** The blocks of a folder as lines, from genesis. Throws LEDGER_FOLDER_IN_USE, LEDGER_FOLDER_UNUSABLE, LEDGER_CORRUPT_BLOCK with the first that is damaged or missing. */
export async function* exportFolder(folder: string, networkId: string): AsyncGenerator<string> {
  const database = await openDatabase(folder)
  try {
    for await (const block of wholeBlocks(database, networkId)) yield blockLine(block)
  } finally {
    await database.close()
  }
}

async function* wholeBlocks(database: Database, networkId: string): AsyncGenerator<StoredBlock> {
  const last = await lastHeight(database)
  let previous = networkId
  for (let height = 0; height <= last; height++) {
    const block = await readBlock(database, height)
    if (block === undefined) throw ledgerErrors.CORRUPT_BLOCK({ height, why: 'it is missing' })
    if (block.previous !== previous) throw ledgerErrors.CORRUPT_BLOCK({ height, why: 'it does not follow the block before it' })
    previous = block.hash
    yield block
  }
}

/** Lines that are asked for by height, ever higher. */
export class BlockLines {
  readonly #lines: AsyncIterator<string>
  #at = -1
  #line: string | undefined

  /** An export begins with block 0. */
  constructor(lines: AsyncIterable<string>) {
    this.#lines = lines[Symbol.asyncIterator]()
  }

  /** Undefined beyond its end, and where its block is damaged too. */
  async block(height: number): Promise<StoredBlock | undefined> {
    for (; this.#at < height; this.#at++) {
      const next = await this.#lines.next()
      if (next.done === true) return undefined
      this.#line = next.value
    }
    try {
      return parseBlockLine(this.#line ?? '', height)
    } catch {
      return undefined
    }
  }
}

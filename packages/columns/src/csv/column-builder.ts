// Collects the codes of one column block by block, each block in the narrowest width its codes need.
import { makeCodes } from '../table.ts'
import type { Codes } from '../table.ts'
import { TextIndex } from './text-index.ts'

export class ColumnBuilder {
  readonly texts = new TextIndex()
  readonly #blocks: Codes[] = []
  #rows = 0

  /** Keeps a copy of the block's codes. */
  append(codes: Uint32Array): void {
    const block = makeCodes(this.texts.size, codes.length)
    block.set(codes)
    this.#blocks.push(block)
    this.#rows += codes.length
  }

  /** All codes in one array; blocks are let go as they are copied, so that a large table is never held twice. */
  takeCodes(): Codes {
    const codes = makeCodes(this.texts.size, this.#rows)
    let at = 0
    for (const block of this.#blocks) {
      codes.set(block, at)
      at += block.length
    }
    this.#blocks.length = 0
    return codes
  }
}

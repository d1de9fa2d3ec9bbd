// The marks of a channel's chain on disk, one line each: a client's next start reads on from the newest that its peer confirms, not from the first block.
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { canonicalText, fromHex, toHex } from '@mhmd/base'
import { digestOfText } from '@mhmd/crypto'
import type { Mark } from './chain.ts'

/** Each line is followed by a digest over it and the digest before; the first of all is over the channel's name, so that another channel's lines, a changed one and whatever follows it count as none. */
export class MarkFile {
  readonly #file: string
  readonly #name: string
  #digest: string

  constructor(file: string, { networkId, channel, chaincode }: { readonly networkId: string; readonly channel: string; readonly chaincode: string }) {
    this.#file = file
    this.#name = digestOfText('channel-marks', canonicalText({ networkId, channel, chaincode }))
    this.#digest = this.#name
  }

  /** The marks up to the first line that is not whole; nothing where there is no file. What follows them is thrown away. */
  read(): Mark[] {
    const lines = existsSync(this.#file) ? readFileSync(this.#file, 'utf8').split('\n') : []
    const marks: Mark[] = []
    this.#digest = this.#name
    for (const line of lines) {
      const [text = '', digest = ''] = line.split('\t')
      if (digest !== this.#after(text)) break
      marks.push(markOf(text))
      this.#digest = digest
    }
    // A whole file ends in a line feed, and nothing follows it.
    if (lines.length > 0 && (lines.length !== marks.length + 1 || lines.at(-1) !== '')) this.replace(marks)
    return marks
  }

  append(mark: Mark): void {
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 })
    appendFileSync(this.#file, this.#line(mark), { mode: 0o600 })
  }

  replace(marks: readonly Mark[]): void {
    this.#digest = this.#name
    writeFileSync(`${this.#file}.new`, marks.map((mark) => this.#line(mark)).join(''), { mode: 0o600 })
    renameSync(`${this.#file}.new`, this.#file)
  }

  #line({ fabricHash, ...mark }: Mark): string {
    const text = canonicalText({ ...mark, fabricHash: fabricHash === undefined ? null : toHex(fabricHash) })
    this.#digest = this.#after(text)
    return `${text}\t${this.#digest}\n`
  }

  #after(text: string): string {
    return digestOfText('channel-marks', `${this.#digest}\n${text}`)
  }
}

function markOf(text: string): Mark {
  const { fabricHash, ...mark } = JSON.parse(text) as Omit<Mark, 'fabricHash'> & { readonly fabricHash: string | null }
  return fabricHash === null ? mark : { ...mark, fabricHash: fromHex(fabricHash) }
}

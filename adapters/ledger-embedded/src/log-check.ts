// Looks through LevelDB's write-ahead log before LevelDB does, which passes over a damaged record, with all that follows in the same 32 KiB, without a word.
// Format: github.com/google/leveldb, doc/log_format.md; a record is CRC-32C (masked), length, type, bytes. What ends with the file is a torn write: nobody was told of it.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ledgerErrors } from '@mhmd/ledger'

const BLOCK = 32_768
const HEADER = 7
const MASK_DELTA = 0xa282ead8
/** Types of records that do not end what they carry. */
const FIRST = 2
const MIDDLE = 3
const BLOCK_KEY = /b(\d{16})/g

/** CRC-32C (Castagnoli), byte by byte. */
const table = Uint32Array.from({ length: 256 }, (_, start) => {
  let value = start
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

function maskedCrc(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let at = 0; at < bytes.length; at++) crc = (table[(crc ^ (bytes[at] as number)) & 0xff] as number) ^ (crc >>> 8)
  crc = ~crc >>> 0
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0
}

/** Kept in the folder: opening it, LevelDB forgets the record and its log. */
const NOTED = 'damage.json'

interface Damage {
  readonly file: string
  /** The block whose record it is, where that can be told. */
  readonly height?: number
}

/** Throws LEDGER_CORRUPT_BLOCK with the height of the block whose record is damaged, LEDGER_FOLDER_UNUSABLE where that can't be told. A folder that isn't there is fine. */
export async function checkLogs(folder: string): Promise<void> {
  const damage = await damageOf(folder)
  if (damage === undefined) return
  if (damage.height === undefined) throw ledgerErrors.FOLDER_UNUSABLE({ folder, reason: `a record of ${damage.file} is damaged` })
  throw ledgerErrors.CORRUPT_BLOCK({ height: damage.height, why: `its record in ${damage.file} is damaged` })
}

/** What is damaged in its logs, noted for whoever asks after LevelDB has opened it. */
export async function damageOf(folder: string): Promise<Damage | undefined> {
  const files = await readdir(folder).catch((): string[] => [])
  if (files.includes(NOTED)) return JSON.parse(await readFile(join(folder, NOTED), 'utf8')) as Damage
  for (const file of files.filter((name) => name.endsWith('.log')).sort()) {
    const found = firstDamage(await readFile(join(folder, file)))
    if (found === undefined) continue
    const damage = { file, ...found }
    await writeFile(join(folder, NOTED), JSON.stringify(damage), { flush: true })
    return damage
  }
  return undefined
}

/** The first record whose checksum doesn't hold and that isn't the last thing in the file. */
function firstDamage(log: Buffer): Pick<Damage, 'height'> | undefined {
  let newest: number | undefined
  let isUnfinished = false
  for (let at = 0; at + HEADER <= log.length;) {
    const left = BLOCK - at % BLOCK
    if (left < HEADER) {
      at += left
      continue
    }
    const end = at + HEADER + log.readUInt16LE(at + 4)
    const fits = end - at <= left
    if (fits && end > log.length) return undefined
    if (!fits || maskedCrc(log.subarray(at + 6, end)) !== log.readUInt32LE(at)) {
      const rest = fits ? end : at + left
      return isOver(log, at, rest) ? undefined : damageAt(log.subarray(at, rest), { newest, isUnfinished, next: heightsIn(log.subarray(rest))[0] })
    }
    isUnfinished = log[at + 6] === FIRST || log[at + 6] === MIDDLE
    newest = heightsIn(log.subarray(at, end)).at(-1) ?? newest
    at = end
  }
  return undefined
}

/** The block whose record was begun and not ended, or that lies between those named before and after: what the damaged bytes name may be what was damaged, and counts only where nothing else tells. */
function damageAt(bytes: Buffer, { newest, isUnfinished, next }: { readonly newest: number | undefined; readonly isUnfinished: boolean; readonly next: number | undefined }): Pick<Damage, 'height'> {
  if (newest !== undefined) return { height: isUnfinished || next === newest + 1 ? newest : newest + 1 }
  const height = next === undefined ? heightsIn(bytes)[0] : next - 1
  return height === undefined || height < 0 ? {} : { height }
}

/** Whether nothing comes after, or nothing was written from here on. */
const isOver = (log: Buffer, at: number, end: number): boolean => end >= log.length || log.subarray(at).every((byte) => byte === 0)

const heightsIn = (bytes: Buffer): number[] => [...bytes.toString('latin1').matchAll(BLOCK_KEY)].map(([, digits]) => Number(digits)).filter(Number.isSafeInteger)

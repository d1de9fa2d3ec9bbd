// Spoils files of a ledger's folder, from one seed: a bit turned or a file cut short, anywhere. What then opens must be what was there, or an error must say what is wrong.
import { cp, mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MhmdError } from '@mhmd/base'
import { sampleNetwork } from '@mhmd/ledger/testing'
import { Engine, exportFolder, repairFolder } from '@mhmd/ledger-embedded'
import { seeded } from './seeded.ts'

export interface Damage {
  readonly file: string
  readonly at: number
  /** The bit that was turned; none where the file was cut off at this place. */
  readonly bit?: number
}

export interface DamageReport {
  readonly seed: number
  /** How often the blocks were as before; the codes of errors otherwise, and `cut` where the newest blocks went with the log's end, as a torn write takes them. */
  readonly outcomes: Readonly<Record<string, number>>
  /** What nobody was told of, or an export did not mend. */
  readonly unseen: readonly (Damage & { readonly why: string })[]
}

const PLAIN = /^(LOCK|LOG|LOG\.old)$/

export async function damageRun({ rounds, seed, blocks = 60 }: { readonly rounds: number; readonly seed: number; readonly blocks?: number }): Promise<DamageReport> {
  const parent = await mkdtemp(join(tmpdir(), 'damage-'))
  const folder = join(parent, 'ledger')
  const random = seeded(seed)
  try {
    const network = sampleNetwork({ now: () => Date.now() })
    await fill(folder, network, blocks)
    await cp(folder, `${folder}.read`, { recursive: true })
    const lines = await exported(`${folder}.read`, network.id)
    const outcomes: Record<string, number> = {}
    const unseen: (Damage & { why: string })[] = []
    const files = (await readdir(folder)).filter((name) => !PLAIN.test(name)).sort()
    for (let round = 0; round < rounds; round++) {
      const copy = `${folder}.${round}`
      await cp(folder, copy, { recursive: true })
      const damage = await spoil(copy, files[Math.floor(random() * files.length)] as string, random)
      const { outcome, why } = await judged(copy, { networkId: network.id, lines, damage })
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
      if (why !== undefined) unseen.push({ ...damage, why })
      for (const name of await readdir(parent)) if (name.startsWith(`ledger.${round}`)) await rm(join(parent, name), { recursive: true })
    }
    return { seed, outcomes, unseen }
  } finally {
    await rm(parent, { recursive: true })
  }
}

/** Opened anew now and then, so that blocks lie in tables too; the last ones in the log. */
async function fill(folder: string, network: ReturnType<typeof sampleNetwork>, blocks: number): Promise<void> {
  for (let height = 0; height < blocks;) {
    const engine = await Engine.open({ folder, networkId: network.id, clock: { now: () => Date.now() }, workers: 0 })
    if (height === 0) await engine.submit(network.genesis())
    for (let n = 0; n < blocks / 3; n++) await engine.submit(network.enrol(height + n))
    height = engine.head.height + 1
    await engine.close()
  }
}

async function exported(folder: string, networkId: string): Promise<string[]> {
  const lines: string[] = []
  for await (const line of exportFolder(folder, networkId)) lines.push(line)
  return lines
}

async function spoil(folder: string, file: string, random: () => number): Promise<Damage> {
  const path = join(folder, file)
  const bytes = await readFile(path)
  const at = Math.floor(random() * bytes.length)
  if (random() < 0.5) {
    await truncate(path, at)
    return { file, at }
  }
  const bit = Math.floor(random() * 8)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
  await writeFile(path, bytes)
  return { file, at, bit }
}

async function judged(copy: string, { networkId, lines, damage }: { readonly networkId: string; readonly lines: readonly string[]; readonly damage: Damage }): Promise<{ outcome: string; why?: string }> {
  const found = await opened(copy, networkId)
  if (Array.isArray(found)) {
    if (found.every((line, at) => line === lines[at])) {
      if (found.length === lines.length) return { outcome: 'as before' }
      if (damage.file.endsWith('.log')) return { outcome: 'cut' }
    }
    return { outcome: 'unseen', why: `${found.length} of ${lines.length} blocks` }
  }
  const { code, remedy } = found
  if (!/^LEDGER_(CORRUPT_BLOCK|CORRUPT_STATE|FOLDER_UNUSABLE|OTHER_NETWORK)$/.test(code) || remedy === '') return { outcome: code, why: 'not a code for this' }
  if (code === 'LEDGER_OTHER_NETWORK') return { outcome: code }
  const blocks = async function* (): AsyncGenerator<string> { yield* lines }
  const repaired = await repairFolder(copy, { networkId, blocks: blocks() }).then(({ height }) => height, (error: unknown) => (MhmdError.isInstance(error) ? error.code : String(error)))
  return repaired === lines.length - 1 ? { outcome: code } : { outcome: code, why: `repaired: ${repaired}` }
}

async function opened(folder: string, networkId: string): Promise<string[] | { code: string; remedy: string }> {
  try {
    const engine = await Engine.open({ folder, networkId, clock: { now: () => Date.now() }, workers: 0 })
    await engine.close()
    return await exported(folder, networkId)
  } catch (error) {
    return MhmdError.isInstance(error) ? { code: error.code, remedy: error.remedy } : { code: String(error), remedy: '' }
  }
}

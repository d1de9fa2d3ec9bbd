// The suite as vectors: every transaction it submits with what must become of it, for implementations that cannot run the suite itself.
import { canonicalText } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import type { Transaction } from '../src/contract.ts'
import { transactionId } from '../src/transaction.ts'
import { MemoryEngine } from './engine.ts'
import type { Engine, Submitted } from './engine.ts'
import { suiteGroups } from './contract-suite.ts'
import { Play } from './play.ts'
import { genesis, network } from './world.ts'

/** One submission: what was sent, its code (`VALID` or the refusal's), and for an acceptance the state it wrote. */
export interface Step {
  readonly transaction: Canonical
  readonly id?: string
  readonly code: string
  readonly items?: readonly string[]
  readonly writes?: readonly (readonly [key: Key, value: Canonical])[]
}

/** The cases of one group: each starts from an empty state. `genesis` stands for the step of `genesis.json`, with which most begin. */
export interface VectorFile {
  readonly about: string
  readonly cases: readonly { readonly title: string; readonly steps: readonly (Step | 'genesis')[] }[]
}

class Recorder implements Engine {
  readonly steps: (Step | 'genesis')[] = []
  private readonly engine = new MemoryEngine()

  async submit(tx: Transaction): Promise<Submitted> {
    const submitted = await this.engine.submit(tx)
    const isGenesis = submitted.ok && tx.operation === 'genesis' && tx.network === network
    this.steps.push(isGenesis ? 'genesis' : stepOf(tx, submitted, this.engine))
    return submitted
  }

  get(key: Key): Promise<Canonical | undefined> {
    return this.engine.get(key)
  }
}

function stepOf(tx: Transaction, submitted: Submitted, engine: MemoryEngine): Step {
  const transaction = tx as unknown as Canonical
  if (!submitted.ok) return submitted.refusal.code === 'CONTRACT_BAD_TRANSACTION' ? { transaction, code: submitted.refusal.code } : { transaction, id: transactionId(tx), code: submitted.refusal.code }
  const items = submitted.events.filter((event) => event.name === 'item').map((event) => (event.payload as { code: string }).code)
  const writes = engine.last?.ok ? engine.last.value.writes.map(({ key, value }) => [key, value] as const) : []
  return { transaction, id: transactionId(tx), code: 'VALID', ...(items.length > 0 ? { items } : {}), writes }
}

const about = 'Synthetic. Seed of NAME: SHA-256 of the UTF-8 text "mhmd contract vectors/NAME"; see README.md. Made by vectors/contracts/produce.ts from the contract suite.'

/** All groups, by file name. The same in every process that has not used the synthetic world before. */
export async function vectorFiles(): Promise<ReadonlyMap<string, VectorFile>> {
  const files = new Map<string, VectorFile>()
  for (const [group, cases] of Object.entries(suiteGroups)) {
    const recorded = []
    for (const [title, run] of cases) {
      const recorder = new Recorder()
      await run(new Play(recorder, new Set()))
      recorded.push({ title, steps: recorder.steps })
    }
    files.set(`${group.replaceAll(' ', '-')}.json`, { about, cases: recorded })
  }
  const engine = new MemoryEngine()
  files.set('genesis.json', { about, cases: [{ title: 'genesis', steps: [stepOf(genesis(), await engine.submit(genesis()), engine)] }] })
  return files
}

/** JSON with a step a line; a number that has no canonical form stands as it was sent. */
export function vectorText({ about: origin, cases }: VectorFile): string {
  const line = (step: Step | 'genesis'): string => { try { return canonicalText(step as unknown as Canonical) } catch { return JSON.stringify(step) } }
  const text = cases.map(({ title, steps }) => `{"title":${JSON.stringify(title)},"steps":[\n${steps.map(line).join(',\n')}\n]}`)
  return `{"about":${JSON.stringify(origin)},"cases":[\n${text.join(',\n')}\n]}\n`
}

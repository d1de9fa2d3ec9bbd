// Replays a ledger from genesis: the chain, every signature, every contract, the state and the derived log. Names the block where anything differs.
import { byCodeUnits, canonicalText, decodeKey, encodeKey, isBelow, toBase64Url } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import { proofsOf, readsNextOf, readsOf, viewOf } from '@mhmd/contracts'
import type { Fetched, Reads } from '@mhmd/contracts'
import { textDigest } from '@mhmd/crypto'
import { hashOfLeaf, nodeHash, treeRoot } from '@mhmd/proof'
import type { Checkpoint, Hash } from '@mhmd/proof'
import { blockHash } from './block.ts'
import { findingOf } from './contract-check.ts'
import type { ContractFinding } from './contract-check.ts'
import { leavesOf } from './derived-log.ts'
import type { Block, Committed } from './port.ts'

export interface VerifyLedgerOptions {
  /** Block 0 must follow it. */
  readonly networkId: string
  /** The engine's own state, in any order: compared with the replay's. */
  readonly state?: AsyncIterable<{ readonly key: Key; readonly text: string }>
  /** Compared with the derived log at its size; a larger size than the log's is a finding. */
  readonly checkpoints?: readonly Checkpoint[]
  /** Called after each block. */
  readonly onProgress?: (height: number) => void
}

/** What does not hold, and where: codes VERIFY_… with their meaning in `verifyFindings`. */
export interface VerifyFinding {
  readonly code: keyof typeof verifyFindings
  /** The block, where it is about one. */
  readonly height?: number
  /** The transaction in the block. */
  readonly index?: number
  /** Size of the checkpoint. */
  readonly size?: number
}

export interface VerifyReport {
  readonly ok: boolean
  readonly height: number
  readonly transactions: number
  readonly signatures: number
  /** Digest over the replayed state. */
  readonly stateDigest: string
  readonly logSize: number
  readonly logRoot: string
  readonly findings: readonly VerifyFinding[]
}

export const verifyFindings = {
  VERIFY_UNREADABLE: 'The block cannot be read or is missing. Nothing after it was looked at.',
  VERIFY_CHAIN: 'The block does not follow the one before it.',
  VERIFY_HASH: 'The block’s bytes do not give its hash.',
  VERIFY_SIGNATURE: 'The contract does not accept the transaction’s signatures.',
  VERIFY_CONTRACT: 'The contract refuses the transaction, or gives other effects than the block holds.',
  VERIFY_STATE: 'The engine’s state is not the one that its blocks give.',
  VERIFY_CHECKPOINT: 'The checkpoint is not one of this log.',
} as const

/** Reads every block once. A ledger whose private data were purged verifies like any other: blocks hold their hashes only. */
export async function verifyLedger(blocks: AsyncIterable<Block>, options: VerifyLedgerOptions): Promise<VerifyReport> {
  const replay = new Replay(options.networkId)
  const findings: VerifyFinding[] = []
  try {
    for await (const block of blocks) {
      const found = replay.add(block)
      findings.push(...found)
      // After a break in chain or hash the rest is another ledger's, or nobody's.
      if (found.some(({ code }) => code === 'VERIFY_CHAIN' || code === 'VERIFY_HASH')) break
      options.onProgress?.(block.height)
    }
  } catch {
    findings.push({ code: 'VERIFY_UNREADABLE', height: replay.height + 1 })
  }
  if (findings.length === 0) findings.push(...await compareState(replay, options.state), ...await compareCheckpoints(replay, options.checkpoints ?? []))
  return {
    ok: findings.length === 0, height: replay.height, transactions: replay.leaves.length, signatures: replay.signatures,
    stateDigest: replay.stateDigest(), logSize: replay.leaves.length, logRoot: toBase64Url(await replay.logRoot(replay.leaves.length)), findings,
  }
}

class Replay {
  height = -1
  signatures = 0
  readonly leaves: Hash[] = []
  /** Canonical texts by encoded key. */
  readonly state = new Map<string, string>()
  readonly #networkId: string
  #hash: string

  constructor(networkId: string) {
    this.#networkId = networkId
    this.#hash = networkId
  }

  add(block: Block): VerifyFinding[] {
    const height = this.height + 1
    if (block.height !== height || block.previous !== this.#hash) return [{ code: 'VERIFY_CHAIN', height }]
    if (hashOf(block) !== block.hash) return [{ code: 'VERIFY_HASH', height }]
    const findings: VerifyFinding[] = []
    for (const [index, committed] of block.committed.entries()) {
      const code = this.#check(committed)
      if (code !== undefined) findings.push({ code, height, index })
      for (const { key, value } of committed.writes) this.#write(key, value)
    }
    this.leaves.push(...leavesOf(block).map(hashOfLeaf))
    this.height = height
    this.#hash = block.hash
    return findings
  }

  /** Runs the transaction on the state before it, as the engine did. */
  #check(committed: Committed): ContractFinding | undefined {
    const { transaction } = committed
    this.signatures += proofsOf(transaction).length
    const first = readsOf(transaction)
    const next = readsNextOf(transaction, viewOf(this.#fetch([first])))
    return findingOf(committed, this.#fetch([first, next]), this.#networkId)
  }

  #fetch(rounds: readonly Reads[]): Fetched {
    const values = new Map<string, Canonical>()
    const ranges = new Map<string, { key: Key; value: Canonical }[]>()
    for (const key of rounds.flatMap((round) => round.keys ?? [])) {
      const text = this.state.get(encodeKey(key))
      if (text !== undefined) values.set(encodeKey(key), JSON.parse(text) as Canonical)
    }
    for (const prefix of rounds.flatMap((round) => round.prefixes ?? [])) ranges.set(encodeKey(prefix), this.#below(prefix))
    return { values, ranges }
  }

  #below(prefix: Key): { key: Key; value: Canonical }[] {
    return [...this.state].map(([encoded, text]) => ({ encoded, key: decodeKey(encoded), text })).filter(({ key }) => isBelow(prefix, key))
      .sort((a, b) => Buffer.compare(Buffer.from(a.encoded), Buffer.from(b.encoded))).map(({ key, text }) => ({ key, value: JSON.parse(text) as Canonical }))
  }

  #write(key: Key, value: Canonical): void {
    if (value === null) this.state.delete(encodeKey(key))
    else this.state.set(encodeKey(key), canonicalText(value))
  }

  stateDigest(): string {
    const hash = textDigest('state')
    for (const key of [...this.state.keys()].sort(byCodeUnits)) hash.update(`${canonicalText(decodeKey(key))}${this.state.get(key)}\n`)
    return hash.digest()
  }

  logRoot(size: number): Promise<Hash> {
    // Complete subtrees are computed where they are asked for: each leaf is hashed into one path only.
    const read = async (level: number, index: number): Promise<Hash> => subtree(this.leaves, index * 2 ** level, 2 ** level)
    return treeRoot(read, size)
  }
}

function subtree(leaves: readonly Hash[], from: number, count: number): Hash {
  if (count === 1) return leaves[from] as Hash
  return nodeHash(subtree(leaves, from, count / 2), subtree(leaves, from + count / 2, count / 2))
}

/** Undefined for what has no canonical form. */
function hashOf(block: Block): string | undefined {
  try {
    return blockHash(block)
  } catch {
    return undefined
  }
}

async function compareState(replay: Replay, state: VerifyLedgerOptions['state']): Promise<VerifyFinding[]> {
  if (state === undefined) return []
  let entries = 0
  try {
    for await (const { key, text } of state) {
      entries++
      if (replay.state.get(encodeKey(key)) !== text) return [{ code: 'VERIFY_STATE' }]
    }
  } catch {
    return [{ code: 'VERIFY_STATE' }]
  }
  return entries === replay.state.size ? [] : [{ code: 'VERIFY_STATE' }]
}

async function compareCheckpoints(replay: Replay, checkpoints: readonly Checkpoint[]): Promise<VerifyFinding[]> {
  const findings: VerifyFinding[] = []
  for (const { size, root } of checkpoints) {
    const same = size <= replay.leaves.length && Buffer.compare(await replay.logRoot(size), root) === 0
    if (!same) findings.push({ code: 'VERIFY_CHECKPOINT', size })
  }
  return findings
}

// The ledger as auditors read it: blocks that this node checked when it followed them, and single transactions; all of it is ids, commitments and states.
import { documentType } from '@mhmd/schema'
import { traceOf, viewOf } from '@mhmd/contracts'
import { blockHash, fetchReads, ledgerErrors, stateBefore } from '@mhmd/ledger'
import type { Block, Committed, Follower, Ledger } from '@mhmd/ledger'
import Type from 'typebox'
import { Code, Count, Digest, Exactly, Id, MemberId, When } from './people-answers.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'

const LineShown = Exactly({ index: Count, operationId: Id, contract: Type.String(), operation: Type.String(), submitter: MemberId, time: When, code: Code, writes: Count })
const BlockShown = Exactly({ height: Count, previous: Digest, hash: Digest, time: When, transactions: Type.Array(LineShown) })
const StateKey = Type.Array(Type.String())
const Entry = Exactly({ key: StateKey, value: Type.Unknown() })
const Round = Type.Union([Type.Literal(1), Type.Literal(2)])
const TraceShown = Exactly({
  height: Count, index: Count, code: Code,
  trace: Exactly({
    reads: Type.Array(Exactly({ round: Round, key: StateKey, value: Type.Optional(Type.Unknown()) })), ranges: Type.Array(Exactly({ round: Round, prefix: StateKey, entries: Type.Array(Entry) })),
    signatures: Type.Array(Exactly({ key: Digest, holds: Type.Boolean() })), code: Code,
    changes: Type.Array(Exactly({ key: StateKey, before: Type.Unknown(), after: Type.Unknown() })), events: Type.Array(Exactly({ name: Type.String(), payload: Type.Unknown() })),
  }),
})
const blocksQuery = documentType('blocks-query', Exactly({ from: Type.Optional(Type.String({ pattern: '^[0-9]{1,12}$' })), limit: Type.Optional(Type.String({ pattern: '^([1-9]|[1-9][0-9]|100)$' })) }))
const AT_ONCE = 20

const unreachable = ['LEDGER_UNAVAILABLE', 'LEDGER_CLOSED', 'LEDGER_BUSY', 'LEDGER_CORRUPT_BLOCK', 'LEDGER_FORBIDDEN', 'LEDGER_BAD_REQUEST']

export function ledgerRoutes({ ledger, follower }: { readonly ledger: Pick<Ledger, 'blocks'>; readonly follower: Follower }): PeopleRoute[] {
  /** Whole blocks come from the ledger; each must be the one whose hash this node checked. */
  async function* blocks(from: number, limit: number): AsyncGenerator<Block> {
    const last = Math.min(follower.height(), from + limit - 1)
    if (from > last) return
    const enough = new AbortController()
    try {
      for await (const block of ledger.blocks(from, enough.signal)) {
        if (await follower.hashAt(block.height) !== block.hash || blockHash(block) !== block.hash) throw ledgerErrors.CORRUPT_BLOCK({ height: block.height, why: 'it is another one than this node checked' })
        yield block
        if (block.height >= last) return
      }
    } finally {
      enough.abort()
    }
  }

  async function transactionOf(operationId: string): Promise<{ readonly block: Block; readonly index: number; readonly found: Committed }> {
    const leaf = (await follower.log.entry(operationId))?.leaf
    for await (const block of leaf === undefined ? [] : blocks(leaf.height, 1)) {
      const found = leaf === undefined ? undefined : block.committed[leaf.index]
      if (leaf !== undefined && found !== undefined) return { block, index: leaf.index, found }
    }
    throw ledgerErrors.NOT_IN_LOG({ what: 'operation of this id' })
  }

  return [
    route({
      method: 'GET', path: '/staff/1/ledger/blocks', roles: ['staff'], query: blocksQuery, refusals: unreachable,
      summary: 'Blocks from a height on, or the newest, each with its transactions.',
      answer: Exactly({ height: Type.Integer({ minimum: -1 }), blocks: Type.Array(BlockShown) }),
      handle: async ({ query }) => {
        const limit = Number(query['limit'] ?? AT_ONCE)
        const height = follower.height()
        const shown: object[] = []
        for await (const { committed, ...block } of blocks(Number(query['from'] ?? Math.max(0, height + 1 - limit)), limit)) shown.push({ ...block, transactions: committed.map(lineOf) })
        return { height, blocks: shown }
      },
    }),
    route({
      method: 'GET', path: '/staff/1/ledger/transactions/:operationId', roles: ['staff'], refusals: [...unreachable, 'LEDGER_NOT_IN_LOG'],
      summary: 'One transaction with its signature, writes and events, and the block it stands in; its proof is at `/staff/1/proofs/{operationId}`.',
      answer: Exactly({ block: Exactly({ height: Count, hash: Digest, time: When }), index: Count, code: Code, transaction: Type.Record(Type.String(), Type.Unknown()), writes: Type.Array(Type.Unknown()), events: Type.Array(Type.Unknown()) }),
      handle: async ({ params: { operationId = '' } }) => {
        const { block: { height, hash, time }, index, found } = await transactionOf(operationId)
        return { block: { height, hash, time }, index, ...found }
      },
    }),
    route({
      method: 'GET', path: '/staff/1/ledger/transactions/:operationId/trace', roles: ['staff'], refusals: [...unreachable, 'LEDGER_NOT_IN_LOG'],
      summary: 'One transaction run again, step by step, on the state before it: what it reads, whose signatures hold, what each value was and became. `code` is what stands in the block.',
      answer: TraceShown,
      handle: async ({ params: { operationId = '' } }) => {
        const { block, index, found: { transaction, code } } = await transactionOf(operationId)
        return { height: block.height, index, code, trace: traceOf(transaction, viewOf(await fetchReads(transaction, stateBefore(block, index, follower)))) }
      },
    }),
  ]
}

const lineOf = ({ transaction: { operationId, contract, operation, submitter, time }, code, writes }: Block['committed'][number], index: number): object => ({ index, operationId, contract, operation, submitter, time, code, writes: writes.length })

// The ledger as auditors read it: blocks that this node checked when it followed them, and single transactions; all of it is ids, commitments and states.
import { documentType } from '@mhmd/schema'
import { blockHash, ledgerErrors } from '@mhmd/ledger'
import type { Block, Follower, Ledger } from '@mhmd/ledger'
import Type from 'typebox'
import { Code, Count, Digest, Exactly, Id, MemberId, When } from './people-answers.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'

const LineShown = Exactly({ index: Count, operationId: Id, contract: Type.String(), operation: Type.String(), submitter: MemberId, time: When, code: Code, writes: Count })
const BlockShown = Exactly({ height: Count, previous: Digest, hash: Digest, time: When, transactions: Type.Array(LineShown) })
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
        const entry = await follower.log.entry(operationId)
        for await (const { height, hash, time, committed } of entry === undefined ? [] : blocks(entry.leaf.height, 1)) {
          const found = entry === undefined ? undefined : committed[entry.leaf.index]
          if (entry !== undefined && found !== undefined) return { block: { height, hash, time }, index: entry.leaf.index, ...found }
        }
        throw ledgerErrors.NOT_IN_LOG({ what: 'operation of this id' })
      },
    }),
  ]
}

const lineOf = ({ transaction: { operationId, contract, operation, submitter, time }, code, writes }: Block['committed'][number], index: number): object => ({ index, operationId, contract, operation, submitter, time, code, writes: writes.length })

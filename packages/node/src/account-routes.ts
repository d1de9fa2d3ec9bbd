// The account provider's people interface: it keeps her account and her sealed seed, co-signs her enrolments and carries her decisions to the ledger in mixed batches.
import type { Clock, Log } from '@mhmd/base'
import { newId } from '@mhmd/base'
import type { Randomness } from '@mhmd/base'
import { keyedSignature, statementKinds } from '@mhmd/contracts'
import { statementBytes, verifySignature } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { type EnrolPayload, KeyEnrolment, KeyedSignature, ReplacePayload, SignatureText, SignedConsentDecision, SignedOptOut, documentType } from '@mhmd/schema'
import type { ReadTransaction, Store } from '@mhmd/store'
import Type from 'typebox'
import { outcomeOf, runBatches, takeDecision } from './decision-batches.ts'
import { nodeErrors } from './errors.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { accepted } from './ledger-outbox.ts'
import { AtHeight, Code, Count, Digest, Exactly, Id, MemberId, When } from './people-answers.ts'
import { citizenRefusals, ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { sealedTable } from './sealed-table.ts'
import { jsonTable } from './table.ts'

interface Account {
  readonly opened: number
  /** Her seed, sealed by her recovery code or passkey; the provider can't open it. */
  readonly wrappedSeed?: string
}

const accounts = jsonTable<Account>('accounts')

const closed = { additionalProperties: false } as const
const WrappedSeed = Type.Optional(Type.String({ pattern: '^[\\x20-\\x7e]{1,4096}$' }))
const openAccount = documentType('account', Type.Object({ wrappedSeed: WrappedSeed }, closed))
const enrolment = documentType('account-enrolment', Type.Object({ statement: KeyEnrolment, signatures: Type.Object({ holder: KeyedSignature, subject: SignatureText }, closed) }, closed))
const replacement = documentType('account-key-replacement', ReplacePayload)
const decision = documentType('account-decision', Type.Object({ kind: Type.Union([Type.Literal('consent'), Type.Literal('opt-out')]), item: Type.Union([SignedConsentDecision, SignedOptOut]) }, closed))

/** What the ledger gave back. */
const Receipt = Exactly({
  status: Type.Literal('committed'), operationId: Id, transactionId: Digest, height: AtHeight, index: Count, code: Code,
  events: Type.Array(Exactly({ name: Type.String(), payload: Type.Unknown() })),
})

export interface AccountService {
  readonly routes: readonly PeopleRoute[]
  /** Sends what waits as batches, every interval, until aborted. */
  run(signal: AbortSignal): Promise<void>
}

export interface AccountParts {
  readonly store: Store
  readonly outbox: LedgerOutbox
  readonly member: string
  readonly network: string
  readonly signing: SigningKey
  readonly nodeKey: Uint8Array
  readonly clock: Clock
  readonly randomness: Randomness
  readonly log: Log
  /** How long decisions wait for company before they are sent; what timing still tells is in docs/limits.md. */
  readonly batchMilliseconds: number
  /** So many people's decisions leave without waiting longer. */
  readonly batchPeople: number
}

export function createAccountService(parts: AccountParts): AccountService {
  const { store } = parts
  /** Where each account has keys: what this provider saw when it co-signed, sealed. */
  const links = sealedTable<{ readonly holders: readonly string[] }>('account-links', parts.nodeKey)

  const holdersOf = async (tx: ReadTransaction, key: string): Promise<readonly string[]> => (await links.get(tx, key))?.holders ?? []

  /** Before the ledger is asked: what a kill cuts short is listed rather than forgotten. */
  const linked = (key: string, holder: string): Promise<void> => store.write(async (tx) => links.put(tx, [key], { holders: [...new Set([...await holdersOf(tx, key), holder])] }))

  async function requireAccount(key: string): Promise<Account> {
    const account = await store.read((tx) => accounts.get(tx, key))
    if (account === undefined) throw nodeErrors.KEY_UNKNOWN()
    return account
  }

  return {
    routes: [
      route({
        method: 'POST', path: '/people/1/accounts', body: openAccount, roles: ['anyone'], refusals: [],
        summary: 'Opens an account for the key that signs, or puts another wrapped seed in the place of hers.',
        answer: Exactly({ provider: MemberId, network: Digest }),
        handle: async ({ key, body }) => {
          await store.write(async (tx) => accounts.put(tx, [key], { opened: (await accounts.get(tx, key))?.opened ?? parts.clock.now(), ...body }))
          return { provider: parts.member, network: parts.network }
        },
      }),
      route({
        method: 'GET', path: '/people/1/account', roles: ['citizen'], refusals: citizenRefusals,
        summary: 'Her account: when it was opened, her seed as she wrapped it, and the holders where keys of hers were enrolled by it.',
        answer: Exactly({ opened: When, wrappedSeed: WrappedSeed, holders: Type.Array(MemberId) }),
        handle: async ({ key }) => ({ ...await requireAccount(key), holders: await store.read((tx) => holdersOf(tx, key)) }),
      }),
      route({
        method: 'POST', path: '/people/1/account/enrolments', body: enrolment, roles: ['citizen'], refusals: [...citizenRefusals, ...ledgerRefusals, 'NODE_RECORD_MISMATCH'],
        summary: 'Co-signs an enrolment that a holder and she have signed, and puts it on the ledger.',
        answer: Receipt,
        handle: async ({ key, body }) => {
          await requireAccount(key)
          const { statement, signatures } = body
          const isHers = statement.provider === parts.member && statement.network === parts.network
            && verifySignature(statement.key, statementBytes(statementKinds.keyEnrolment, statement), signatures.subject)
          if (!isHers) throw nodeErrors.RECORD_MISMATCH({ why: 'it is not signed by the key it enrols, or names another provider or network' })
          await linked(key, statement.holder)
          const payload: Type.Static<typeof EnrolPayload> = { statement, signatures: { ...signatures, provider: keyedSignature(statementKinds.keyEnrolment, statement, parts.signing) } }
          return accepted(await parts.outbox.submit({ contract: 'keys@1', operation: 'enrol', operationId: newId(parts.randomness), payload }))
        },
      }),
      route({
        // Signed by the old key or the recovery key: the provider only carries it.
        method: 'POST', path: '/people/1/account/key-replacements', body: replacement, roles: ['citizen'], refusals: [...citizenRefusals, ...ledgerRefusals],
        summary: 'Puts the replacement of one of her keys on the ledger.',
        answer: Receipt,
        handle: async ({ key, body }) => {
          await requireAccount(key)
          return accepted(await parts.outbox.submit({ contract: 'keys@1', operation: 'replace', operationId: newId(parts.randomness), payload: body }))
        },
      }),
      route({
        method: 'POST', path: '/people/1/account/decisions', body: decision, roles: ['citizen'], refusals: citizenRefusals,
        summary: 'Takes a signed decision for the next mixed batch to the ledger.',
        answer: Exactly({ operationId: Id, sentWithinMilliseconds: When }),
        handle: async ({ key, body }) => {
          await requireAccount(key)
          const { operationId } = body.item.statement
          await takeDecision(parts, body)
          return { operationId, sentWithinMilliseconds: parts.batchMilliseconds }
        },
      }),
      route({
        method: 'GET', path: '/people/1/account/decisions/:operationId', roles: ['citizen'], refusals: citizenRefusals,
        summary: 'What became of a decision on the ledger: waiting, sent, valid at a height, or the contracts\' refusal.',
        answer: Exactly({ code: Code, height: Type.Optional(AtHeight) }),
        handle: async ({ key, params }) => {
          await requireAccount(key)
          return outcomeOf(parts, params['operationId'] ?? '')
        },
      }),
    ],
    run: (signal) => runBatches(parts, { people: parts.batchPeople, milliseconds: parts.batchMilliseconds }, signal),
  }
}

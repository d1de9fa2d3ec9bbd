// Declarations taken at the desk: drafted here, signed by two members of staff, recorded as what they are; an opt-out needs no account and no passkey.
import { newId } from '@mhmd/base'
import type { Canonical, Clock, Randomness } from '@mhmd/base'
import { DECISION_CONTENT, NO_END } from '@mhmd/accounts'
import type { DecisionContent } from '@mhmd/accounts'
import { deskDeclarationStatement, stateKeys, statementKinds } from '@mhmd/contracts'
import { commit, newSalt, statementBytes, verifySignature } from '@mhmd/crypto'
import type { Salt } from '@mhmd/crypto'
import type { Follower } from '@mhmd/ledger'
import { DeskDeclaration, consentTermsDocument, documentType } from '@mhmd/schema'
import type { ConsentTerms, DecisionState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { HolderVault } from './holder-vault.ts'
import { accepted } from './ledger-outbox.ts'
import type { LedgerOutbox } from './ledger-outbox.ts'
import { notices } from './notices.ts'
import { AtHeight, Exactly, Id, StateVersion } from './people-answers.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { sealedTable } from './sealed-table.ts'
import type { SignedRecords } from './signed-records.ts'
import type { Staff } from './staff.ts'
import type { Standing } from './standing.ts'

interface Draft {
  readonly statement: DeskDeclaration
  readonly opening: { readonly content: DecisionContent; readonly salt: Salt }
  readonly evidence: { readonly sha256: string; readonly salt: Salt }
}

const closed = { additionalProperties: false } as const
const KeyText = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const draftDocument = documentType('desk-draft', Type.Object({
  system: Type.String({ minLength: 1, maxLength: 500 }),
  value: Type.String({ minLength: 1, maxLength: 200 }),
  kind: Type.Enum(['consent', 'opt-out']),
  operation: Type.Enum(['set', 'withdraw']),
  terms: Type.Optional(consentTermsDocument.schema),
  evidence: KeyText,
  staff: Type.Array(KeyText, { minItems: 2, maxItems: 2, uniqueItems: true }),
}, closed))
const signedDocument = documentType('desk-declaration-signed', Type.Object({ draft: Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' }), signatures: Type.Array(Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }), { minItems: 2, maxItems: 2 }) }, closed))

const words = {
  'opt-out': { set: 'You asked that your health records kept here are not used for research or other secondary purposes. This is recorded since today.', withdraw: 'You took your objection to the use of your health records back. This is recorded since today.' },
  consent: { set: 'At the desk you agreed to a use of your health records. This is recorded as a declaration taken at the desk.', withdraw: 'You ended the agreement you gave at the desk. This is recorded since today.' },
} as const
const always = ' Two members of staff signed that you said so. You can change it at any time at the desk, or yourself with an account.'

function checkTerms({ kind, operation, terms }: { kind: string; operation: string; terms: ConsentTerms | undefined }): void {
  const needsTerms = kind === 'consent' && operation === 'set'
  if (needsTerms !== (terms !== undefined)) throw nodeErrors.BAD_INPUT({ at: '/terms', why: needsTerms ? 'a consent needs terms' : 'only a consent has terms' })
}

export function deskRoutes(parts: {
  store: Store
  staff: Staff
  ledger: LedgerOutbox
  follower: Follower
  vault: HolderVault
  records: SignedRecords
  standing: Standing
  nodeKey: Uint8Array
  member: string
  network: string
  clock: Clock
  randomness: Randomness
}): PeopleRoute[] {
  const { store, follower, member, randomness } = parts
  const drafts = sealedTable<Draft>('desk-drafts', parts.nodeKey)
  return [
    route({
      method: 'POST', path: '/staff/1/desk-declarations/drafts', body: draftDocument, roles: ['desk'], refusals: ['NODE_SUBJECT_UNKNOWN', 'NODE_BAD_INPUT', 'NODE_STAFF_UNKNOWN', 'NODE_STAFF_ROLE'],
      summary: 'Drafts a declaration that a patient makes at the desk, for two members of staff to sign.',
      answer: Exactly({ draft: Id, statement: DeskDeclaration, notice: Type.String() }),
      handle: async ({ body }) => {
        for (const colleague of body.staff) await parts.staff.require(colleague, 'desk')
        const { kind, operation } = body
        const terms = body.terms as ConsentTerms | undefined
        checkTerms({ kind, operation, terms })
        const subject = await parts.vault.find(body.system, body.value)
        const present = await follower.latest(kind === 'consent' ? stateKeys.consent(member, subject) : stateKeys.optOut(member, subject)) as DecisionState | undefined
        const salts = { content: newSalt(randomness), evidence: newSalt(randomness) }
        const content: DecisionContent = { terms: terms ?? null, notice: notices[0]?.hash ?? '' }
        const statement = deskDeclarationStatement({
          network: parts.network, holder: member, subject, kind, operation, version: (present?.version ?? 0) + 1,
          content: commit(DECISION_CONTENT, content as unknown as Canonical, salts.content), evidence: commit('desk-evidence', body.evidence, salts.evidence),
          staff: body.staff, expires: terms?.until ?? NO_END, operationId: newId(randomness),
        })
        const draft = newId(randomness)
        await store.write((tx) => drafts.put(tx, [draft], { statement, opening: { content, salt: salts.content }, evidence: { sha256: body.evidence, salt: salts.evidence } }))
        return { draft, statement, notice: words[kind][operation] + always }
      },
    }),
    route({
      method: 'POST', path: '/staff/1/desk-declarations', body: signedDocument, roles: ['desk'], needsSignature: true, refusals: [...ledgerRefusals, 'NODE_NOT_FOUND', 'NODE_RECORD_MISMATCH'],
      summary: 'Records a declaration that two members of staff have signed.',
      answer: Exactly({ height: AtHeight, version: StateVersion }),
      handle: async ({ body }) => {
        const draft = await store.read((tx) => drafts.get(tx, body.draft))
        if (draft === undefined) throw nodeErrors.NOT_FOUND({ what: 'draft' })
        const { statement, opening } = draft
        const bytes = statementBytes(statementKinds.deskDeclaration, statement)
        if (!body.signatures.every((signature, at) => verifySignature(statement.staff[at] ?? '', bytes, signature))) throw nodeErrors.RECORD_MISMATCH({ why: 'a signature does not hold' })
        // The ledger first: it refuses what would override her own decision. A record that a crash keeps from following leaves her undetermined, so closed, until this call is made again.
        const receipt = accepted(await parts.ledger.submit({ contract: 'consents@1', operation: 'desk', operationId: statement.operationId, payload: { statement, signatures: body.signatures } }))
        await store.write(async (tx) => {
          await parts.records.put(tx, { kind: statement.kind, statement, by: 'desk', opening, received: parts.clock.now() })
          await drafts.delete(tx, body.draft)
        })
        parts.standing.close(statement.subject)
        await follower.waitFor(receipt.height, 10_000)
        return { height: receipt.height, version: statement.version }
      },
    }),
  ]
}

// Statements a holder and its recipients gave her after a withdrawal or erasure: fetched, and each checked before she keeps it.
import { checkStatement, decisionKey, linkWith, recallStatementDocument, withdrawalStatementDocument } from '@mhmd/accounts'
import type { SignedRecallStatement, SignedWithdrawalStatement } from '@mhmd/accounts'
import type { PublicKey } from '@mhmd/crypto'
import { documentType } from '@mhmd/schema'
import Type from 'typebox'
import { clientFor } from './citizen.ts'
import type { Device } from './citizen.ts'
import { clientErrors } from './errors.ts'

const member = Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' })
const answer = documentType('statements', Type.Object({
  holder: member,
  pending: Type.Integer({ minimum: 0 }),
  statements: Type.Array(Type.Object({
    document: withdrawalStatementDocument.schema,
    recipients: Type.Array(Type.Object({ recipient: member, release: Type.String(), sent: Type.Integer(), answered: Type.Union([Type.Integer(), Type.Null()]), late: Type.Boolean(), document: Type.Union([recallStatementDocument.schema, Type.Null()]) })),
  })),
}))

/** What became of one release at its recipient: its own statement, that none has come yet, or that it is late. */
export interface RecipientAnswer {
  readonly recipient: string
  readonly release: string
  readonly sent: number
  readonly answered: number | null
  readonly late: boolean
  readonly document: SignedRecallStatement | null
}

export interface StatementsView {
  readonly holder: string
  /** Acts whose statement is still to come. */
  readonly pending: number
  readonly statements: readonly { readonly document: SignedWithdrawalStatement; readonly recipients: readonly RecipientAnswer[] }[]
}

/** `signingKeyOf` gives members' signing keys as the network's directory lists them. Throws ACCOUNTS_BAD_STATEMENT, CLIENT_OTHER_NODE. */
export async function statements(device: Device, { holder, signingKeyOf }: { readonly holder: string; readonly signingKeyOf: (member: string) => PublicKey }): Promise<StatementsView> {
  const { state, seed } = device
  const link = linkWith(state, holder)
  const client = clientFor(device, holder, decisionKey(seed, holder, link.generation))
  const view = answer.parse(await client.get('/people/1/statements')) as StatementsView
  const check = (document: SignedWithdrawalStatement | SignedRecallStatement, by: string): void => checkStatement(document, { network: state.network, member: by, signingKey: signingKeyOf(by) })
  for (const { document, recipients } of view.statements) {
    if (document.statement.subject !== link.subject) throw clientErrors.OTHER_NODE({ expected: holder })
    check(document, holder)
    for (const { recipient, release, document: theirs } of recipients) {
      if (theirs === null) continue
      if (theirs.statement.release !== release || theirs.statement.holder !== holder) throw clientErrors.OTHER_NODE({ expected: recipient })
      check(theirs, recipient)
    }
  }
  return view
}

/** Asks a holder to erase everything it keeps about her here. It can't be taken back. */
export async function erase(device: Device, { holder }: { readonly holder: string }): Promise<{ readonly erasure: string }> {
  const { state, seed } = device
  return clientFor(device, holder, decisionKey(seed, holder, linkWith(state, holder).generation)).post('/people/1/erasure', { confirm: 'erase my records kept here' })
}

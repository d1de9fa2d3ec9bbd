// A decision for somebody else by other ways than the ledger: at the doors that only her own key opens, sealed as a relay brings it, in another member's name.
import { DECISION_CONTENT, sealForHolder } from '@mhmd/accounts'
import { canonicalText, newId } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { readProfile } from '@mhmd/cli'
import { consentDecisionStatement, signTransaction, signed, statementKinds } from '@mhmd/contracts'
import { commit, newSalt, newSigningKey } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import type { DevNetwork } from '@mhmd/devnet'
import { sealEnvelope } from '@mhmd/messages'
import { randomBytes } from 'node:crypto'
import { memberPortOf, messagePath } from './bad-members.ts'
import type { Forgery, Victim } from './forgeries.ts'
import { callMember, certificateOf } from './member-door.ts'
import { send } from './outside.ts'
import { until } from './on-network.ts'
import type { Spoils } from './spoils.ts'

const randomness = { bytes: (length: number): Uint8Array => randomBytes(length) }

/** A whole decision with its opening, as a device would send it, signed by whoever made it up. */
function madeUp(network: string, { holder, subject, versions }: Victim, key: SigningKey): object {
  const now = Date.now()
  const content = { terms: { format: 'mhmd-consent-terms/1', from: now, until: now + 1e9, permissions: [], prohibitions: [], despiteOptOut: false, returnsWanted: [] }, notice: 'A'.repeat(43) }
  const salt = newSalt(randomness)
  const statement = consentDecisionStatement({ network, holder, subject, operation: 'set', version: versions.consent + 1, content: commit(DECISION_CONTENT, content, salt), expires: now + 1e9, operationId: newId(randomness) })
  return { kind: 'consent', ...signed(statementKinds.consentDecision, statement, key), opening: { content, salt } }
}

/** At berlin, which is none of theirs: what the keys of the hospital rome, of the provider and of the operator get there. */
export function atHerDoors(network: DevNetwork, spoils: Spoils, her: Victim): Forgery[] {
  const url = network.url(her.holder)
  const keys = { 'the hospital rome': spoils.key('rome'), 'the provider': spoils.key('accounts'), 'the operator': spoils.key('ledger'), 'an administrator of rome': spoils.staff('rome')[0] }
  return Object.entries(keys).flatMap(([who, key]): Forgery[] => [
    ...['/people/1/me', '/people/1/uses'].map((path) => ({ what: `${who} at her door ${path}`, expected: 'NODE_KEY_UNKNOWN', attempt: async () => (await send({ url: `${url}${path}`, key })).code })),
    { what: `${who} with a decision for her`, expected: 'NODE_KEY_UNKNOWN', attempt: async () => (await send({ url: `${url}/people/1/decisions`, body: madeUp(spoils.network, her, key), key })).code },
  ])
}

/** Sealed to the hospital, as a relay would bring what her device gave it; the hospital's own list of jobs tells what came of it. */
export function byMessage(network: DevNetwork, spoils: Spoils, her: Victim): Forgery[] {
  const thief = newSigningKey().key
  const { holder } = her
  const jobs = async (): Promise<readonly { id: string; kind: string; state: string; code?: string }[]> =>
    (JSON.parse((await send({ url: `${network.url(holder)}/staff/1/jobs`, key: readProfile(network.profile(holder)).key })).text) as { jobs: { id: string; kind: string; state: string; code?: string }[] }).jobs
  const relayed = async (decision: object): Promise<string> => {
    const known = new Set((await jobs()).map(({ id }) => id))
    const { members } = JSON.parse((await send({ url: `${network.url(holder)}/people/1/directory`, key: thief })).text) as { members: { id: string; messageKey: string }[] }
    const sealed = await sealForHolder(decision, { network: spoils.network, holder, messageKey: members.find(({ id }) => id === holder)?.messageKey ?? '' })
    const bytes = sealEnvelope({ id: newId(randomness), network: spoils.network, from: 'accounts', to: holder, kind: 'relayed-decision/1', created: Date.now(), expires: Date.now() + 60_000, body: { sealed } }, null, spoils.key('accounts'))
    const taken = await callMember({ ...certificateOf(network.home('accounts')), port: memberPortOf(network.home(holder)), method: 'POST', path: messagePath, body: bytes })
    if (taken.status !== 200) return taken.code
    const fresh = async (): Promise<{ state: string; code?: string } | undefined> => (await jobs()).find(({ id, kind, state, code }) => kind === 'relayed' && !known.has(id) && (state === 'failed' || state === 'done' || code !== undefined))
    await until('the hospital has opened it', async () => await fresh() !== undefined)
    const { state, code } = await fresh() as { state: string; code?: string }
    return `${state}: ${code ?? 'no code'}`
  }
  return [
    { what: 'a sealed decision under a fresh key, which waits an hour for an enrolment', expected: 'waiting: NODE_KEY_UNKNOWN', attempt: () => relayed(madeUp(spoils.network, her, thief)) },
    { what: 'a sealed decision that names her key', expected: 'failed: NODE_RECORD_MISMATCH', attempt: () => relayed({ ...madeUp(spoils.network, her, thief), key: her.key }) },
  ]
}

/** By the provider's connection, in the name of a member whose keys nobody has. */
export function inAnothersName(network: DevNetwork, spoils: Spoils, her: Victim): Forgery[] {
  const { opening: _, kind: __, ...item } = madeUp(spoils.network, her, newSigningKey().key) as { opening: unknown; kind: string; statement: { operationId: string } }
  const transaction = signTransaction({ network: spoils.network, contract: 'consents@1', operation: 'decide', operationId: item.statement.operationId, submitter: 'institute', time: Date.now(), payload: item }, spoils.key('accounts'))
  const attempt = async (): Promise<string> => {
    const { text } = await callMember({ ...certificateOf(network.home('accounts')), port: memberPortOf(network.home('ledger')), method: 'POST', path: '/ledger/1/submit', body: Buffer.from(`${canonicalText({ transaction } as unknown as Canonical)}\n`) })
    return (JSON.parse(text) as { results: [{ error?: { code: string } }] }).results[0].error?.code ?? 'NO CODE'
  }
  return [{ what: 'in the name of the institute', expected: 'LEDGER_FORBIDDEN', attempt }]
}

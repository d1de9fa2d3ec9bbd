// The relay: any member's node carries her sealed decision to a holder, so that her provider can't gag her; it learns where it goes and when, and nothing else.
import { RELAYED_CHARACTERS, openRelayed } from '@mhmd/accounts'
import type { Clock } from '@mhmd/base'
import { newId } from '@mhmd/base'
import type { Randomness } from '@mhmd/base'
import type { Outbox } from '@mhmd/messages'
import { documentType } from '@mhmd/schema'
import type { MemberRecord } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import type { JobRunner, Jobs } from './jobs.ts'
import type { NodePart } from './node-part.ts'
import { Exactly, MemberId } from './people-answers.ts'
import { route } from './people.ts'
import { decisionAtHolder } from './signed-records.ts'
import type { DecisionAtHolder } from './signed-records.ts'
import { jsonTable } from './table.ts'
import type { Trust } from './trust.ts'
import type { Intake } from './withdrawal-intake.ts'

const closed = { additionalProperties: false } as const
const Sealed = Type.String({ pattern: `^[A-Za-z0-9_-]{${RELAYED_CHARACTERS}}$` })
const relayDocument = documentType('relay', Type.Object({ to: Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' }), sealed: Sealed }, closed))
const relayedMessage = documentType('relayed-decision-message', Type.Object({ sealed: Sealed }, closed))

/** Anybody may hand in a sealed decision, so there is a limit to how many are carried. */
const PER_MINUTE = 60

/** Every node: takes what is sealed and carries it on. */
export function relayRoutes(parts: { store: Store; outbox: Outbox; trust: Trust; self: string; clock: Clock }): NodePart {
  let taken: number[] = []
  return {
    routes: [
      route({
        // Signed by a key that is used once: the relay can't tell two of her acts from two people's.
        method: 'POST', path: '/people/1/relays', body: relayDocument, roles: ['anyone'], refusals: ['NODE_NOT_FOUND', 'NODE_BUSY'],
        summary: 'Carries a sealed decision to a holder, whoever sends it and whatever is in it.',
        answer: Exactly({ carriedTo: MemberId }),
        handle: async ({ body: { to, sealed } }) => {
          const now = parts.clock.now()
          const isHolder = parts.trust.member(to)?.roles.includes('data-holder') === true
          if (!isHolder || to === parts.self) throw nodeErrors.NOT_FOUND({ what: 'holder to carry this to' })
          taken = taken.filter((time) => now - time < 60_000)
          if (taken.length >= PER_MINUTE) throw nodeErrors.BUSY()
          taken.push(now)
          await parts.store.write((tx) => parts.outbox.post(tx, { to, kind: 'relayed-decision/1', body: { sealed } }))
          return { carriedTo: to }
        },
      }),
    ],
  }
}

const relayedIn = jsonTable<{ readonly sealed: string }>('relayed-in')

/** A holder: opens what was relayed and takes it as if she had sent it herself. The relay gets the same answer whatever is in it. */
export function receiveRelayed(parts: { store: Store; jobs: Jobs; intake: Intake; network: string; self: () => MemberRecord; messageKey: Uint8Array; randomness: Randomness }): Required<Pick<NodePart, 'handlers' | 'runners'>> {
  const runRelayed: JobRunner = async (job, step) => {
    const id = String(job.input['relayed'])
    const row = await parts.store.read((tx) => relayedIn.get(tx, id))
    const { id: holder, messageKey } = parts.self()
    if (row !== undefined) {
      const sent = decisionAtHolder.parse(await openRelayed(row.sealed, { network: parts.network, holder, publicKey: messageKey, privateKey: parts.messageKey })) as DecisionAtHolder
      await parts.intake.take(sent.key, sent)
    }
    await step.finish((tx) => relayedIn.delete(tx, id))
  }
  return {
    runners: { relayed: runRelayed },
    handlers: {
      'relayed-decision/1': async (envelope, tx) => {
        const { sealed } = relayedMessage.parse(envelope.body)
        const id = newId(parts.randomness)
        await relayedIn.put(tx, [id], { sealed })
        await parts.jobs.add(tx, 'relayed', { relayed: id })
        return {}
      },
    },
  }
}

// A Fabric channel as an administrator sees it, and as a node's page is told: rules over organisations, votes on the contracts, processes, certificates, alarms.
import Type from 'typebox'
import { Exactly, MemberId } from '../transactions/fields.ts'

const Words = Type.String({ maxLength: 400 })
const Count = Type.Integer({ minimum: 0 })
const CountOrNone = Type.Union([Count, Type.Null()])

/** A rule over organisations: its kind (MAJORITY, ANY, ALL, or another), how many there are, and how many it asks for; null where that can't be said. */
const OrganisationRule = Exactly({ rule: Words, of: Count, asks: CountOrNone })
export type OrganisationRule = Type.Static<typeof OrganisationRule>

/** The channel's configuration, as far as it decides what stands. `organisations` and `orderers`: who adds and removes them; `ordering`: organisations that order. */
const FabricChannelSettings = Exactly({
  endorsement: OrganisationRule, contracts: OrganisationRule, organisations: OrganisationRule, orderers: OrganisationRule, whole: Words,
  consenters: Count, ordering: Count, quorum: Count, mayFail: Count, cutAfter: Words, cutAtTransactions: CountOrNone, cutAtBytes: CountOrNone,
})
export type FabricChannelSettings = Type.Static<typeof FabricChannelSettings>

/** Without height and lag where a process doesn't answer. */
export const FabricChannelShown = Exactly({
  channel: Words, version: Count, votes: Type.Array(Exactly({ organisation: Words, approves: Type.Boolean() })), settings: FabricChannelSettings,
  processes: Type.Array(Exactly({ kind: Type.Enum(['orderer', 'peer']), member: MemberId, address: Words, height: CountOrNone, lag: CountOrNone, healthy: Type.Boolean() })),
  certificates: Type.Array(Exactly({ organisation: Words, what: Words, until: Count })),
  alarms: Type.Array(Words),
})
export type FabricChannelShown = Type.Static<typeof FabricChannelShown>

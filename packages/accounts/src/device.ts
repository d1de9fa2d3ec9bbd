// What a citizen's device remembers beside her seed: her links with holders, and her own copy of all she signed.
import { ConsentDecision, OptOutDecision, consentTermsDocument, documentType } from '@mhmd/schema'
import Type from 'typebox'
import type { DecisionKind, SignedDecision } from './decisions.ts'
import { accountsErrors } from './errors.ts'
import { wrappedSeedDocument } from './wrapped-seed.ts'

const closed = { additionalProperties: false } as const
const member = Type.String({ pattern: '^[a-z][a-z0-9-]{1,30}$' })
const digest = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const count = Type.Integer({ minimum: 0, maximum: 1_000_000_000 })
const kind = Type.Union([Type.Literal('consent'), Type.Literal('opt-out')])

const Link = Type.Object({
  holder: member,
  subject: Type.String({ pattern: '^[0-9a-hjkmnp-tv-z]{26}$' }),
  /** Generation of the decision key in use. */
  generation: Type.Integer({ minimum: 1, maximum: 1000 }),
  /** The digest of the holder's notice she saw last. */
  notice: digest,
  /** The last version of each kind that she made or was told of. */
  versions: Type.Object({ consent: count, 'opt-out': count }, closed),
}, closed)
export type DeviceLink = Type.Static<typeof Link>

const Decision = Type.Object({
  kind,
  statement: Type.Union([ConsentDecision, OptOutDecision]),
  key: digest,
  signature: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }),
  opening: Type.Object({ content: Type.Object({ terms: Type.Union([Type.Null(), consentTermsDocument.schema]), notice: digest }, closed), salt: digest }, closed),
  /** Who has it: until both do, it is sent again. */
  sent: Type.Object({ holder: Type.Boolean(), provider: Type.Boolean() }, closed),
  /** It was never recorded and can't be any more: kept as what she signed, and sent to nobody. */
  over: Type.Optional(Type.Literal(true)),
}, closed)

const State = Type.Object({
  format: Type.Literal('mhmd-device/1'),
  network: digest,
  provider: member,
  wrappedSeeds: Type.Array(wrappedSeedDocument.schema, { maxItems: 20 }),
  links: Type.Array(Link, { maxItems: 1000 }),
  decisions: Type.Array(Decision, { maxItems: 100_000 }),
}, closed)

export interface KeptDecision extends SignedDecision {
  readonly sent: { readonly holder: boolean; readonly provider: boolean }
  readonly over?: true
}

export interface DeviceState extends Omit<Type.Static<typeof State>, 'links' | 'decisions'> {
  readonly links: readonly DeviceLink[]
  readonly decisions: readonly KeptDecision[]
}

export const deviceStateDocument = documentType('device-state', State)

export const newDeviceState = (at: { readonly network: string; readonly provider: string }): DeviceState => ({ format: 'mhmd-device/1', ...at, wrappedSeeds: [], links: [], decisions: [] })

/** The link with a holder. Throws ACCOUNTS_NOT_ENROLLED. */
export function linkWith(state: DeviceState, holder: string): DeviceLink {
  const link = state.links.find((candidate) => candidate.holder === holder)
  if (link === undefined) throw accountsErrors.NOT_ENROLLED({ holder })
  return link
}

/** Throws ACCOUNTS_ALREADY_ENROLLED. */
export function withLink(state: DeviceState, link: Omit<DeviceLink, 'versions' | 'generation'>): DeviceState {
  if (state.links.some(({ holder }) => holder === link.holder)) throw accountsErrors.ALREADY_ENROLLED({ holder: link.holder })
  return { ...state, links: [...state.links, { ...link, generation: 1, versions: { consent: 0, 'opt-out': 0 } }] }
}

/** Notes that the next generation of her decision key is in force at a holder. */
export function withGeneration(state: DeviceState, { holder, generation }: { readonly holder: string; readonly generation: number }): DeviceState {
  return { ...state, links: state.links.map((link) => link.holder === holder ? { ...link, generation } : link) }
}

/** Notes what others say: a newer version made by another of her devices or at a desk. Versions never go back. */
export function withVersion(state: DeviceState, { holder, kind: of, version }: { readonly holder: string; readonly kind: DecisionKind; readonly version: number }): DeviceState {
  const links = state.links.map((link) => link.holder === holder ? { ...link, versions: { ...link.versions, [of]: Math.max(link.versions[of], version) } } : link)
  return { ...state, links }
}

/** Keeps a decision, new or sent further than before. Keeping comes before sending, so that no version is ever signed twice. */
export function withDecision(state: DeviceState, decision: KeptDecision): DeviceState {
  const { holder, version, operationId } = decision.statement
  const others = state.decisions.filter(({ statement }) => statement.operationId !== operationId)
  return withVersion({ ...state, decisions: [...others, decision] }, { holder, kind: decision.kind, version })
}

/** Notes that decisions were never recorded and can't be any more: the next one of their kind takes `next`. */
export function withOver(state: DeviceState, { holder, kind: of, next, operationIds }: { readonly holder: string; readonly kind: DecisionKind; readonly next: number; readonly operationIds: ReadonlySet<string> }): DeviceState {
  const decisions = state.decisions.map((decision) => operationIds.has(decision.statement.operationId) ? { ...decision, over: true as const } : decision)
  const links = state.links.map((link) => link.holder === holder ? { ...link, versions: { ...link.versions, [of]: next - 1 } } : link)
  return { ...state, links, decisions }
}

/** What she decided last of this kind at this holder, as far as this device knows. */
export function lastDecision(state: DeviceState, holder: string, of: DecisionKind): KeptDecision | undefined {
  return state.decisions.filter((decision) => decision.over === undefined && decision.kind === of && decision.statement.holder === holder).reduce<KeptDecision | undefined>((last, next) => last === undefined || next.statement.version > last.statement.version ? next : last, undefined)
}

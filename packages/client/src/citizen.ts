// A citizen's device at work: link with a holder, decide, take back, see what is known of her. Each step gives the device's next state, to be kept before the next step.
import { MhmdError, canonicalText } from '@mhmd/base'
import type { Canonical, Clock, Randomness } from '@mhmd/base'
import { accessKey, accountKey, consent, consentWithdrawal, decisionKey, enrolment, keyReplacement, lastDecision, linkWith, optOut, optOutWithdrawal, unwrapSeed, withDecision, withGeneration, withLink, withOver, wrapSeed } from '@mhmd/accounts'
import type { DecisionKind, DecisionPlace, DeviceLink, DeviceState, KeptDecision, Seed, SignedDecision, Signer, WrapKind } from '@mhmd/accounts'
import { statementDigest } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import type { ConsentTerms } from '@mhmd/schema'
import { accessLogDocument, accountOpened, decisionTaken, enrolmentBegun, enrolmentSigned, holderViewDocument } from './answers.ts'
import type { AccessEvent, DecisionTaken, HolderView, ImportEvent, Notice } from './answers.ts'
import { clientErrors } from './errors.ts'
import { lostDecisions, takenOver } from './mend.ts'
import { peopleClient } from './people-client.ts'
import type { PeopleClient } from './people-client.ts'

/** What her device brings: its state, the opened seed, and the addresses of members' people ports (from `network.json` or the ledger). */
export interface Device {
  readonly state: DeviceState
  readonly seed: Seed
  readonly addressOf: (member: string) => string
  /** Members by name, for what she is told of them. */
  readonly nameOf?: (member: string) => string
  readonly clock: Clock
  readonly randomness: Randomness
  readonly fetch?: typeof globalThis.fetch
}

const ENROLMENT_LIFE_MS = 3_600_000
const DAY_MS = 86_400_000
const OPENING_LIFE_MS = 30 * DAY_MS

/** The next midnight (UTC): an exact moment on the ledger would tell when she acted, and which pseudonyms acted with her. */
const endOfDay = (time: number): number => Math.ceil(time / DAY_MS) * DAY_MS

export const clientFor = ({ addressOf, nameOf, clock, randomness, fetch }: Omit<Device, 'seed' | 'state'>, member: string, key: SigningKey): PeopleClient =>
  peopleClient({ baseUrl: addressOf(member), name: nameOf?.(member), key, clock, randomness, ...(fetch === undefined ? {} : { fetch }) })
const atProvider = (device: Device): PeopleClient => clientFor(device, device.state.provider, accountKey(device.seed, device.state.provider))
const atHolder = (device: Device, holder: string, generation = 1): PeopleClient => clientFor(device, holder, decisionKey(device.seed, holder, generation))

/** What wraps her seed: the secret of her recovery code, or the output of her passkey's PRF. */
export interface WrapSecret {
  readonly kind: WrapKind
  readonly secret: Uint8Array
}

/** Opens the account with the provider; with a secret, the wrapped seed is left there too, where that secret alone finds and opens it. */
export async function openAccount(device: Device, wrap?: WrapSecret): Promise<DeviceState> {
  const { network, provider } = device.state
  const opened = accountOpened.parse(await atProvider(device).post('/people/1/accounts', {}))
  if (opened.network !== network || opened.provider !== provider) throw clientErrors.OTHER_NODE({ expected: provider })
  if (wrap === undefined) return device.state
  const wrapped = wrapSeed(device.seed, wrap.secret, { kind: wrap.kind, randomness: device.randomness })
  await clientFor(device, provider, accessKey(wrap.secret, wrap.kind)).post('/people/1/accounts', { wrappedSeed: JSON.stringify(wrapped) })
  return { ...device.state, wrappedSeeds: [...device.state.wrappedSeeds, wrapped] }
}

/** Her seed on a new device, with the secret alone. Throws CLIENT_NOTHING_WRAPPED, or the provider's NODE_KEY_UNKNOWN. */
export async function recoverSeed(device: Omit<Device, 'seed'>, { kind, secret }: WrapSecret): Promise<Seed> {
  const { wrappedSeed } = await clientFor(device, device.state.provider, accessKey(secret, kind)).get<{ wrappedSeed?: unknown }>('/people/1/account')
  if (typeof wrappedSeed !== 'string') throw clientErrors.NOTHING_WRAPPED()
  return unwrapSeed(parsed(wrappedSeed), secret)
}

/** Where her provider co-signed keys of hers. It may leave some out: `relink` asks a holder itself. */
export const holdersOfAccount = async (device: Device): Promise<readonly string[]> => (await atProvider(device).get<{ readonly holders: readonly string[] }>('/people/1/account')).holders

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** How many replaced keys a new device looks past. */
const GENERATIONS_TRIED = 20

/** How many replacements by another device a known link is followed through. */
const REPLACEMENTS_FOLLOWED = 3

/** A link whose key another device of hers replaced, with the key that the holder knows now. Throws the holder's NODE_KEY_UNKNOWN where none of the next ones is known. */
export function followReplacement(device: Device, { holder }: { readonly holder: string }): Promise<DeviceState> {
  const { generation } = linkWith(device.state, holder)
  const state = { ...device.state, links: device.state.links.filter((link) => link.holder !== holder) }
  return relink({ ...device, state }, { holder, first: generation + 1, last: generation + REPLACEMENTS_FOLLOWED })
}

/** Finds a link again that another device made, by asking the holder with the keys that it may know. Throws the holder's NODE_KEY_UNKNOWN where there is none. */
export async function relink(device: Device, { holder, first = 1, last = GENERATIONS_TRIED }: { readonly holder: string; readonly first?: number; readonly last?: number }): Promise<DeviceState> {
  for (let generation = first; ; generation++) {
    try {
      const view = holderViewDocument.parse(await atHolder(device, holder, generation).get('/people/1/me'))
      if (view.holder !== holder) throw clientErrors.OTHER_NODE({ expected: holder })
      const state = withLink(device.state, { holder, subject: view.subject, notice: checkNotices(view.notices).hash })
      return takenOver(withGeneration(state, { holder, generation }), view)
    } catch (error) {
      const isOtherKey = MhmdError.isInstance(error) && error.code === 'NODE_KEY_UNKNOWN'
      if (!isOtherKey || generation === last) throw error
    }
  }
}

/** Gives her the next decision key at a holder, signed by the present one, or by her recovery key where the present one is in wrong hands. */
export async function replaceKey(device: Device, { holder, by }: { readonly holder: string; readonly by: 'old-key' | 'recovery' }): Promise<DeviceState> {
  const { network } = device.state
  const link = linkWith(device.state, holder)
  const view = holderViewDocument.parse(await atHolder(device, holder, link.generation).get('/people/1/me'))
  const signed = keyReplacement(device.seed, { network, holder, subject: link.subject, version: view.keyVersion + 1, generation: link.generation, by, expires: device.clock.now() + ENROLMENT_LIFE_MS })
  await atProvider(device).post('/people/1/account/key-replacements', signed)
  return withGeneration(device.state, { holder, generation: link.generation + 1 })
}

/** Links her record at a holder with a key of hers, by the code its desk gave her. Gives the notices to read before deciding. */
export async function enrol(device: Device, { holder, code }: { readonly holder: string; readonly code: string }): Promise<{ readonly state: DeviceState; readonly notices: readonly Notice[] }> {
  const { state, seed } = device
  const { network, provider } = state
  const client = atHolder(device, holder)
  const begun = enrolmentBegun.parse(await client.post('/people/1/enrolments/begin', { code }))
  if (begun.holder !== holder || begun.network !== network) throw clientErrors.OTHER_NODE({ expected: holder })
  const notice = checkNotices(begun.notices)
  const { subject } = begun
  // Refuses a second link before anything is signed.
  const next = withLink(state, { holder, subject, notice: notice.hash })
  const { statement, subjectSignature } = enrolment(seed, { network, holder, provider, subject, expires: device.clock.now() + ENROLMENT_LIFE_MS })
  const signed = enrolmentSigned.parse(await client.post('/people/1/enrolments', { code, statement, subjectSignature }))
  if (canonicalText(signed.statement) !== canonicalText(statement)) throw clientErrors.OTHER_STATEMENT()
  await atProvider(device).post('/people/1/account/enrolments', { statement, signatures: { holder: signed.holder, subject: subjectSignature } })
  return { state: next, notices: begun.notices }
}

function checkNotices(notices: readonly Notice[]): Notice {
  for (const { hash, ...content } of notices) if (statementDigest('notice', content) !== hash) throw clientErrors.BAD_NOTICE()
  return notices[0] as Notice
}

/** Makes a decision and keeps it: nothing has been sent yet, so that a crash can't make her sign a version twice. */
function made(device: Device, holder: string, { kind, sign }: { readonly kind: DecisionKind; readonly sign: (place: DecisionPlace, link: DeviceLink, by: Signer) => SignedDecision }): DeviceState {
  const link = linkWith(device.state, holder)
  const place = { network: device.state.network, holder, subject: link.subject, version: link.versions[kind] + 1 }
  const by = { key: decisionKey(device.seed, holder, link.generation), randomness: device.randomness }
  return withDecision(device.state, { ...sign(place, link, by), sent: { holder: false, provider: false } })
}

/**
 * Permits what her terms say. `notice` is the digest of the notice she read; by default the first one shown. Throws
 * CLIENT_TERMS_OVER: the contracts would refuse such terms, and with them every version signed after them.
 */
export function decide(device: Device, { holder, terms, notice }: { readonly holder: string; readonly terms: ConsentTerms; readonly notice?: string }): DeviceState {
  if (terms.until <= Math.max(terms.from, device.clock.now())) throw clientErrors.TERMS_OVER()
  return made(device, holder, { kind: 'consent', sign: (place, link, by) => consent(place, { terms, notice: notice ?? link.notice }, by) })
}

/** Ends what she permitted at a holder. It may always be sent, also when this device knows of nothing to withdraw. */
export const withdraw = (device: Device, { holder }: { readonly holder: string }): DeviceState =>
  made(device, holder, { kind: 'consent', sign: (place, link, by) => consentWithdrawal(place, { notice: link.notice }, by) })

/** Forbids secondary use at a holder. */
export const declareOptOut = (device: Device, { holder }: { readonly holder: string }): DeviceState =>
  made(device, holder, { kind: 'opt-out', sign: (place, link, by) => optOut(place, { notice: link.notice }, by) })

/** Takes her opt-out back. */
export const withdrawOptOut = (device: Device, { holder }: { readonly holder: string }): DeviceState =>
  made(device, holder, { kind: 'opt-out', sign: (place, link, by) => optOutWithdrawal(place, { notice: link.notice, expires: endOfDay(device.clock.now() + OPENING_LIFE_MS) }, by) })

/** What became of sending one decision: the holder's answer, and the error of each side that could not be reached or refused. */
export interface Sending {
  readonly decision: KeptDecision
  readonly taken?: DecisionTaken
  readonly errors: readonly unknown[]
}

/**
 * Sends what has not arrived everywhere: to the holder, which enforces at once what closes, and to the provider, which
 * carries it to the ledger without the opening. Neither waits for the other; call again until nothing is left.
 * Where a holder refuses a version, what stands in the way is found out, and what closes is signed anew and sent.
 */
export async function send(device: Device): Promise<{ readonly state: DeviceState; readonly sendings: readonly Sending[] }> {
  const first = await sendOnce(device)
  const refused = first.sendings.filter(({ errors }) => errors.some((error) => MhmdError.isInstance(error) && error.code === 'NODE_RECORD_MISMATCH')).map(({ decision }) => decision.statement)
  let { state } = first
  for (const holder of new Set(refused.map((statement) => statement.holder))) ({ state } = await statusAfter({ ...device, state }, { holder, refused: new Set(refused.map((statement) => statement.operationId)) }))
  if (!state.decisions.some((decision) => isWaiting(decision) && !first.state.decisions.includes(decision))) return { ...first, state }
  const second = await sendOnce({ ...device, state })
  const over = new Set(state.decisions.filter((decision) => decision.over !== undefined).map((decision) => decision.statement.operationId))
  return { state: second.state, sendings: [...first.sendings.filter(({ decision }) => !over.has(decision.statement.operationId)), ...second.sendings] }
}

const isWaiting = ({ sent, over }: KeptDecision): boolean => over === undefined && (!sent.holder || !sent.provider)

/** Each decision to each side, unless an earlier one of its kind did not get there: a version that comes before the one below it is refused. */
async function sendOnce(device: Device): Promise<{ readonly state: DeviceState; readonly sendings: readonly Sending[] }> {
  const waiting = device.state.decisions.filter(isWaiting).sort((a, b) => a.statement.version - b.statement.version)
  let { state } = device
  const sendings: Sending[] = []
  const stuck = new Set<string>()
  const inOrder = async <T>(side: 'holder' | 'provider', { kind, statement: { holder } }: KeptDecision, sending: () => Promise<T>): Promise<T> => {
    const queue = `${side} ${holder} ${kind}`
    if (stuck.has(queue)) throw clientErrors.EARLIER_FIRST({ holder })
    return sending().catch((error: unknown) => {
      stuck.add(queue)
      throw error
    })
  }
  for (const decision of waiting) {
    const [holder, provider] = await Promise.allSettled([inOrder('holder', decision, () => sendToHolder(device, decision)), inOrder('provider', decision, () => sendToProvider(device, decision))])
    const kept = { ...decision, sent: { holder: holder.status === 'fulfilled', provider: provider.status === 'fulfilled' } }
    state = withDecision(state, kept)
    const errors = [holder, provider].flatMap((result) => result.status === 'rejected' ? [result.reason as unknown] : [])
    sendings.push({ decision: kept, errors, ...(holder.status === 'fulfilled' && holder.value !== undefined ? { taken: holder.value } : {}) })
  }
  return { state, sendings }
}

async function sendToHolder(device: Device, { sent, ...decision }: KeptDecision): Promise<DecisionTaken | undefined> {
  if (sent.holder) return undefined
  const { holder } = decision.statement
  return decisionTaken.parse(await atHolder(device, holder, linkWith(device.state, holder).generation).post('/people/1/decisions', decision))
}

async function sendToProvider(device: Device, { sent, kind, statement, key, signature }: KeptDecision): Promise<void> {
  if (!sent.provider) await atProvider(device).post('/people/1/account/decisions', { kind, item: { statement, key, signature } })
}

/** What became of a decision on the ledger: `VALID` with its height, `WAITING`, `SENT`, or the contracts' refusal. */
export const onLedger = (device: Device, decision: SignedDecision): Promise<{ readonly code: string; readonly height?: number }> =>
  atProvider(device).get(`/people/1/account/decisions/${decision.statement.operationId}`)

/**
 * What a holder knows of her; the device takes newer versions over, which another device or a desk made. What can't be recorded any
 * more is put aside: of that, what closes is signed anew at once; what opens she must decide again.
 */
export const status = (device: Device, { holder }: { readonly holder: string }): Promise<{ readonly state: DeviceState; readonly view: HolderView }> => statusAfter(device, { holder, refused: new Set() })

async function statusAfter(device: Device, { holder, refused }: { readonly holder: string; readonly refused: ReadonlySet<string> }): Promise<{ readonly state: DeviceState; readonly view: HolderView }> {
  const link = linkWith(device.state, holder)
  const view = holderViewDocument.parse(await atHolder(device, holder, link.generation).get('/people/1/me'))
  if (view.holder !== holder || view.subject !== link.subject) throw clientErrors.OTHER_NODE({ expected: holder })
  checkNotices(view.notices)
  return { state: mended({ ...device, state: takenOver(device.state, view) }, { view, refused }), view }
}

function mended(device: Device, { view, refused }: { readonly view: HolderView; readonly refused: ReadonlySet<string> }): DeviceState {
  const { holder } = view
  const key = decisionKey(device.seed, holder, linkWith(device.state, holder).generation).publicKey
  let { state } = device
  for (const kind of ['consent', 'opt-out'] as const) {
    const lost = lostDecisions(state, { view, kind, key, refused, now: device.clock.now() })
    if (lost.length === 0) continue
    state = withOver(state, { holder, kind, next: view.next[kind], operationIds: new Set(lost.map((decision) => decision.statement.operationId)) })
    if (lost.some((decision) => decision.statement.operation === (kind === 'consent' ? 'withdraw' : 'set'))) state = (kind === 'consent' ? withdraw : declareOptOut)({ ...device, state }, { holder })
  }
  return state
}

/** Who used her record at a holder, for what, on which ground. */
export const uses = (device: Device, { holder }: { readonly holder: string }): Promise<{ readonly holder: string; readonly uses: readonly Canonical[] }> =>
  atHolder(device, holder, linkWith(device.state, holder).generation).get('/people/1/uses')

/** Every reading of her records at a holder, newest first. */
export async function accessLog(device: Device, { holder }: { readonly holder: string }): Promise<readonly AccessEvent[]> {
  return accessLogDocument.parse(await atHolder(device, holder, linkWith(device.state, holder).generation).get('/people/1/access-log')).events
}

/** Imports that brought records of hers to a holder, newest first. */
export async function importsOf(device: Device, { holder }: { readonly holder: string }): Promise<readonly ImportEvent[]> {
  return accessLogDocument.parse(await atHolder(device, holder, linkWith(device.state, holder).generation).get('/people/1/access-log')).imports
}

/** What stands at a holder by this device's own memory. */
export const standingChoice = (state: DeviceState, holder: string, kind: DecisionKind): KeptDecision | undefined => {
  const last = lastDecision(state, holder, kind)
  return last?.statement.operation === 'set' ? last : undefined
}

// A table leaves from here, piece by piece, to the one member it was released to: before each piece it is asked again whether everybody in it still permits it.
import { subjectsOf } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import { MhmdError } from '@mhmd/base'
import type { Clock } from '@mhmd/base'
import { stateKeys } from '@mhmd/contracts'
import type { Follower } from '@mhmd/ledger'
import type { Outbox } from '@mhmd/messages'
import type { AgreementState, ReleaseAssessmentState, UseRequestState } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import { nodeErrors } from './errors.ts'
import type { HeldBytes } from './held-bytes.ts'
import type { HolderRequests } from './holder-requests.ts'
import type { NodePart } from './node-part.ts'
import type { ReleaseRow, ReleasesKept } from './releases-kept.ts'
import type { Standing } from './standing.ts'

const DEADLINE_MILLISECONDS = 5 * 60_000

export function serveTables(parts: {
  store: Store
  follower: Follower
  outbox: Outbox
  standing: Pick<Standing, 'requireSight'>
  releases: ReleasesKept
  bytes: HeldBytes
  requests: Pick<HolderRequests, 'accepted' | 'resolve'>
  member: string
  clock: Clock
}): Required<Pick<NodePart, 'mountMember'>> {
  const { store, clock, follower, releases } = parts
  /** Decisions of transfers under way; made anew after a start, and when they are over. */
  const decisions = new Map<string, Decision>()

  async function piece(release: string, to: string, from: number): Promise<Uint8Array> {
    const row = await store.read((tx) => releases.get(tx, release))
    if (row?.table === undefined || row.to !== to) throw nodeErrors.NOT_FOUND({ what: 'release' })
    await requireOpen(row)
    const bytes = await store.read((tx) => parts.bytes.from(tx, [release], from))
    await requireStanding(row)
    return bytes
  }

  /** Not called back, on the ledger, and under an agreement that holds. */
  async function requireOpen({ id, request, recall, table }: ReleaseRow): Promise<void> {
    if (recall !== undefined || table?.stopped !== undefined || table?.received !== undefined) throw nodeErrors.STATE({ what: 'release', state: 'called back, stopped or received already' })
    parts.standing.requireSight()
    if (await follower.latest(stateKeys.useRelease(request, parts.member, id)) === undefined) throw nodeErrors.NOT_YET({ what: 'release' })
    const agreement = await follower.latest(stateKeys.agreement(request, parts.member)) as AgreementState | undefined
    if (agreement?.state !== 'accepted' || agreement.agreement !== table?.agreement || agreement.until <= clock.now()) throw nodeErrors.STATE({ what: 'agreement', state: 'over' })
    await requireAssessed({ id, request })
  }

  /** Regulation (EU) 2025/327, Art. 73(2): under a permit nothing personal leaves outside a secure environment, and a person says what is not personal. */
  async function requireAssessed({ id, request }: Pick<ReleaseRow, 'id' | 'request'>): Promise<void> {
    const asked = await follower.latest(stateKeys.useRequest(request)) as UseRequestState | undefined
    if (asked?.authority === undefined) return
    const assessment = await follower.latest(stateKeys.assessment(request, parts.member, id)) as ReleaseAssessmentState | undefined
    if (assessment?.state !== 'anonymous' || assessment.until <= clock.now()) throw nodeErrors.NOT_YET({ what: 'assessment of the table as anonymous' })
  }

  /** Somebody in it who decided otherwise stops all of it: what is in it can't be taken out any more without making it anew. */
  async function requireStanding(row: ReleaseRow): Promise<void> {
    if (await stands(row)) return
    decisions.delete(row.id)
    await store.write(async (tx) => {
      const present = await releases.get(tx, row.id)
      if (present?.table === undefined || present.table.stopped !== undefined) return
      await parts.bytes.remove(tx, [row.id])
      await releases.put(tx, { ...present, table: { ...present.table, stopped: clock.now() } })
      await parts.outbox.post(tx, { to: row.to, kind: 'table-stopped/1', body: { release: row.id } })
    })
    throw nodeErrors.STATE({ what: 'release', state: 'stopped, since somebody in it decided otherwise' })
  }

  /** Whether everybody in it is still covered. What overtakes a decision may change nothing on its basis, as an opt-out under a permit approved before it: then it is decided anew. */
  async function stands(row: ReleaseRow): Promise<boolean> {
    const known = decisions.get(row.id)
    if (known !== undefined && known.deadline > clock.now() && unlessOver(() => coversAll(known, row))) return true
    const request = await parts.requests.accepted(row.request).catch(undefinedIfOver)
    if (request === undefined) return false
    const decision = await parts.requests.resolve(request, { subjects: each(row.considered), milliseconds: DEADLINE_MILLISECONDS })
    decisions.set(row.id, decision)
    return coversAll(decision, row)
  }

  function coversAll(decision: Decision, { considered }: ReleaseRow): boolean {
    const covered = new Set(subjectsOf(decision, clock.now()))
    return considered.every((subject) => covered.has(subject))
  }

  return {
    mountMember: (app) => {
      app.get('/members/1/tables/:release/bytes', async (request, reply) => {
        const { release = '' } = request.params as { release?: string }
        const { from = '0' } = request.query as { from?: string }
        if (!/^[0-9]{1,15}$/.test(from)) throw nodeErrors.BAD_INPUT({ at: '/from', why: 'it is not a whole number' })
        return reply.type('application/octet-stream').send(Buffer.from(await piece(release, request.member, Number(from))))
      })
    },
  }
}

/** A permit that is revoked or over ends the transfer; whatever else fails may pass. */
const over = new Set(['NODE_PERMIT_NOT_IN_FORCE', 'CONSENT_DECISION_SUPERSEDED'])

function undefinedIfOver(error: unknown): undefined {
  if (!MhmdError.isInstance(error) || !over.has(error.code)) throw error
}

function unlessOver(covers: () => boolean): boolean {
  try {
    return covers()
  } catch (error) {
    return undefinedIfOver(error) ?? false
  }
}

async function* each(subjects: readonly string[]): AsyncGenerator<string> {
  yield* subjects
}

// Invitations: an administrator gives a colleague a link whose fragment holds a secret; the key that shows it first takes the roles. Once, for a week; only a digest is kept (docs/decisions/0013).
import { createHash } from 'node:crypto'
import { newId, toBase64Url } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { documentType } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import { AtHeight, Exactly, Id, PublicKeyText, Roles, When } from './people-answers.ts'
import { ledgerRefusals } from './people-refusals.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { isToken } from './sessions.ts'
import type { Staff, StaffMember, StaffRole } from './staff.ts'
import { jsonTable } from './table.ts'

interface Invitation {
  readonly id: string
  readonly roles: readonly StaffRole[]
  readonly secretDigest: string
  readonly expires: number
  /** The key that took it: it may take it again, should the answer have been lost. */
  readonly takenBy?: string
}

const table = jsonTable<Invitation>('invitations')
const LIFE_MILLISECONDS = 7 * 86_400_000
const Secret = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const inviteDocument = documentType('invitation', Exactly({ roles: Roles }))
const takeDocument = documentType('invitation-taken', Exactly({ secret: Secret }))
const digestOf = (secret: string): string => createHash('sha256').update('mhmd-invitation ').update(secret).digest('base64url')

export interface InvitationParts {
  readonly store: Store
  readonly staff: Staff
  /** Registers a colleague as an administrator does; gives the ledger's height. */
  readonly register: (member: StaffMember) => Promise<number>
  /** Where a browser finds this node's pages. */
  readonly pages: string
  readonly clock: Clock
  readonly randomness: Randomness
}

export function invitationRoutes(parts: InvitationParts): PeopleRoute[] {
  const { store, clock, randomness } = parts
  const isOpen = ({ takenBy, expires }: Invitation): boolean => takenBy === undefined && expires > clock.now()

  /** Binds it to the first key, so that two browsers with one link are one colleague. */
  const take = (id: string, secret: string, key: string): Promise<Invitation> => store.write(async (tx) => {
    const row = await table.get(tx, id)
    const fits = row !== undefined && isToken(digestOf(secret), row.secretDigest) && (isOpen(row) || row.takenBy === key)
    if (!fits) throw nodeErrors.INVITATION()
    await table.put(tx, [id], { ...row, takenBy: key })
    return row
  })

  return [
    route({
      method: 'POST', path: '/staff/1/invitations', body: inviteDocument, roles: ['admin'], needsSignature: true, refusals: [],
      summary: 'Invites a colleague: the link opens the pages, where her passkey makes a key that takes the roles.',
      answer: Exactly({ id: Id, link: Type.String({ pattern: '^https?://[^/]+/pro/#invitation=' }), expires: When }),
      handle: async ({ body: { roles } }) => {
        const [id, secret] = [newId(randomness), toBase64Url(randomness.bytes(32))]
        const expires = clock.now() + LIFE_MILLISECONDS
        await store.write((tx) => table.put(tx, [id], { id, roles, secretDigest: digestOf(secret), expires }))
        // In the fragment: no server and no log sees it before she opens the page.
        return { id, link: `${parts.pages}/pro/#invitation=${id}.${secret}`, expires }
      },
    }),
    route({
      method: 'GET', path: '/staff/1/invitations', roles: ['admin'], refusals: [],
      summary: 'Invitations that nobody has taken yet.',
      answer: Exactly({ invitations: Type.Array(Exactly({ id: Id, roles: Roles, expires: When })) }),
      handle: async () => ({ invitations: (await store.read((tx) => table.list(tx))).filter(({ value }) => isOpen(value)).map(({ value: { id, roles, expires } }) => ({ id, roles, expires })) }),
    }),
    route({
      method: 'DELETE', path: '/staff/1/invitations/:id', roles: ['admin'], refusals: [],
      summary: 'Takes an invitation back.',
      answer: Exactly({ id: Id }),
      handle: ({ params: { id = '' } }) => store.write(async (tx) => {
        if (await table.get(tx, id) === undefined) throw nodeErrors.NOT_FOUND({ what: 'invitation' })
        await table.delete(tx, id)
        return { id }
      }),
    }),
    route({
      method: 'POST', path: '/people/1/invitations/:id', body: takeDocument, roles: ['anyone'], refusals: ['NODE_INVITATION', ...ledgerRefusals],
      summary: 'Takes an invitation: the key that signs gets its roles, beside those it has.',
      answer: Exactly({ key: PublicKeyText, roles: Roles, height: AtHeight }),
      handle: async ({ key, params, body }) => {
        const { roles: invited } = await take(params['id'] ?? '', body.secret, key)
        const present = (await parts.staff.list()).find((member) => member.key === key)
        const roles = [...new Set([...present?.roles ?? [], ...invited])]
        return { key, roles, height: await parts.register({ key, roles }) }
      },
    }),
  ]
}

// Profiles that this holder holds its imports to: StructureDefinitions, themselves checked, kept by their address; at level full a resource is held to those that it names.
import { newId } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { readProfile, validateResource } from '@mhmd/fhir'
import { documentType } from '@mhmd/schema'
import type { Store } from '@mhmd/store'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import { Exactly, Id, When } from './people-answers.ts'
import { route } from './people.ts'
import type { PeopleRoute } from './people.ts'
import { jsonTable } from './table.ts'

interface ProfileRow {
  readonly url: string
  readonly type: string
  /** Elements whose binding, slicing or rule is beyond the reader: they are not asked. */
  readonly unread: readonly string[]
  readonly added: number
  readonly definition: unknown
}

export interface Profiles {
  readonly routes: PeopleRoute[]
  kept(): Promise<readonly Pick<ProfileRow, 'url' | 'definition'>[]>
}

const MOST_PROFILES = 200
const profileDocument = documentType('profile', Type.Object({ definition: Type.Object({ resourceType: Type.Literal('StructureDefinition') }, { additionalProperties: true }) }, { additionalProperties: false }))
const ProfileShown = Exactly({ id: Id, url: Type.String(), type: Type.String(), unread: Type.Array(Type.String()), added: When })

export function createProfiles({ store, clock, randomness }: { store: Store; clock: Clock; randomness: Randomness }): Profiles {
  const table = jsonTable<ProfileRow>('profiles')
  const shown = (id: string, { definition: _, ...row }: ProfileRow): object => ({ id, ...row })

  /** Throws FHIR_NOT_A_PROFILE, and NODE_BAD_INPUT where the definition itself is no sound resource. */
  function checked(definition: unknown): ProfileRow {
    const wrong = validateResource(definition).find(({ severity }) => severity === 'error')
    if (wrong !== undefined) throw nodeErrors.BAD_INPUT({ at: `/definition ${wrong.path}`, why: wrong.code })
    const { url, type, unread } = readProfile(definition)
    return { url, type, unread: unread, added: clock.now(), definition }
  }

  return {
    kept: async () => (await store.read((tx) => table.list(tx))).map(({ value }) => value),
    routes: [
      route({
        method: 'POST', path: '/staff/1/profiles', body: profileDocument, roles: ['steward'], refusals: ['NODE_BAD_INPUT', 'NODE_STATE', 'FHIR_NOT_A_PROFILE'],
        summary: 'Keeps a profile: imports at level full hold resources that name it to it. One of the same address takes the place of the one before.',
        answer: ProfileShown,
        handle: async ({ body }) => {
          const row = checked(body.definition)
          return store.write(async (tx) => {
            const all = await table.list(tx)
            const before = all.find(({ value }) => value.url === row.url)?.key[0]
            if (before === undefined && all.length >= MOST_PROFILES) throw nodeErrors.STATE({ what: 'list of profiles', state: `full: it holds ${MOST_PROFILES}` })
            const id = before ?? newId(randomness)
            await table.put(tx, [id], row)
            return shown(id, row)
          })
        },
      }),
      route({
        method: 'GET', path: '/staff/1/profiles', roles: ['steward'], refusals: [],
        summary: 'Profiles kept here, and which of their elements are beyond what is checked.',
        answer: Exactly({ profiles: Type.Array(ProfileShown) }),
        handle: async () => ({ profiles: (await store.read((tx) => table.list(tx))).map(({ key, value }) => shown(key[0], value)) }),
      }),
      route({
        method: 'DELETE', path: '/staff/1/profiles/:id', roles: ['steward'], refusals: [],
        summary: 'Forgets a profile; what was imported stays.',
        answer: Exactly({ removed: Type.Literal(true) }),
        handle: async ({ params }) => store.write(async (tx) => {
          if (await table.get(tx, params['id'] ?? '') === undefined) throw nodeErrors.NOT_FOUND({ what: 'profile' })
          await table.delete(tx, params['id'] ?? '')
          return { removed: true }
        }),
      }),
    ],
  }
}

// Cases of `datasets@1`, `requests@1`, `releases@1` and `private@1`.
import { stateKeys } from '../../src/state-keys.ts'
import type { Transaction } from '../../src/contract.ts'
import { privateHashes } from '../../src/private.ts'
import type { PrivateValue } from '../engine.ts'
import type { Case } from '../play.ts'
import { day, digestOf, idOf, suiteTime, transaction } from '../world.ts'
import type { Submission } from '../world.ts'

type More = Partial<Submission>
const request = idOf('a request')
const release = idOf('a release')
const register = (fields: object, more: More = {}): Transaction => transaction({ call: 'datasets@1 register', by: 'rome', payload: { dataset: idOf('a dataset'), categories: ['a', 'm'], description: digestOf('description'), version: 1, state: 'offered', ...fields }, ...more })
export const file = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'requests@1 file', by: 'institute', payload: { request, holders: ['rome', 'berlin'], purpose: 'health-research', form: 'computation', basis: 'consent', content: digestOf('request'), until: suiteTime + 30 * day, ...fields }, ...more })
export const answer = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'requests@1 answer', by: 'rome', payload: { request, holder: 'rome', state: 'accepted', reason: 'WITHIN_TERMS', version: 1, ...fields }, ...more })
export const closeRequest = (more: More = {}): Transaction => transaction({ call: 'requests@1 close', by: 'institute', payload: { request }, ...more })
export const record = (fields: object = {}, more: More = {}): Transaction => transaction({ call: 'releases@1 record', by: 'rome', payload: { release, request, form: 'computation', height: 7, content: digestOf('manifest'), ...fields }, ...more })

export const sharingCases: readonly Case[] = [
  ['a holder offers a dataset, changes it and withdraws it, version by version', async (play) => {
    await play.founded()
    const key = stateKeys.dataset('rome', idOf('a dataset'))
    await play.accepts(register({}))
    await play.holds(key, { version: 1, state: 'offered', categories: ['a', 'm'] })
    await play.refuses('VERSION_CONFLICT', register({}))
    await play.accepts(register({ version: 2, state: 'withdrawn' }))
    await play.holds(key, { version: 2, state: 'withdrawn' })
    await play.refuses('ROLE_MISSING', register({}, { by: 'institute' }))
    await play.refuses('BAD_PAYLOAD', register({ version: 3, categories: ['z'] }))
  }],
  ['a requester files, a holder answers and changes its answer, the requester closes', async (play) => {
    await play.founded()
    await play.accepts(file())
    await play.holds(stateKeys.request(request), { requester: 'institute', state: 'filed', version: 1 })
    await play.accepts(answer())
    await play.holds(stateKeys.requestAnswer(request, 'rome'), { state: 'accepted', version: 1 })
    await play.accepts(answer({ state: 'refused', version: 2 }))
    await play.holds(stateKeys.requestAnswer(request, 'rome'), { state: 'refused', version: 2 })
    await play.accepts(closeRequest())
    await play.holds(stateKeys.request(request), { state: 'closed', version: 2 })
    await play.refuses('REQUEST_CLOSED', answer({ version: 3 }))
    await play.refuses('REQUEST_CLOSED', closeRequest())
  }],
  ['a request by someone else than a data user, taken, over, or to no holder is refused', async (play) => {
    await play.founded()
    await play.refuses('ROLE_MISSING', file({}, { by: 'rome' }))
    await play.refuses('STATEMENT_EXPIRED', file({ until: suiteTime - 1 }))
    for (const holder of ['accounts', 'stranger']) await play.refuses('HOLDER_UNKNOWN', file({ holders: ['rome', holder] }))
    await play.accepts(file())
    await play.refuses('REQUEST_EXISTS', file({ holders: ['berlin'] }))
  }],
  ['only a holder that a standing request names answers it, version by version', async (play) => {
    await play.founded()
    await play.refuses('REQUEST_UNKNOWN', answer())
    await play.accepts(file({ holders: ['rome'] }))
    await play.refuses('NOT_YOURS', answer({}, { by: 'berlin' }))
    await play.refuses('NOT_ADDRESSED', answer({ holder: 'berlin' }, { by: 'berlin' }))
    await play.refuses('VERSION_CONFLICT', answer({ version: 2 }))
    await play.refuses('REQUEST_CLOSED', answer({}, { time: suiteTime + 31 * day }))
    await play.refuses('BAD_PAYLOAD', answer({ reason: 'because her diagnosis is rare' }))
  }],
  ['only the requester closes', async (play) => {
    await play.founded()
    await play.refuses('REQUEST_UNKNOWN', closeRequest())
    await play.accepts(file())
    await play.refuses('NOT_YOURS', closeRequest({ by: 'rome' }))
  }],
  ['a release is recorded for a request that the holder accepted, in its form, once', async (play) => {
    await play.founded()
    await play.refuses('REQUEST_UNKNOWN', record())
    await play.accepts(file())
    await play.refuses('NO_ACCEPTED_REQUEST', record())
    await play.accepts(answer())
    await play.refuses('NO_ACCEPTED_REQUEST', record({}, { by: 'berlin' }))
    await play.refuses('FORM_MISMATCH', record({ form: 'pseudonymised' }))
    await play.accepts(record())
    await play.holds(stateKeys.release(request, 'rome', release), { height: 7, form: 'computation', content: digestOf('manifest') })
    await play.refuses('RELEASE_EXISTS', record())
  }],
  ['no release is recorded after the holder took its answer back, or the request ended', async (play) => {
    await play.founded()
    await play.accepts(file())
    await play.accepts(answer())
    await play.refuses('REQUEST_CLOSED', record({}, { time: suiteTime + 31 * day }))
    await play.accepts(answer({ state: 'refused', version: 2 }))
    await play.refuses('NO_ACCEPTED_REQUEST', record())
    await play.accepts(answer({ version: 3 }))
    await play.accepts(closeRequest())
    await play.refuses('REQUEST_CLOSED', record())
  }],
  ['private values leave a hash, and purging removes it for good', async (play) => {
    await play.founded()
    const value: PrivateValue = { key: ['note', 'one'], value: Buffer.from('0123456789abcdef and a value') }
    const hashes = privateHashes(value.key, value.value)
    const put = (by = 'rome'): Transaction => transaction({ call: 'private@1 put', by, payload: hashes })
    const purge = (by = 'rome'): Transaction => transaction({ call: 'private@1 purge', by, payload: { keyHash: hashes.keyHash } })
    await play.refuses('PRIVATE_UNKNOWN', purge())
    await play.accepts(put(), value)
    await play.holds(stateKeys.privateValue('rome', hashes.keyHash), { state: 'present', valueHash: hashes.valueHash })
    await play.refuses('PRIVATE_EXISTS', put(), value)
    await play.refuses('PRIVATE_UNKNOWN', purge('berlin'))
    await play.accepts(purge())
    await play.holds(stateKeys.privateValue('rome', hashes.keyHash), { state: 'purged', valueHash: undefined as never })
    await play.refuses('PRIVATE_UNKNOWN', purge())
    await play.refuses('PRIVATE_EXISTS', put(), value)
  }],
]

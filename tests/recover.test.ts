// Recovery by the command line: a hospital that can't be reached is linked by the same command later, and a code of another account changes nothing.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runJson } from '@mhmd/devnet'
import { importPatients, mrn, smallNetwork } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

let network: SmallNetwork
before(async () => {
  network = await smallNetwork()
  await importPatients(network, 1)
})
after(() => network.close())

interface Recovered { readonly holders: readonly string[]; readonly unreachable: readonly string[] }

test('recover goes on where it stopped', async () => {
  const [old, fresh] = [join(network.folder, 'old-device'), join(network.folder, 'new-device')]
  const provider = ['--provider-url', network.url('accounts')]
  const { recoveryCode } = await runJson<{ recoveryCode: string }>(['citizen', 'new', '--device', old, ...provider])
  const { code } = await network.staff('rome').post<{ code: string }>('/staff/1/link-codes', mrn(0))
  await runJson(['citizen', 'enrol', '--device', old, '--holder', 'rome', '--code', code])
  const recover = (with_: string): Promise<Recovered> => runJson(['citizen', 'recover', '--device', fresh, ...provider, '--code', with_])
  await network.stopNode('rome')
  const first = await recover(recoveryCode)
  assert.deepEqual([first.holders, first.unreachable], [[], ['rome']])
  await network.start('rome')
  const second = await recover(recoveryCode)
  assert.deepEqual([second.holders, second.unreachable], [['rome'], []])
  const views = await runJson<{ holder: string }[]>(['citizen', 'show', '--device', fresh])
  assert.deepEqual(views.map(({ holder }) => holder), ['rome'])
  assert.deepEqual((await recover(recoveryCode)).holders, [])
  const other = await runJson<{ recoveryCode: string }>(['citizen', 'new', '--device', join(network.folder, 'another'), ...provider])
  await assert.rejects(recover(other.recoveryCode), /CLI_FILE_EXISTS/)
})

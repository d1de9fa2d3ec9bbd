// A small network in one process doing one of each act that is acknowledged to a person, for `conformance/sync-trace.ts` to trace.
// Argument: the file for the ids by which the trace's reader finds each act.
import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { newId } from '@mhmd/base'
import { onLedger, withdraw } from '@mhmd/client'
import { Citizen, importPatients, randomness, smallNetwork, until } from '../../tests/support/small-network.ts'

/** Ids that stand in the traced bytes. */
export interface TracedActs {
  readonly decision: string
  readonly request: string
  readonly upload: string
  readonly job: string
  /** Stands in the uploaded file alone. */
  readonly marker: string
}

if (import.meta.main) {
  const network = await smallNetwork()
  try {
    await importPatients(network, 3)
    const citizen = await Citizen.settle(network, 1)
    citizen.set(withdraw(citizen.device, { holder: 'rome' }))
    const decision = citizen.device.state.decisions.at(-1)
    if (decision === undefined) throw new Error('she decided nothing')
    await until('her withdrawal has arrived', async () => (await citizen.send()).length === 0)
    await until('her withdrawal is on the ledger', async () => (await onLedger(citizen.device, decision)).code === 'VALID')

    const request = newId(randomness)
    await network.staff('institute').post('/staff/1/requests', {
      id: request, holders: ['rome'], class: 'research-organisation', title: 'Traced', summary: '', purpose: 'health-research', categories: ['a'], fhirTypes: ['Patient'], question: { all: [{ type: 'sex', value: 'female' }] }, days: 30,
    })

    const marker = newId(randomness)
    const body = Buffer.from(`${JSON.stringify({ resourceType: 'Patient', id: marker, identifier: [{ system: 'urn:example:traced', value: marker }] })}\n`)
    const staff = network.staff('rome')
    const { id: upload, token } = await staff.post<{ id: string; token: string }>('/staff/1/imports', { name: 'traced.ndjson', size: body.length, sha256: createHash('sha256').update(body).digest('base64url') })
    const sent = await fetch(`${network.url('rome')}/staff/1/uploads/${upload}`, { method: 'PUT', body, headers: { 'content-type': 'application/vnd.mhmd.upload', 'x-upload-token': token, 'x-upload-offset': '0' } })
    const { job } = await sent.json() as { job: string }
    await until('the import is done', async () => (await staff.get<{ state: string }>(`/staff/1/imports/${job}`)).state === 'done')
    const acts: TracedActs = { decision: decision.statement.operationId, request, upload, job, marker }
    writeFileSync(process.argv[2] ?? '', JSON.stringify(acts))
  } finally {
    await network.close()
  }
}

// Sends one file of records to the node and waits until it is imported.
import { basename } from 'node:path'
import type { PeopleClient } from '@mhmd/client'
import { cliErrors } from './errors.ts'
import { digestFile } from './files.ts'
import { patiently } from './action.ts'
import type { JobView } from './jobs.ts'
import type { Output } from './output.ts'
import { uploadFile } from './upload.ts'

export interface ImportState {
  readonly id: string
  readonly state: 'waiting' | 'done' | 'failed' | 'cancelled'
  readonly code?: string
  readonly report: { readonly read: number; readonly added: number; readonly changed: number; readonly unchanged: number; readonly quarantined: number; readonly unresolved: number } | null
}

export interface ImportHow {
  readonly node: string
  readonly output: Output
  readonly full: boolean
  /** Only if no file of the same bytes was imported before. */
  readonly once?: boolean
}

const POLL_MILLISECONDS = 250

/** A cut connection is taken up where it broke. Throws CLI_BAD_OPTION for an empty file, CLI_IMPORT_FAILED. */
export async function importFile(client: PeopleClient, file: string, how: ImportHow): Promise<ImportState> {
  const { size, sha256 } = await digestFile(file)
  if (size === 0) throw cliErrors.BAD_OPTION({ option: file, why: 'the file is empty' })
  const upload = await patiently(() => client.post<{ id: string; token?: string; job?: string }>('/staff/1/imports', { name: basename(file).slice(0, 120), size, sha256, ...(how.full ? { level: 'full' } : {}), ...(how.once === true ? { once: true } : {}) }), how.output)
  const job = upload.job ?? (await uploadFile(file, { url: new URL(`/staff/1/uploads/${upload.id}`, how.node), token: upload.token ?? '', size })).job
  return followImport(client, job, { what: file, output: how.output })
}

/** Waits for the end of an import's job, whatever becomes of the node meanwhile. Throws CLI_IMPORT_FAILED. */
export async function followImport(client: PeopleClient, job: string, { what, output }: { what: string; output: Output }): Promise<ImportState> {
  for (;;) {
    const state = await patiently(() => client.get<ImportState>(`/staff/1/imports/${job}`), output)
    if (state.state === 'done') return state
    if (state.state !== 'waiting') throw cliErrors.IMPORT_FAILED({ file: basename(what), outcome: await outcomeOf(client, job) })
    if (state.report !== null) output.progress(`${basename(what)}: ${state.report.read} resources …`)
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
  }
}

async function outcomeOf(client: PeopleClient, id: string): Promise<string> {
  const { job: { state, problem } } = await client.get<JobView>(`/staff/1/jobs/${id}`)
  return problem === undefined ? state : `${problem.code}: ${problem.message}${problem.message.endsWith('.') ? '' : '.'} ${problem.remedy}`
}

export const countsOf = ({ report }: ImportState): string =>
  `${report?.read ?? 0} resources, ${report?.added ?? 0} added, ${report?.changed ?? 0} changed, ${report?.unchanged ?? 0} unchanged, ${report?.quarantined ?? 0} in quarantine`

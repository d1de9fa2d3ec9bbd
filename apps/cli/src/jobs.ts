// Commands about jobs: what a node is doing, how far it is, and an end to one that waits; other commands wait for theirs here.
import type { PeopleClient } from '@mhmd/client'
import { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { cliErrors } from './errors.ts'
import { table, when } from './output.ts'
import type { Output } from './output.ts'

interface JobRow {
  readonly id: string
  readonly kind: string
  readonly state: 'waiting' | 'done' | 'failed' | 'cancelled'
  readonly created: number
  readonly progress?: { readonly done: number; readonly total: number }
  readonly code?: string
}
export interface JobView {
  readonly job: JobRow
  readonly log: readonly { readonly at: number; readonly event: string; readonly details: Readonly<Record<string, string | number>> }[]
}

const POLL_MILLISECONDS = 250

export function jobCommand(): Command {
  return new Command('job').description('what this node is doing').addCommand(
    staffAction('list', 'jobs and their states').action(asStaff(async (client, _options, output) => {
      const { jobs } = await client.get<{ jobs: JobRow[] }>('/staff/1/jobs')
      output.result(jobs, table([['job', 'kind', 'began', 'state', 'code'], ...jobs.map((job) => [job.id, job.kind, when(job.created), stateText(job), job.code ?? ''])]))
    })),
  ).addCommand(
    staffAction('show', 'a job with its log').requiredOption('--job <id>')
      .action(asStaff<{ job: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const view = await client.get<JobView>(`/staff/1/jobs/${options.job}`)
        output.result(view, [`${view.job.kind}: ${stateText(view.job)}${view.job.code === undefined ? '' : ` (${view.job.code})`}`, ...logLines(view)])
      })),
  ).addCommand(
    staffAction('cancel', 'cancel a job that waits or runs').requiredOption('--job <id>')
      .action(asStaff<{ job: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        await client.delete(`/staff/1/jobs/${options.job}`)
        output.result({ job: options.job }, ['Cancelled.'])
      })),
  )
}

const stateText = ({ state, progress }: JobRow): string => state === 'waiting' && progress !== undefined ? `${progress.done} of ${progress.total}` : state

export const logLines = ({ log }: JobView): string[] => log.map(({ at, event, details }) => `${when(at)}  ${event}${Object.entries(details).map(([name, value]) => ` ${name}=${value}`).join('')}`)

/** The job once it is over. Throws CLI_JOB_FAILED. */
export async function jobDone(client: PeopleClient, id: string, output: Output): Promise<JobView> {
  let told = ''
  for (;;) {
    const view = await client.get<JobView>(`/staff/1/jobs/${id}`)
    const { job } = view
    if (job.state === 'done') return view
    if (job.state !== 'waiting') {
      for (const line of logLines(view)) output.progress(line)
      throw cliErrors.JOB_FAILED({ job: id, outcome: job.code ?? job.state })
    }
    if (stateText(job) !== told) output.progress(told = stateText(job))
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
  }
}

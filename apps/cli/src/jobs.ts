// Commands about jobs: what a node is doing, how far it is, and an end to one that waits; other commands wait for theirs here.
import type { MhmdError } from '@mhmd/base'
import type { PeopleClient } from '@mhmd/client'
import { Command } from 'commander'
import { reviveError } from '@mhmd/messages'
import { asStaff, patiently, staffAction } from './action.ts'
import { cliErrors } from './errors.ts'
import { table, when } from './output.ts'
import type { Output } from './output.ts'
import { printList, searchable } from './paged.ts'
import type { PageOptions } from './paged.ts'

interface JobRow {
  readonly id: string
  readonly kind: string
  readonly state: 'waiting' | 'done' | 'failed' | 'cancelled'
  readonly created: number
  readonly progress?: { readonly done: number; readonly total: number }
  readonly code?: string
  readonly problem?: { readonly code: string; readonly message: string; readonly remedy: string }
}
export interface JobView {
  readonly job: JobRow
  readonly log: readonly { readonly at: number; readonly event: string; readonly details: Readonly<Record<string, string | number>> }[]
}

const POLL_MILLISECONDS = 250

export function jobCommand(): Command {
  return new Command('job').description('what this node is doing').addCommand(
    searchable(staffAction('list', 'jobs and their states, newest first')).action(asStaff<PageOptions>((client, options, output) => printList<JobRow>(client, {
      path: '/staff/1/jobs', name: 'jobs', options, lines: (jobs) => table([['job', 'kind', 'began', 'state', 'code'], ...jobs.map((job) => [job.id, job.kind, when(job.created), stateText(job), job.code ?? ''])]),
    }, output))),
  ).addCommand(
    staffAction('show', 'a job with its log').requiredOption('--job <id>')
      .action(asStaff<{ job: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const view = await client.get<JobView>(`/staff/1/jobs/${options.job}`)
        output.result(view, [`${view.job.kind}: ${stateText(view.job)}${view.job.code === undefined ? '' : ` (${view.job.code})`}`, ...problemLines(view.job), ...logLines(view)])
      })),
  ).addCommand(
    staffAction('cancel', 'cancel a job that waits or runs').requiredOption('--job <id>')
      .action(asStaff<{ job: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        await client.delete(`/staff/1/jobs/${options.job}`)
        output.result({ job: options.job }, ['Cancelled.'])
      })),
  ).addCommand(
    staffAction('resume', 'have a job go on that failed or was cancelled').requiredOption('--job <id>')
      .action(asStaff<{ job: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        await client.post(`/staff/1/jobs/${options.job}/resumption`, {})
        output.result({ job: options.job }, [`It goes on. See how far it is with: mhmd job show --job ${options.job}`])
      })),
  )
}

const stateText = ({ state, progress }: JobRow): string => state === 'waiting' && progress !== undefined ? `${progress.done} of ${progress.total}` : state

export const logLines = ({ log }: JobView): string[] => log.map(({ at, event, details }) => `${when(at)}  ${event}${Object.entries(details).map(([name, value]) => ` ${name}=${value}`).join('')}`)

const problemLines = ({ problem }: JobRow): string[] => problem === undefined ? [] : [`${problem.code}: ${problem.message}`, `  → ${problem.remedy}`]

/** What ended the job, as an error. */
const endOf = ({ id, problem }: JobRow): MhmdError => reviveError({ error: problem }) ?? cliErrors.JOB_CANCELLED({ job: id })

/** The job once it is over, whatever becomes of the node meanwhile. Throws what the job failed with, CLI_JOB_CANCELLED. */
export async function jobDone(client: PeopleClient, id: string, output: Output): Promise<JobView> {
  let told = ''
  for (;;) {
    const view = await patiently(() => client.get<JobView>(`/staff/1/jobs/${id}`), output)
    const { job } = view
    if (job.state === 'done') return view
    if (job.state !== 'waiting') {
      for (const line of logLines(view)) output.progress(line)
      throw endOf(job)
    }
    const now = [stateText(job), ...problemLines(job)].join('\n')
    if (now !== told) output.progress(told = now)
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
  }
}

// Commands of a hospital's staff about patients who stand under two numbers: put together, taken apart, listed.
import { Option } from 'commander'
import type { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { cliErrors } from './errors.ts'
import { table, when } from './output.ts'
import { paged, printList } from './paged.ts'
import type { PageOptions } from './paged.ts'

interface Merge {
  readonly id: string
  readonly at: number
  readonly origin: 'staff' | 'source'
  readonly state: 'merged' | 'ended' | 'proposed' | 'declined'
  readonly by: string | null
  readonly reason: string | null
  readonly ended: { readonly at: number; readonly reason: string | null } | null
  readonly link: { readonly patient: string; readonly other: string } | null
}

type Proposal = { readonly merge: string; readonly stays?: string; readonly reason?: string; readonly decline?: true; readonly profile?: string; readonly json?: boolean }
const mergeReasons = ['REGISTERED_TWICE', 'PROVISIONAL_NUMBER', 'PATIENT_SAYS_SO', 'INDEX_SAYS_SO'] as const
const endReasons = ['TWO_PEOPLE', 'PATIENT_SAYS_SO', 'INDEX_SAYS_SO'] as const
const reasonOption = (reasons: readonly string[]): Option => new Option('--reason <code>', 'why').choices(reasons)

type Named = { readonly system: string; readonly value: string; readonly profile?: string; readonly json?: boolean }

const patient = (name: string, description: string): Command => staffAction(name, description).requiredOption('--system <uri>', 'system of the patient\'s identifier').requiredOption('--value <text>', 'the identifier')

export const mergeCommands = (): Command[] => [
  patient('merge', 'say that two patients here are one person; an objection to either then counts for both, and no consent widens').requiredOption('--into-value <text>', 'identifier of the patient that stays').option('--into-system <uri>', 'its system, where it is another one').addOption(reasonOption(mergeReasons).default('REGISTERED_TWICE'))
    .action(asStaff<Named & { intoValue: string; intoSystem?: string; reason: string }>(async (client, { system, value, intoValue, intoSystem, reason }, output) => {
      const done = await client.post<Merge>('/staff/1/merges', { patient: { system, value }, into: { system: intoSystem ?? system, value: intoValue }, reason })
      output.result(done, [`Merged ${when(done.at)} (${done.id}). Nothing was moved: \`mhmd records unmerge\` takes them apart again.`])
    })),
  patient('unmerge', 'take patients apart that were merged by mistake; each is again what she was').option('--merge <id>', 'which merge, where she is part of several').addOption(reasonOption(endReasons).default('TWO_PEOPLE'))
    .action(asStaff<Named & { merge?: string; reason: string }>(async (client, { system, value, merge, reason }, output) => {
      const found = (await client.post<{ merges: Merge[] }>('/staff/1/merges/search', { system, value })).merges.filter(({ id, state }) => state === 'merged' && (merge === undefined || id === merge))
      const [only, ...others] = found
      if (only === undefined) throw cliErrors.BAD_OPTION({ option: '--value', why: 'this patient is part of no such merge' })
      if (others.length > 0) throw cliErrors.BAD_OPTION({ option: '--merge', why: `name one of ${found.map(({ id }) => id).join(', ')}` })
      const done = await client.delete<Merge>(`/staff/1/merges/${only.id}?reason=${reason}`)
      output.result(done, ['Taken apart. What left by a consent of the other is called back.'])
    })),
  paged(staffAction('merges', 'merges of patients here, and those that the record system\'s links propose, newest first')).addOption(new Option('--state <state>', 'only those in this state').choices(['merged', 'ended', 'proposed', 'declined']))
    .action(asStaff<PageOptions & { state?: string }>((client, options, output) => printList<Merge>(client, {
      path: '/staff/1/merges', name: 'merges', query: { state: options.state }, options, lines: (merges) => table([['merge', 'since', 'state', 'by', 'reason', 'link'], ...merges.map(({ id, at, state, origin, by, reason, ended, link }) => [id, when(at), state, by?.slice(0, 12) ?? origin, ended?.reason ?? reason ?? '', link === null ? '' : `${link.patient} → ${link.other}`])]),
    }, output))),
  staffAction('proposal', 'follow what the record system\'s link proposes of two patients, or decline it').requiredOption('--merge <id>', 'which one (mhmd records merges --state proposed)')
    .addOption(new Option('--stays <which>', 'follow it: which of the two that its link names stays').choices(['patient', 'other'])).addOption(reasonOption(mergeReasons)).option('--decline', 'they are two people')
    .action(asStaff<Proposal>(async (client, { merge, stays, reason, decline }, output) => {
      if ((stays === undefined) === (decline === undefined)) throw cliErrors.BAD_OPTION({ option: '--decline', why: 'say either --stays or --decline' })
      const done = stays === undefined ? await client.delete<Merge>(`/staff/1/merges/${merge}?reason=TWO_PEOPLE`) : await client.post<Merge>(`/staff/1/merges/${merge}/acceptance`, { stays, reason: reason ?? 'INDEX_SAYS_SO' })
      output.result(done, [done.state === 'merged' ? `Merged ${when(done.at)} (${done.id}). Nothing was moved.` : 'Declined; it is not proposed again.'])
    })),
]

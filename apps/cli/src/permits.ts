// Commands about permits: an officer of an access body decides on applications; holders, requesters and the body itself see what is permitted, and who must deliver by when.
import { Command, Option } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { cliErrors } from './errors.ts'
import { table, when } from './output.ts'
import { printList, searchable } from './paged.ts'
import type { PageOptions } from './paged.ts'

interface PermitRow {
  readonly request: string
  readonly version: number
  readonly title: string | null
  readonly purpose: string
  readonly form: string
  readonly requester: string
  readonly authority: string
  readonly state: string
  readonly reason: string
  readonly explanation: string | null
  readonly permit: { readonly kind: string; readonly until: number; readonly conditions: readonly string[] | null; readonly deliverBy: number | null } | null
  readonly deliveries: readonly { readonly holder: string; readonly first: number | null; readonly late: boolean }[]
}

interface Application {
  readonly document: { readonly id: string; readonly title: string; readonly purpose: string; readonly form: string; readonly requester: { readonly member: string } }
  readonly received: number
  readonly permit: PermitRow
}

type Acting<T> = T & { readonly profile?: string; readonly json?: boolean }
interface Decided {
  readonly height: number
  readonly operation: string
}

const conditions = ['secure-processing-environment', 'ethics-approval', 'named-persons-only', 'no-re-identification', 'publication-of-results']
const collect = (value: string, before: readonly string[] = []): string[] => [...before, value]
const wholeDays = (option: string, text: string | undefined): number | undefined => {
  const days = text === undefined ? undefined : Number(text)
  if (days !== undefined && (!Number.isSafeInteger(days) || days < 1)) throw cliErrors.BAD_OPTION({ option, why: 'it must be a whole number, one or more' })
  return days
}
/** Only what was given. */
const given = (members: Readonly<Record<string, unknown>>): object => Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))

interface Step {
  readonly at: number
  readonly by: string
  readonly state: string
  readonly reason: string
  readonly explanation: string | null
}

interface IssueOptions {
  readonly request: string
  readonly days?: string
  readonly deliverWithin?: string
  readonly kind?: string
  readonly condition?: readonly string[]
  readonly reason?: string
  readonly explanation?: string
}

export function permitCommand(): Command {
  return new Command('permit').description('permits of access bodies, and applications for them').addCommand(
    searchable(staffAction('list', 'applications and permits that name this organisation, and who has delivered or is late; first those that wait, then the newest')).addOption(new Option('--only <which>', 'those for which a permit was ever issued, or those of which a holder is late').choices(['issued', 'late'])).action(asStaff<PageOptions & { only?: string }>((client, options, output) => printList<PermitRow>(client, {
      path: '/staff/1/permits', name: 'permits', query: { only: options.only }, options,
      lines: (permits) => permits.length === 0 ? ['No such application for a permit names this organisation.'] : [
        ...table([['request', 'state', 'requester', 'authority', 'form', 'until', 'deliver by', 'delivered', 'title'], ...permits.map((row) => [row.request, row.state, row.requester, row.authority, row.form, day(row.permit?.until), day(row.permit?.deliverBy), delivered(row), row.title ?? '-'])]),
        ...permits.flatMap(({ request, reason, explanation, permit }) => [...(explanation === null ? [] : [`${request} ${reason}: ${explanation}`]), ...(permit?.conditions?.length ? [`${request} on condition of: ${permit.conditions.join(', ')}`] : [])]),
      ],
    }, output))),
  ).addCommand(
    searchable(staffAction('applications', 'at the access body: applications that it decides on, with what each is for; first those that wait, then the newest')).action(asStaff<PageOptions>((client, options, output) => printList<Application>(client, {
      path: '/staff/1/applications', name: 'applications', options,
      lines: (applications) => applications.length === 0 ? ['No such application has come.'] : table([['request', 'state', 'version', 'came', 'requester', 'purpose', 'form', 'title'], ...applications.map(({ document, received, permit }) => [document.id, permit.state, String(permit.version), when(received), document.requester.member, document.purpose, document.form, document.title])]),
    }, output))),
  ).addCommand(
    staffAction('application', 'at the access body: the whole text of one application, as JSON').requiredOption('--request <id>').action(asStaff<Acting<{ request: string }>>(async (client, { request }, output) => {
      const application = await client.get<Application>(`/staff/1/applications/${request}`)
      output.result(application, JSON.stringify(application.document, null, 2).split('\n'))
    })),
  ).addCommand(
    staffAction('issue', 'as an officer of the access body: find an application complete and issue a permit for it').requiredOption('--request <id>').option('--days <days>', 'how long it holds; as long as the request where left out')
      .option('--deliver-within <days>', 'by when holders deliver: at most three months (Art. 60(2) EHDS), which is taken where left out')
      .addOption(new Option('--kind <kind>', 'a data permit (Art. 68) or an approved request for statistics (Art. 69); by the form where left out').choices(['data-permit', 'data-request']))
      .addOption(new Option('--condition <condition>', 'a condition; may be repeated; the safeguards that the request promises where left out').choices(conditions).argParser((value: string, before: string[] | undefined) => {
        if (!conditions.includes(value)) throw cliErrors.BAD_OPTION({ option: '--condition', why: `it is one of ${conditions.join(', ')}` })
        return collect(value, before)
      }))
      .option('--reason <code>', 'why, as a code').option('--explanation <text>', 'why, in your words: for the requester and the holders')
      .action(asStaff<Acting<IssueOptions>>(async (client, options, output) => {
        const done = await client.post<Decided & { permit: string }>(`/staff/1/applications/${options.request}/permit`, given({
          days: wholeDays('--days', options.days), deliverWithinDays: wholeDays('--deliver-within', options.deliverWithin), kind: options.kind, conditions: options.condition, reason: options.reason, explanation: options.explanation,
        }))
        output.result(done, [`Permit ${done.permit} stands on the ledger since height ${done.height}; requester and holders are told.`])
      })),
  ).addCommand(
    staffAction('show', 'one application: how it stands, and its course').requiredOption('--request <id>').action(asStaff<Acting<{ request: string }>>(async (client, { request }, output) => {
      const shown = await client.get<{ permit: PermitRow; course: readonly Step[] }>(`/staff/1/permits/${request}`)
      output.result(shown, [`${shown.permit.title ?? request}: ${shown.permit.state}`, ...table([['when', 'who', 'what', 'reason', 'in words'], ...shown.course.map(({ at, by, state, reason, explanation }) => [when(at), by, state, reason, explanation ?? '-'])])])
    })),
  ).addCommand(
    staffAction('incomplete', 'as an officer of the access body: tell the applicant what is missing; she may amend it').requiredOption('--request <id>').requiredOption('--missing <text>', 'what is missing, in your words: for the applicant').option('--reason <code>', 'why, as a code')
      .action(asStaff<Acting<{ request: string; missing: string; reason?: string }>>(async (client, { request, missing, reason }, output) => {
        const done = await client.post<Decided>(`/staff/1/applications/${request}/incompleteness`, given({ missing, reason }))
        output.result(done, [`Called incomplete, on the ledger since height ${done.height}; the applicant is told.`])
      })),
  ).addCommand(ending('refuse', { description: 'as an officer of the access body: refuse an application', door: 'refusal', said: 'Refused' })).addCommand(ending('revoke', { description: 'as an officer of the access body: revoke a permit; nothing leaves under it any more', door: 'revocation', said: 'Revoked' }))
}

const ending = (name: string, { description, door, said }: { description: string; door: string; said: string }): Command => staffAction(name, description).requiredOption('--request <id>').requiredOption('--reason <code>', 'why, as a code like CRITERIA_NOT_MET').option('--explanation <text>', 'why, in your words: for the requester and the holders')
  .action(asStaff<Acting<{ request: string; reason: string; explanation?: string }>>(async (client, { request, reason, explanation }, output) => {
    const done = await client.post<Decided>(`/staff/1/applications/${request}/${door}`, given({ reason, explanation }))
    output.result(done, [`${said}, on the ledger since height ${done.height}; requester and holders are told.`])
  }))

const day = (time: number | null | undefined): string => (typeof time === 'number' ? when(time) : '-')
const delivered = ({ deliveries }: PermitRow): string => deliveries.map(({ holder, first, late }) => `${holder}: ${first === null ? (late ? 'LATE' : 'not yet') : when(first)}`).join(', ') || '-'

// Commands about requests: a researcher files, asks and reads; a steward decides; both see what left.
import { newId } from '@mhmd/base'
import type { PeopleClient } from '@mhmd/client'
import { releaseAssessmentStatement, signStatement, statementKinds } from '@mhmd/contracts'
import { commit, newSalt } from '@mhmd/crypto'
import { Command, Option } from 'commander'
import { asStaff, clock, patiently, randomness, repeated, staffAction } from './action.ts'
import type { OfferedRow } from './catalogue.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile, readProfile, readText } from './files.ts'
import { jobDone, logLines } from './jobs.ts'
import { table, when } from './output.ts'
import { printList, searchable } from './paged.ts'
import type { PageOptions } from './paged.ts'
import { messageCommand, messagesCommand } from './request-messages.ts'

interface RequestView {
  readonly document: { readonly id: string; readonly title: string; readonly purpose: string }
  readonly holders: readonly string[]
  readonly authority?: string
  readonly answers: Readonly<Record<string, { readonly state: string; readonly reason: string; readonly at: number }>>
  readonly answered: readonly { readonly ask: string; readonly holder: string; readonly answer: CountAnswer; readonly manifest: { readonly height: number; readonly notes?: readonly string[] }; readonly at: number }[]
}

interface InboxRow {
  readonly document: RequestView['document'] & { readonly basis: string; readonly requester: { readonly member: string } }
  readonly received: number
  readonly answer: { readonly state: string } | null
}

interface ReleaseListed {
  readonly id: string
  readonly at: number
  readonly to: string
  readonly height: number
  readonly considered: number
  readonly exact: number
  readonly table?: { readonly form: string }
  readonly recall: { readonly sent: number; readonly answered: number | null; readonly late: boolean } | null
}

type CountAnswer = { readonly released: true; readonly count: number } | { readonly released: false; readonly code: string }

const show = (answer: CountAnswer): string => answer.released ? String(answer.count) : answer.code

interface FileOptions {
  readonly document: string
  readonly authority?: string
  readonly dataset?: string
  readonly variables?: string
  readonly form?: string
  readonly profile?: string
  readonly json?: boolean
}

/** The document with what the catalogue says of the dataset that is asked for. */
async function withDataset(client: PeopleClient, document: unknown, { dataset, variables, form }: FileOptions): Promise<unknown> {
  const more = { ...(variables === undefined ? {} : { variables: variables.split(',').map((name) => name.trim()) }), ...(form === undefined ? {} : { form }) }
  if (dataset === undefined) return { ...document as object, ...more }
  const { dataset: row } = await client.get<{ dataset: OfferedRow }>(`/catalogue/1/datasets/${dataset.split('/').map(encodeURIComponent).join('/')}`)
  if (row.entry?.resource === undefined) throw cliErrors.BAD_OPTION({ option: '--dataset', why: 'it has no table, or its description is not here yet' })
  const columns = row.entry.columns?.map(({ name }) => name)
  const unknown = columns === undefined ? undefined : more.variables?.find((name) => !columns.includes(name))
  if (unknown !== undefined) throw cliErrors.BAD_OPTION({ option: '--variables', why: `${unknown} is none of its columns: ${columns?.join(', ')}` })
  const { question: _, ...asked } = document as { question?: unknown }
  return { ...asked, holders: [row.holder], categories: row.categories, fhirTypes: [row.entry.resource], form: 'anonymised', dataset: { holder: row.holder, id: row.dataset, version: row.version }, ...more }
}

export function requestCommand(): Command {
  return new Command('request').description('requests for a use of data').addCommand(
    staffAction('file', 'file a request on the ledger and send it to the holders').requiredOption('--document <file>', 'JSON: holders, class, title, summary, purpose, categories, fhirTypes, question, days; like docs/examples/request.json')
      .option('--authority <member>', 'the access body that is asked for a permit; without one the request rests on people\'s consent')
      .option('--dataset <dataset>', 'a table of this dataset, HOLDER/ID as in `mhmd catalogue list`: fills in holder, version, type and categories')
      .option('--variables <names>', 'columns wanted of it, with commas; all where left out').addOption(new Option('--form <form>', 'in which it is asked for').choices(['anonymised', 'pseudonymised']))
      .action(asStaff<FileOptions>(async (client, options, output) => {
        const document = { id: newId(randomness), ...await withDataset(client, readJsonFile(options.document), options) as object, ...(options.authority === undefined ? {} : { authority: options.authority }) }
        const filed = await repeated(() => client.post<{ request: string }>('/staff/1/requests', document))
        output.result(filed, [`Request ${filed.request} is filed and on its way to the holders${options.authority === undefined ? '' : `, and to ${options.authority}, which decides on it: mhmd permit list`}.`])
      })),
  ).addCommand(
    staffAction('amend', 'amend an application that its access body called incomplete').requiredOption('--request <id>').requiredOption('--document <file>', 'JSON: what changes of title, summary, class, categories, fhirTypes, question, dataset, variables, safeguards, returns')
      .action(asStaff<{ request: string; document: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const change = readJsonFile(options.document)
        const done = await repeated(() => client.post<{ height: number; version: number }>(`/staff/1/requests/${options.request}/amendment`, change))
        output.result(done, [`Amended, on the ledger since height ${done.height}; the access body and the holders are sent the new text.`])
      })),
  ).addCommand(
    staffAction('ask', 'ask the holders that accepted; each resolves the cohort anew').requiredOption('--request <id>')
      .option('--standing', 'ask again for each figure that is called back')
      .action(asStaff<{ request: string; standing?: true; profile?: string; json?: boolean }>(async (client, options, output) => {
        const ask = { ask: newId(randomness), ...(options.standing === undefined ? {} : { standing: true }) }
        const asked = await repeated(() => client.post<{ ask: string; holders: string[] }>(`/staff/1/requests/${options.request}/asks`, ask))
        output.result(asked, [`Asked ${asked.holders.join(', ')} (${asked.ask}). See the answers with: mhmd request show --request ${options.request}`])
      })),
  ).addCommand(
    staffAction('show', 'a request, who agreed, and what was answered').requiredOption('--request <id>')
      .action(asStaff<{ request: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const view = await client.get<RequestView>(`/staff/1/requests/${options.request}`)
        output.result(view, [
          `${view.document.title} (${view.document.purpose})`,
          ...(view.authority === undefined ? view.holders.map((holder) => `${holder}: ${view.answers[holder]?.state ?? 'no answer yet'}`) : [`${view.authority} decides on it (mhmd permit list); under its permit ${view.holders.join(', ')} must deliver.`]),
          ...(view.answered.length === 0 && view.holders.some((holder) => view.answers[holder]?.state === 'accepted') ? [`No answer is here: none was asked for yet, or what came was called back because somebody withdrew. Ask with: mhmd request ask --request ${options.request}`] : []),
          ...(view.answered.length === 0 ? [] : table([['asked', 'holder', 'answer', 'holds at height'], ...view.answered.map((row) => [when(row.at), row.holder, show(row.answer), String(row.manifest.height)])])),
          ...(view.answered.some((row) => !row.answer.released) ? ['Withheld: the answer could tell something about a person, for instance because too few permit the use.'] : []),
          ...new Set(view.answered.flatMap((row) => row.manifest.notes ?? [])),
        ])
      })),
  ).addCommand(
    searchable(staffAction('list', 'requests this organisation filed, newest first')).action(asStaff<PageOptions>((client, options, output) => printList<{ request: string; title: string; filed: number }>(client, {
      path: '/staff/1/requests', name: 'requests', options, lines: (rows) => table([['request', 'filed', 'title'], ...rows.map((row) => [row.request, when(row.filed), row.title])]),
    }, output))),
  ).addCommand(
    searchable(staffAction('inbox', 'requests that others sent to this holder: those that wait for an answer, then the newest')).action(asStaff<PageOptions>((client, options, output) => printList<InboxRow>(client, {
      path: '/staff/1/inbox', name: 'requests', options, lines: (rows) => table([['request', 'received', 'from', 'purpose', 'answer', 'title'], ...rows.map((row) => [row.document.id, when(row.received), row.document.requester.member, row.document.purpose, row.answer?.state ?? (row.document.basis === 'permit' ? 'permit' : '-'), row.document.title])]),
    }, output))),
  ).addCommand(
    staffAction('answer', 'accept or refuse a request as its holder').requiredOption('--request <id>').addOption(new Option('--state <state>', 'what you answer').choices(['accepted', 'refused']).makeOptionMandatory()).option('--reason <code>', 'why, as a code like NOT_ETHICAL')
      .action(asStaff<{ request: string; state: string; reason?: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const done = await client.post<{ height: number; operation: string; replaced?: string }>(`/staff/1/inbox/${options.request}/answer`, { state: options.state, ...(options.reason === undefined ? {} : { reason: options.reason }) })
        output.result(done, [
          `Recorded on the ledger at height ${done.height}: ${options.state}.`,
          ...(done.replaced === undefined ? [] : [`It replaces your earlier answer: ${done.replaced}.`]),
          `A proof of it: mhmd proof${options.profile === undefined ? '' : ` --profile ${options.profile}`} --operation ${done.operation} --out proof.json`,
        ])
      })),
  ).addCommand(messageCommand()).addCommand(messagesCommand())
}

export function releaseCommand(): Command {
  return new Command('release').description('what left this holder').addCommand(
    searchable(staffAction('list', 'releases with their exact figures, for this holder\'s stewards only; newest first')).action(asStaff<PageOptions>((client, options, output) => printList<ReleaseListed>(client, {
      path: '/staff/1/releases', name: 'releases', options, lines: (rows) => table([['release', 'at', 'to', 'form', 'height', 'people permitted', 'people in it', 'called back'], ...rows.map((row) => [row.id, when(row.at), row.to, row.table?.form ?? 'count', String(row.height), String(row.considered), String(row.exact), recallText(row.recall)])]),
    }, output))),
  ).addCommand(
    staffAction('table', 'make the table that an accepted request asks for; nothing leaves unless the gate passes its bytes').requiredOption('--request <id>')
      .action(asStaff<{ request: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const job = newId(randomness)
        await patiently(() => client.post('/staff/1/releases/tables', { request: options.request, job }), output)
        const done = await jobDone(client, job, output)
        output.result(done, [...logLines(done), 'The gate let it through; it is on its way to its recipient.'])
      })),
  ).addCommand(
    staffAction('assess', 'say on the ledger, signed with your key, what a table is for its recipient; your reasons stay here').requiredOption('--release <id>')
      .addOption(new Option('--state <state>', 'what you hold of it').choices(['anonymous', 'not-anonymous']).makeOptionMandatory()).requiredOption('--reasons <file>', 'a text: why, for this recipient and context').requiredOption('--days <days>', 'until when it holds').option('--reason <code>', 'the reason as a code', 'RISK_IS_REMOTE')
      .action(asStaff<AssessOptions>(async (client, options, output) => {
        const done = await client.post<{ height: number }>(`/staff/1/releases/${options.release}/assessment`, await assessment(client, options))
        output.result(done, [`Recorded on the ledger at height ${done.height}: ${options.state}.`])
      })),
  )
}

interface AssessOptions {
  readonly release: string
  readonly state: 'anonymous' | 'not-anonymous'
  readonly reasons: string
  readonly days: string
  readonly reason: string
  readonly profile?: string
  readonly json?: boolean
}

/** Signed here, with the steward's own key: the machine calls nothing anonymous. */
async function assessment(client: PeopleClient, { release, state, reasons: file, days, reason, profile }: AssessOptions): Promise<object> {
  const length = Number(days)
  if (!Number.isSafeInteger(length) || length < 1) throw cliErrors.BAD_OPTION({ option: '--days', why: 'it must be a whole number, one or more' })
  const [reasons, salt, { key }] = [readText(file), newSalt(randomness), readProfile(profile)]
  const about = await client.get<{ request: string; recipient: string; network: string; holder: string; version: number }>(`/staff/1/releases/${release}/assessment`)
  const statement = releaseAssessmentStatement({ network: about.network, holder: about.holder, request: about.request, release, recipient: about.recipient, state, reason, report: commit('release-assessment-report', reasons, salt), until: clock.now() + length * 86_400_000, version: about.version + 1 })
  return { statement, by: { key: key.publicKey, signature: signStatement(statementKinds.releaseAssessment, statement, key) }, reasons, salt }
}

function recallText(recall: { readonly sent: number; readonly answered: number | null; readonly late: boolean } | null): string {
  if (recall === null) return '-'
  if (recall.answered !== null) return `answered ${when(recall.answered)}`
  return recall.late ? 'LATE' : 'told'
}

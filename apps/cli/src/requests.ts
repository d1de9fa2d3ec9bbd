// Commands about requests: a researcher files, asks and reads; a steward decides; both see what left.
import { Command, Option } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { readJsonFile } from './files.ts'
import { table, when } from './output.ts'

interface RequestView {
  readonly document: { readonly id: string; readonly title: string; readonly purpose: string }
  readonly holders: readonly string[]
  readonly answers: Readonly<Record<string, { readonly state: string; readonly reason: string; readonly at: number }>>
  readonly answered: readonly { readonly ask: string; readonly holder: string; readonly answer: CountAnswer; readonly manifest: { readonly height: number; readonly notes?: readonly string[] }; readonly at: number }[]
}

type CountAnswer = { readonly released: true; readonly count: number } | { readonly released: false; readonly code: string }

const show = (answer: CountAnswer): string => answer.released ? String(answer.count) : answer.code

export function requestCommand(): Command {
  return new Command('request').description('requests for a use of data').addCommand(
    staffAction('file', 'file a request on the ledger and send it to the holders').requiredOption('--document <file>', 'JSON: holders, class, title, summary, purpose, categories, fhirTypes, question, days; like docs/examples/request.json')
      .action(asStaff<{ document: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const filed = await client.post<{ request: string }>('/staff/1/requests', readJsonFile(options.document))
        output.result(filed, [`Request ${filed.request} is filed and on its way to the holders.`])
      })),
  ).addCommand(
    staffAction('ask', 'ask the holders that accepted; each resolves the cohort anew').requiredOption('--request <id>')
      .action(asStaff<{ request: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const asked = await client.post<{ ask: string; holders: string[] }>(`/staff/1/requests/${options.request}/asks`, {})
        output.result(asked, [`Asked ${asked.holders.join(', ')} (${asked.ask}). See the answers with: mhmd request show --request ${options.request}`])
      })),
  ).addCommand(
    staffAction('show', 'a request, who agreed, and what was answered').requiredOption('--request <id>')
      .action(asStaff<{ request: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const view = await client.get<RequestView>(`/staff/1/requests/${options.request}`)
        output.result(view, [
          `${view.document.title} (${view.document.purpose})`,
          ...view.holders.map((holder) => `${holder}: ${view.answers[holder]?.state ?? 'no answer yet'}`),
          ...(view.answered.length === 0 ? [] : table([['asked', 'holder', 'answer', 'holds at height'], ...view.answered.map((row) => [when(row.at), row.holder, show(row.answer), String(row.manifest.height)])])),
          ...(view.answered.some((row) => !row.answer.released) ? ['Withheld: the answer could tell something about a person, for instance because too few permit the use.'] : []),
          ...new Set(view.answered.flatMap((row) => row.manifest.notes ?? [])),
        ])
      })),
  ).addCommand(
    staffAction('list', 'requests this organisation filed').action(asStaff(async (client, _options, output) => {
      const { requests } = await client.get<{ requests: { request: string; title: string; filed: number }[] }>('/staff/1/requests')
      output.result(requests, table([['request', 'filed', 'title'], ...requests.map((row) => [row.request, when(row.filed), row.title])]))
    })),
  ).addCommand(
    staffAction('inbox', 'requests that others sent to this holder').action(asStaff(async (client, _options, output) => {
      const { requests } = await client.get<{ requests: { document: RequestView['document'] & { requester: { member: string } }; received: number; answer: { state: string } | null }[] }>('/staff/1/inbox')
      output.result(requests, table([['request', 'received', 'from', 'purpose', 'answer', 'title'], ...requests.map((row) => [row.document.id, when(row.received), row.document.requester.member, row.document.purpose, row.answer?.state ?? '-', row.document.title])]))
    })),
  ).addCommand(
    staffAction('answer', 'accept or refuse a request as its holder').requiredOption('--request <id>').addOption(new Option('--state <state>', 'what you answer').choices(['accepted', 'refused']).makeOptionMandatory()).option('--reason <code>', 'why, as a code like NOT_ETHICAL')
      .action(asStaff<{ request: string; state: string; reason?: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const done = await client.post<{ height: number }>(`/staff/1/inbox/${options.request}/answer`, { state: options.state, ...(options.reason === undefined ? {} : { reason: options.reason }) })
        output.result(done, [`Recorded on the ledger at height ${done.height}: ${options.state}.`])
      })),
  )
}

export function releaseCommand(): Command {
  return new Command('release').description('what left this holder').addCommand(
    staffAction('list', 'releases with their exact figures, for this holder\'s stewards only').action(asStaff(async (client, _options, output) => {
      const { releases } = await client.get<{ releases: { id: string; at: number; to: string; request: string; height: number; considered: number; exact: number; tallies: { answers: Record<string, number> }; recall: { sent: number; answered: number | null; late: boolean } | null }[] }>('/staff/1/releases')
      output.result(releases, table([['release', 'at', 'to', 'height', 'people permitted', 'exact count', 'called back'], ...releases.map((row) => [row.id, when(row.at), row.to, String(row.height), String(row.considered), String(row.exact), recallText(row.recall)])]))
    })),
  )
}

function recallText(recall: { readonly sent: number; readonly answered: number | null; readonly late: boolean } | null): string {
  if (recall === null) return '-'
  if (recall.answered !== null) return `answered ${when(recall.answered)}`
  return recall.late ? 'LATE' : 'told'
}

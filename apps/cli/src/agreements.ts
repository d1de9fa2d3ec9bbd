// Commands about agreements and the tables under them: a holder offers and releases, a requester accepts, takes, and deletes.
import { createWriteStream, existsSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { cliErrors } from './errors.ts'
import { jobDone } from './jobs.ts'
import { table, when } from './output.ts'

interface AgreementRow {
  readonly document: { readonly request: string; readonly holder: string; readonly form: string; readonly until: number; readonly duties: readonly string[] }
  readonly state: string | null
}
interface HoldingRow {
  readonly release: string
  readonly holder: string
  readonly request: string
  readonly state: string
  readonly until: number
  readonly size: number
  readonly digest: string
  readonly assessment: { readonly state: string; readonly until: number } | null
}
type Acting<T> = T & { readonly profile?: string; readonly json?: boolean }

export function agreementCommand(): Command {
  return new Command('agreement').description('agreements under which tables leave').addCommand(
    staffAction('offer', 'as a holder: offer the requester of an accepted request an agreement').requiredOption('--request <id>').requiredOption('--days <days>', 'how long it holds, at most until the request ends')
      .action(asStaff<Acting<{ request: string; days: string }>>(async (client, options, output) => {
        const days = Number(options.days)
        if (!Number.isSafeInteger(days) || days < 1) throw cliErrors.BAD_OPTION({ option: '--days', why: 'it must be a whole number, one or more' })
        const done = await client.post<{ agreement: string; until: number; height: number }>(`/staff/1/inbox/${options.request}/agreement`, { days })
        output.result(done, [`Agreement ${done.agreement} is offered on the ledger since height ${done.height}, until ${when(done.until)}.`])
      })),
  ).addCommand(
    staffAction('list', 'agreements that holders offered this organisation').action(asStaff(async (client, _options, output) => {
      const { agreements } = await client.get<{ agreements: AgreementRow[] }>('/staff/1/agreements')
      output.result(agreements, table([['request', 'holder', 'form', 'until', 'state', 'duties'], ...agreements.map(({ document, state }) => [document.request, document.holder, document.form, when(document.until), state ?? 'not on the ledger', document.duties.join(',')])]))
    })),
  ).addCommand(
    staffAction('accept', 'accept a holder\'s agreement, on the ledger').requiredOption('--request <id>').requiredOption('--holder <id>')
      .action(asStaff<Acting<{ request: string; holder: string }>>(async (client, options, output) => {
        const done = await client.post<{ height: number }>(`/staff/1/agreements/${options.request}/${options.holder}/acceptance`, {})
        output.result(done, [`Accepted since height ${done.height}.`])
      })),
  ).addCommand(
    staffAction('end', 'end an agreement; what is held under it is deleted').requiredOption('--request <id>').requiredOption('--holder <id>')
      .action(asStaff<Acting<{ request: string; holder: string }>>(async (client, options, output) => {
        const done = await client.delete<{ height: number }>(`/staff/1/agreements/${options.request}/${options.holder}`)
        output.result(done, [`Ended since height ${done.height}; what is held under it is deleted.`])
      })),
  )
}

export function holdingCommand(): Command {
  return new Command('holding').description('tables of others that are here').addCommand(
    staffAction('list', 'under which request each is held, until when').action(asStaff(async (client, _options, output) => {
      const { holdings } = await client.get<{ holdings: HoldingRow[] }>('/staff/1/holdings')
      output.result(holdings, table([['release', 'holder', 'request', 'state', 'until', 'bytes', 'assessed'], ...holdings.map((row) => [row.release, row.holder, row.request, row.state, when(row.until), String(row.size), row.assessment === null ? '-' : `${row.assessment.state} until ${when(row.assessment.until)}`])]))
    })),
  ).addCommand(
    staffAction('get', 'write a table to a new file').requiredOption('--release <id>').requiredOption('--holder <id>').requiredOption('--out <file>')
      .action(asStaff<Acting<{ release: string; holder: string; out: string }>>(async (client, options, output) => {
        if (existsSync(options.out)) throw cliErrors.FILE_EXISTS({ file: options.out })
        await pipeline(await client.stream(`/staff/1/holdings/${options.release}/${options.holder}/bytes`), createWriteStream(options.out, { flags: 'wx', mode: 0o600 }))
        output.result({ file: options.out }, [`Written to ${options.out}. It is held for its agreement only: delete this copy with it.`])
      })),
  ).addCommand(
    staffAction('resume', 'go on with a transfer at the byte where it stood').requiredOption('--release <id>').requiredOption('--holder <id>')
      .action(asStaff<Acting<{ release: string; holder: string }>>(async (client, options, output) => {
        const { job } = await client.post<{ job: string }>(`/staff/1/holdings/${options.release}/${options.holder}/transfer`, {})
        output.result(await jobDone(client, job, output), ['The table is here.'])
      })),
  ).addCommand(
    staffAction('delete', 'delete a table for good; its holder gets a signed receipt').requiredOption('--release <id>').requiredOption('--holder <id>').option('--reason <code>', 'why, as a code', 'NO_LONGER_NEEDED')
      .action(asStaff<Acting<{ release: string; holder: string; reason: string }>>(async (client, options, output) => {
        const { job } = await client.post<{ job: string }>(`/staff/1/holdings/${options.release}/${options.holder}/deletion`, { reason: options.reason })
        output.result(await jobDone(client, job, output), ['Deleted; the receipt is on its way to the holder.'])
      })),
  )
}

// Commands of a hospital's staff about records and patients: import, watched folder, bulk export, quarantine, link codes, declarations at the desk.
import { basename } from 'node:path'
import { signStatement, statementKinds } from '@mhmd/contracts'
import type { DeskDeclaration } from '@mhmd/schema'
import { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { bulkCommand } from './bulk.ts'
import { cliErrors } from './errors.ts'
import { digestFile, readKeyFile, readProfile } from './files.ts'
import { countsOf, importFile } from './import-file.ts'
import type { ImportState } from './import-file.ts'
import { mergeCommands } from './merges.ts'
import { NOT_ALL, table, when } from './output.ts'
import { paged, printList } from './paged.ts'
import type { PageOptions } from './paged.ts'
import { profileCommand, provenanceCommand } from './profiles.ts'
import { watchCommand } from './watch-folder.ts'

interface Finding {
  readonly source: string
  readonly item: number
  readonly code: string
  readonly rule?: string
  readonly profile?: string
  readonly severity: string
  readonly path: string
}

interface ImportListed extends ImportState {
  readonly name: string
  readonly way: string | null
  readonly level: string | null
  readonly created: number
}

const POLL_MILLISECONDS = 250

export function recordsCommand(): Command {
  const records = new Command('records').description('health records kept at this holder').addCommand(
    staffAction('import', 'import FHIR R4 bundles (JSON) or NDJSON, gzip or not').argument('<files...>', 'files to import').option('--full', 'ask the invariants of FHIR R4 too, not its structure alone')
      .action(async (files: string[], options: { profile?: string; json?: boolean; full?: boolean }) => asStaff<typeof options>(async (client, _options, output) => {
        const reports: ImportState[] = []
        const { node } = readProfile(options.profile)
        for (const file of files) reports.push(await importFile(client, file, { node, output, full: options.full === true }))
        const lines = reports.map((report, at) => `${basename(files[at] ?? '')}: ${countsOf(report)}`)
        const isAnyRefused = reports.some(({ report }) => (report?.quarantined ?? 0) > 0)
        output.result(reports, isAnyRefused ? [...lines, 'NOT ALL was taken. Why something is in quarantine: mhmd records quarantine'] : lines)
        if (isAnyRefused) process.exitCode = NOT_ALL
      })(options)),
  ).addCommand(watchCommand()).addCommand(bulkCommand()).addCommand(
    paged(staffAction('quarantine', 'resources that were not taken, and why')).option('--import <id>', 'of one import alone').action(asStaff<PageOptions & { import?: string }>((client, options, output) => printList<Finding>(client, {
      path: '/staff/1/quarantine', name: 'quarantine', query: { import: options.import }, options,
      lines: (rows) => table([['source', 'item', 'code', 'path', 'profile', ''], ...rows.map((row) => [row.source, String(row.item), row.rule === undefined ? row.code : `${row.code} ${row.rule}`, row.path, row.profile ?? '', row.severity === 'warning' ? 'taken, with a warning' : ''])]),
    }, output))),
  ).addCommand(
    paged(staffAction('imports', 'imports of records and what each counted, newest first')).action(asStaff<PageOptions>((client, options, output) => printList<ImportListed>(client, {
      path: '/staff/1/imports', name: 'imports', options,
      lines: (rows) => table([['import', 'began', 'by way of', 'level', 'state', 'counted', 'name'], ...rows.map(({ id, created, way, level, state, report, name }) => [id, when(created), way ?? '', level ?? '', state, report === null ? '' : countsOf({ id, state, report }), name])]),
    }, output))),
  ).addCommand(
    staffAction('erase', 'erase everything kept here about a patient, on her request; it can\'t be taken back').requiredOption('--system <uri>', 'system of the patient\'s identifier').requiredOption('--value <text>', 'the identifier').requiredOption('--yes', 'you are sure')
      .action(asStaff<{ system: string; value: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const { erasure } = await client.post<{ erasure: string }>('/staff/1/erasures', { system: options.system, value: options.value })
        for (;;) {
          const state = await client.get<{ document: { statement: { at: number; removed: { what: string; rows: number }[] } } | null }>(`/staff/1/erasures/${erasure}`)
          if (state.document !== null) return output.result(state, [`Erased; the statement was signed at ${when(state.document.statement.at)}. Hand her a copy (--json).`])
          await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
        }
      })),
  ).addCommand(
    staffAction('unlink', 'close the key that was linked to a patient\'s records by mistake; it can\'t be taken back').requiredOption('--system <uri>', 'system of the patient\'s identifier').requiredOption('--value <text>', 'the identifier').requiredOption('--yes', 'you are sure')
      .action(asStaff<{ system: string; value: string; profile?: string; json?: boolean }>(async (client, options, output) => {
        const done = await client.post<{ closed: number }>('/staff/1/key-closings', { system: options.system, value: options.value })
        output.result(done, [`Closed ${when(done.closed)}: that key decides nothing about these records any more, and what left by its consents is called back.`, 'To link the right person, erase this copy and import the records again: they then stand under a new pseudonym.'])
      })),
  ).addCommand(
    staffAction('status', 'how many people have records here').action(asStaff(async (client, _options, output) => {
      const held = await client.get<{ subjects: number }>('/staff/1/records')
      output.result(held, [`${held.subjects} people`])
    })),
  )
  for (const command of [...mergeCommands(), profileCommand(), provenanceCommand()]) records.addCommand(command)
  return records
}

export function linkCodeCommand(): Command {
  return staffAction('link-code', 'a code for a patient, so that her device can link to her record; hand it to her in person')
    .requiredOption('--system <uri>', 'system of the patient\'s identifier').requiredOption('--value <text>', 'the identifier')
    .action(asStaff<{ system: string; value: string; profile?: string; json?: boolean }>(async (client, options, output) => {
      const issued = await client.post<{ code: string; expires: number }>('/staff/1/link-codes', { system: options.system, value: options.value })
      output.result(issued, [`Link code: ${issued.code}`, `Good once, until ${when(issued.expires)}. Check who she is before you hand it over.`])
    }))
}

export function deskCommand(): Command {
  return new Command('desk').description('declarations taken at the desk, under two staff signatures; never hers, always revocable by her').addCommand(
    staffAction('opt-out', 'record that a patient opts out (or takes it back), without an account')
      .requiredOption('--system <uri>').requiredOption('--value <text>').requiredOption('--second-key <file>', 'key file of the colleague who witnessed it')
      .requiredOption('--evidence <file>', 'the signed form as a file; only a salted commitment to it leaves this machine')
      .option('--withdraw', 'take an earlier desk opt-out back')
      .action(asStaff<{ system: string; value: string; secondKey: string; evidence: string; withdraw?: boolean; profile?: string; json?: boolean }>(async (client, options, output) => {
        const { sha256 } = await digestFile(options.evidence)
        const second = readKeyFile(options.secondKey)
        const { key } = readProfile(options.profile)
        if (second.publicKey === key.publicKey) throw cliErrors.BAD_OPTION({ option: '--second-key', why: 'it is your own; a colleague must have witnessed it' })
        const draft = await client.post<{ statement: DeskDeclaration; draft: string; notice: string }>('/staff/1/desk-declarations/drafts', {
          system: options.system, value: options.value, kind: 'opt-out', operation: options.withdraw === true ? 'withdraw' : 'set', evidence: sha256, staff: [key.publicKey, second.publicKey],
        })
        const signatures = [key, second].map((signer) => signStatement(statementKinds.deskDeclaration, draft.statement, signer))
        const done = await client.post<{ height: number; version: number }>('/staff/1/desk-declarations', { draft: draft.draft, signatures })
        output.result({ ...done, notice: draft.notice }, [`Recorded at ledger height ${done.height}, version ${done.version}.`, 'Hand her this notice:', draft.notice])
      })),
  )
}

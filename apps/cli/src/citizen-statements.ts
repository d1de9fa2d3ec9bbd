// Commands of a citizen after a withdrawal: the statements she was given, kept on her device once they are checked; erasure; and another way for her decisions.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RecallStatement, SignedRecallStatement, SignedWithdrawalStatement } from '@mhmd/accounts'
import { erase, sendThroughRelay, statements } from '@mhmd/client'
import type { RecipientAnswer, StatementsView } from '@mhmd/client'
import type { Command } from 'commander'
import { command } from './action.ts'
import { entryOf, openDevice, refreshDirectory } from './device.ts'
import { outputOf, when } from './output.ts'

interface Options {
  readonly device: string
  readonly json?: boolean
}

/** Statements as her device keeps them: whatever a holder shows later, these were given. */
type Kept = SignedWithdrawalStatement | SignedRecallStatement

const file = (folder: string): string => join(folder, 'statements.json')

function keepStatements(folder: string, views: readonly StatementsView[]): number {
  const before = existsSync(file(folder)) ? JSON.parse(readFileSync(file(folder), 'utf8')) as Kept[] : []
  const given = views.flatMap((view) => view.statements.flatMap(({ document, recipients }): Kept[] => [document, ...recipients.flatMap((row) => row.document === null ? [] : [row.document])]))
  const all = new Map([...before, ...given].map((document) => [document.signature, document]))
  writeFileSync(file(folder), JSON.stringify([...all.values()], null, 1), { mode: 0o600, flush: true })
  return all.size
}

export function statementsCommand(): Command {
  return command('statements', 'what hospitals and recipients state they did after you withdrew; checked and kept on this device').requiredOption('--device <folder>', 'her device\'s folder')
    .action(async (options: Options) => {
      await refreshDirectory(options.device)
      const device = openDevice(options.device)
      const views: StatementsView[] = []
      for (const { holder } of device.state.links) views.push(await statements(device, { holder, signingKeyOf: (member) => entryOf(options.device, member).signingKey }))
      const kept = keepStatements(options.device, views)
      outputOf(options).result(views, views.every((view) => view.statements.length + view.pending === 0) ? ['No statements: you have ended nothing yet.'] : [
        ...views.flatMap(viewLines), `${kept} statements are kept on this device. They are evidence of what was said and signed, not proof that it was done.`,
      ])
    })
}

export function eraseCommand(): Command {
  return command('erase', 'have everything erased that a hospital keeps about you here; it can\'t be taken back').requiredOption('--device <folder>', 'her device\'s folder').requiredOption('--holder <id>', 'the hospital')
    .requiredOption('--yes', 'you are sure')
    .action(async (options: Options & { holder: string }) => {
      const asked = await erase(openDevice(options.device), options)
      outputOf(options).result(asked, [`${options.holder} erases your records now (${asked.erasure}). Its statement follows: mhmd citizen statements`])
    })
}

/** Hands what did not reach its hospital to another member's node. */
export async function sendThrough(options: Options & { through: string }): Promise<void> {
  const device = openDevice(options.device)
  const carried = await sendThroughRelay(device, { relay: options.through, messageKeyOf: (holder) => entryOf(options.device, holder).messageKey })
  outputOf(options).result(carried, carried.length === 0 ? ['Everything has reached its hospital.'] : [
    ...carried.map(({ holder }) => `A sealed declaration to ${holder} is with ${options.through}.`), 'Whether it arrived shows once the hospital can be reached, or on the ledger.',
  ])
}

const acts = { consent: 'your withdrawal', 'opt-out': 'your opt-out', key: 'the closing of your key', erasure: 'your erasure' } as const

function viewLines({ holder, pending, statements: given }: StatementsView): string[] {
  return [
    ...given.flatMap(({ document: { statement }, recipients }) => [
      `${holder}, ${when(statement.at)}, after ${acts[statement.kind]} (version ${statement.version}): ${statement.outcome === 'purged' ? `erased ${statement.removed.reduce((sum, row) => sum + row.rows, 0)} rows` : 'use of your record has stopped'}; at ledger height ${statement.height}.`,
      ...recipients.map(recipientLine),
    ]),
    ...(pending === 0 ? [] : [`${holder}: ${pending} statement${pending === 1 ? '' : 's'} still to come.`]),
  ]
}

function recipientLine({ recipient, release, sent, answered, late, document }: RecipientAnswer): string {
  if (document === null || answered === null) return `  ${recipient} was told at ${when(sent)} to remove ${release}: ${late ? 'LATE, it has not answered' : 'no answer yet'}.`
  return `  ${recipient}, ${when(document.statement.at)}: ${release} ${outcomeOf(document.statement)}.`
}

function outcomeOf({ outcome, replacedBy = '', assessedAt = 0 }: RecallStatement): string {
  if (outcome === 'purged') return 'removed'
  return outcome === 'recomputed' ? `removed, and computed anew without you as ${replacedBy}` : `released in a form assessed as anonymous on ${when(assessedAt)}`
}

// Commands about messages between whoever asked and a holder, about one request.
import { newId } from '@mhmd/base'
import type { Command } from 'commander'
import { asStaff, randomness, repeated, staffAction } from './action.ts'
import { readText } from './files.ts'
import { when } from './output.ts'

interface MessageRow {
  readonly id: string
  readonly with: string
  readonly from: string
  readonly at: number
  readonly text: string
  readonly delivery: string | null
}

/** The text comes from a file: command lines are seen by everybody on the machine. */
export const messageCommand = (): Command => staffAction('message', 'write to the other side about a request').requiredOption('--request <id>').requiredOption('--to <member>', 'a holder, or whoever asked').requiredOption('--text <file>', 'what you write, up to 4,000 characters; nothing about a person')
  .action(asStaff<{ request: string; to: string; text: string; profile?: string; json?: boolean }>(async (client, options, output) => {
    const message = { id: newId(randomness), to: options.to, text: readText(options.text).trim() }
    const sent = await repeated(() => client.post<{ message: string }>(`/staff/1/requests/${options.request}/messages`, message))
    output.result(sent, [`On its way to ${options.to}. See what is written with: mhmd request messages --request ${options.request}`])
  }))

export const messagesCommand = (): Command => staffAction('messages', 'what was written about a request, oldest first').requiredOption('--request <id>')
  .action(asStaff<{ request: string; profile?: string; json?: boolean }>(async (client, options, output) => {
    const { messages } = await client.get<{ messages: MessageRow[] }>(`/staff/1/requests/${options.request}/messages`)
    output.result(messages, messages.length === 0 ? ['Nothing has been written.'] : messages.flatMap(({ at, from, with: other, text, delivery }) => [`${when(at)}  ${from}${from === other ? '' : ` to ${other}`}${delivery === null || delivery === 'delivered' ? '' : ` (${delivery})`}`, ...text.split('\n').map((line) => `  ${line}`)]))
  }))

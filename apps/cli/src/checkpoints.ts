// `mhmd ledger checkpoints`: this node's newest checkpoint and, where a member or the ledger showed another history, both versions as they are kept.
import type { ForkEvidence } from '@mhmd/ledger'
import type { Command } from 'commander'
import { asStaff, staffAction } from './action.ts'
import { when } from './output.ts'

interface Kept {
  readonly newest: string | null
  readonly disputes: readonly { readonly member: string; readonly heard: number; readonly theirs: string; readonly own: string; readonly agreeing: number; readonly members: number; readonly stopped: boolean }[]
  readonly stopped: ForkEvidence | null
}

export function checkpointsCommand(): Command {
  return staffAction('checkpoints', 'this node\'s signed checkpoint, and both versions where somebody showed another history').action(asStaff(async (client, _options, output) => {
    const kept = await client.get<Kept>('/staff/1/checkpoints')
    output.result(kept, [
      ...block('This node\'s newest checkpoint', kept.newest ?? 'none yet'),
      ...kept.disputes.flatMap(({ member, heard, theirs, own, agreeing, members, stopped }) => [
        `${member} contradicted it on ${when(heard)} UTC. ${agreeing} of ${members} members held this node's history: it ${stopped ? 'STOPPED' : 'went on'}.`,
        ...block(`What ${member} signed`, theirs), ...block('What this node holds at that size, with the signatures of those who hold the same', own),
      ]),
      ...(kept.stopped === null ? ['It follows the ledger.'] : linesOf(kept.stopped)),
    ])
  }))
}

function linesOf({ height, expected, found, finding, theirs, checkpoint }: ForkEvidence): string[] {
  const shown = 'note' in theirs ? theirs.note : JSON.stringify(theirs, null, 2)
  return [
    `STOPPED at height ${height}: ${finding === undefined ? `it holds ${expected} and was given ${found}` : `a block claims effects that no contract gives (${finding})`}.`,
    ...block('What it was given', shown), ...block('Its own checkpoint at that moment', checkpoint),
  ]
}

const block = (title: string, text: string): string[] => [`${title}:`, ...text.trimEnd().split('\n').map((line) => `    ${line}`)]

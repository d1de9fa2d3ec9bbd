// The devnet's witnesses: three members that don't order the ledger run one each, in a folder of its own, with a key of its own; two of them must have cosigned.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rootsDocument } from '@mhmd/proof'
import { initFolder, policyLine, trustLog } from '@mhmd/witness'
import { startProcess } from './processes.ts'
import type { Running } from './processes.ts'
import type { Place } from './roster.ts'

const program = fileURLToPath(new URL('../../witness/bin/mhmd-witness.mjs', import.meta.url))
const QUORUM = 2

/** A C2SP tlog-policy, for nodes. */
export const policyFile = (folder: string): string => join(folder, 'witnesses', 'policy')

export interface Witnesses {
  readonly members: readonly string[]
  /** Of a member's witness. */
  readonly home: (member: string) => string
  /** Trust roots with these witnesses, for whoever checks proofs. */
  readonly roots: string
}

/** Makes what is missing of it. The port is the third of the member's ten. */
export function makeWitnesses(folder: string, places: readonly Place[]): Witnesses {
  const members = places.filter((place) => place.witness === true)
  const home = (id: string): string => join(folder, 'witnesses', id)
  const roots = join(folder, 'roots.json')
  if (!existsSync(roots)) {
    mkdirSync(join(folder, 'witnesses'), { recursive: true, mode: 0o700 })
    const network = JSON.parse(readFileSync(join(folder, 'network.json'), 'utf8')) as unknown
    for (const { id, ports } of members) {
      if (existsSync(home(id))) continue
      initFolder(home(id), { name: `${id}.localhost/witness`, host: '127.0.0.1', port: ports.member + 2 })
      trustLog(home(id), network)
    }
    const text = `${members.map(({ id }) => `${policyLine(home(id), id)}\n`).join('')}group witnesses ${Math.min(QUORUM, members.length)} ${members.map(({ id }) => id).join(' ')}\nquorum witnesses\n`
    writeFileSync(policyFile(folder), text)
    writeFileSync(roots, `${JSON.stringify(rootsDocument(network, { witnesses: text }), null, 2)}\n`)
  }
  return { members: members.map(({ id }) => id), home, roots }
}

export const startWitnessProcess = (folder: string, { home }: Witnesses, member: string, signal?: AbortSignal): Promise<Running> =>
  startProcess(`${member}'s witness`, ['run', '--home', home(member)], { program, log: join(folder, 'logs', `${member}-witness.log`), signal })

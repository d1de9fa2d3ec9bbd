// `mhmd verify`: checks a proof offline, with the trust roots as an argument, and says in plain words what is proven and what is not.
import { networkId } from '@mhmd/contracts'
import { checkpointOrigin, memberKeyName, proofRefusals, verifyProof } from '@mhmd/ledger'
import type { Proven, TrustRoots } from '@mhmd/ledger'
import { parseNetwork } from '@mhmd/node/network'
import type { NetworkDocument } from '@mhmd/schema'
import type { Command } from 'commander'
import { command } from './action.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile } from './files.ts'
import { outputOf, when } from './output.ts'

interface VerifyOptions {
  readonly roots: string
  readonly quorum?: string
  readonly operation?: string
  readonly json?: boolean
}

export function verifyCommand(): Command {
  return command('verify', 'check a proof offline; exit code 0 only if it proves what it says')
    .argument('<proof>', 'the proof\'s file')
    .requiredOption('--roots <file>', 'network.json, got from somebody you trust: never from whoever gave you the proof')
    .option('--quorum <n>', 'how many founders must have signed (default: as many as admit a member)')
    .option('--operation <id>', 'the operation it must be about')
    .action((file: string, options: VerifyOptions) => {
      const network = parseNetwork(readJsonFile(options.roots))
      const roots = rootsOf(network, options.quorum)
      const result = verifyProof(readJsonFile(file), roots)
      if (!result.ok) throw cliErrors.NOT_PROVEN({ refusal: result.refusal.code, says: proofRefusals[result.refusal.code]?.says ?? '' })
      if (options.operation !== undefined && !operationsOf(result.value).includes(options.operation)) throw cliErrors.NOT_PROVEN({ refusal: 'PROOF_OTHER_OPERATION', says: 'The proof holds, but it is about another operation' })
      outputOf(options).result({ proven: true, network: networkId(network), ...result.value.leaf, operations: operationsOf(result.value), states: statesOf(result.value), hidden: result.value.hidden, logSize: result.value.checkpoint.size, signedBy: result.value.signedBy }, lines(result.value, network, options.operation))
    })
}

/** The founders' keys, by the names under which they sign checkpoints. */
function rootsOf(network: NetworkDocument, quorum: string | undefined): TrustRoots {
  const id = networkId(network)
  const keys = network.founders.map((member) => ({ name: memberKeyName(id, member.id), publicKey: member.signingKey }))
  const wanted = quorum === undefined ? network.admissionQuorum : Number(quorum)
  if (!Number.isSafeInteger(wanted) || wanted < 1 || wanted > keys.length) throw cliErrors.BAD_OPTION({ option: '--quorum', why: `it must be a whole number from 1 to ${keys.length}` })
  return { origin: checkpointOrigin(id), keys, quorum: wanted }
}

const operationsOf = ({ leaf, writes }: Proven): string[] => [...new Set([leaf.operationId, ...writes.filter(({ key }) => key[0] === 'operation').map(({ key }) => key[1] ?? '')])]

interface RecordedState {
  readonly about: string
  readonly holder: string
  readonly subject: string
  readonly version: number
  readonly state: string
  readonly time: number
}

/** What the transaction recorded about people: their decisions and keys. */
const statesOf = ({ writes }: Proven): RecordedState[] => writes
  .filter(({ key }) => ['consent', 'opt-out', 'subject'].includes(key[0]) && key.length === 3)
  .map(({ key: [about, holder = '', subject = ''], value }) => ({ ...(value as unknown as Pick<RecordedState, 'version' | 'state' | 'time'>), about, holder, subject }))

const SHOWN = 10

function lines(proven: Proven, network: NetworkDocument, asked: string | undefined): string[] {
  const { leaf, checkpoint, signedBy, hidden } = proven
  const states = statesOf(proven)
  const own = operationsOf(proven).filter((id) => id !== leaf.operationId)
  const about = asked ?? (own.length === 1 ? own[0] : undefined) ?? leaf.operationId
  const ids = signedBy.map((name) => name.slice(name.lastIndexOf('/') + 1))
  return [
    'PROVEN',
    `  Operation ${about}${about === leaf.operationId ? '' : ` (in the batch ${leaf.operationId})`} stands on the ledger of “${network.name}” (${networkId(network)}) at height ${leaf.height}, with the code ${leaf.code}.`,
    ...states.slice(0, SHOWN).map(({ about, holder, subject, version, state, time }) => `  ${about} of ${subject} at ${holder}: version ${version}, ${state}, dated ${when(time)} UTC by whoever sent it.`),
    ...(states.length > SHOWN ? [`  … and ${states.length - SHOWN} more in the same transaction (--json shows all).`] : []),
    `  ${ids.join(' and ')} signed the log of ${checkpoint.size} transactions that holds it: none of them can deny it later, or show another log of that size, without being found out.`,
    ...(states.length > 1 ? ['  It went in a batch with other people\'s, whose pseudonyms stand in the proof: show it only to whom it concerns.'] : []),
    ...(hidden > 0 ? [`  It went in a batch: ${hidden} more entries of the same transaction concern others and are not shown.`] : []),
    'NOT PROVEN',
    '  What was permitted or forbidden in detail: the ledger holds a commitment; whoever has its opening can show that.',
    '  That nothing newer replaced it, that anybody acted on it, or who the person behind the pseudonym is.',
  ]
}

// Trust roots on the command line: reading them, and `mhmd roots`, which joins network.json with a policy of witnesses in one file.
import type { Refusal } from '@mhmd/base'
import { parsePolicy, parseRoots, rootsDocument } from '@mhmd/proof'
import type { NamedRoots, WitnessPolicy } from '@mhmd/proof'
import type { Command } from 'commander'
import { command } from './action.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile, readText, writeNew } from './files.ts'
import { outputOf } from './output.ts'

const whyOf = ({ code, details = {} }: Refusal): string => `${details['line'] === undefined ? '' : `line ${String(details['line'])}: `}${String(details['why'] ?? code)}`

/** network.json, or a file of `mhmd roots`. Throws CLI_BAD_ROOTS. */
export function readRoots(file: string): NamedRoots {
  const roots = parseRoots(readJsonFile(file))
  if (!roots.ok) throw cliErrors.BAD_ROOTS({ file, why: whyOf(roots.refusal) })
  return roots.value
}

/** Throws CLI_BAD_POLICY. */
export function readPolicy(file: string): WitnessPolicy {
  const policy = parsePolicy(readText(file))
  if (!policy.ok) throw cliErrors.BAD_POLICY({ file, why: whyOf(policy.refusal) })
  return policy.value
}

/** Throws CLI_BAD_OPTION. */
export function quorumOf(text: string, most: number): number {
  const wanted = Number(text)
  if (!Number.isSafeInteger(wanted) || wanted < 1 || wanted > most) throw cliErrors.BAD_OPTION({ option: '--quorum', why: `it must be a whole number from 1 to ${most}` })
  return wanted
}

interface RootsOptions {
  readonly network: string
  readonly witnesses?: string
  readonly quorum?: string
  readonly out: string
  readonly json?: boolean
}

export function rootsCommand(): Command {
  return command('roots', 'write the file of whom a proof is checked by: members from network.json, and witnesses')
    .requiredOption('--network <file>', 'network.json, its hash compared with the one the founders published')
    .option('--witnesses <file>', 'which witnesses, and how many of them: a C2SP tlog-policy')
    .option('--quorum <n>', 'how many founders must have signed (default: as many as admit a member)')
    .requiredOption('--out <file>', 'where to write it')
    .action((options: RootsOptions) => {
      const founders = readRoots(options.network)
      if (options.witnesses !== undefined) readPolicy(options.witnesses)
      const document = rootsDocument(readJsonFile(options.network), {
        ...(options.quorum === undefined ? {} : { quorum: quorumOf(options.quorum, founders.keys.length) }),
        ...(options.witnesses === undefined ? {} : { witnesses: readText(options.witnesses) }),
      })
      if (document === undefined) throw cliErrors.BAD_ROOTS({ file: options.network, why: 'it is no network.json' })
      writeNew(options.out, `${JSON.stringify(document, null, 2)}\n`)
      outputOf(options).result({ file: options.out, origin: document.origin, quorum: document.quorum }, [`Whom to believe about ${document.origin} is in ${options.out}.`, 'Give it to whoever will check proofs by a way of its own: never together with a proof.'])
    })
}

// `mhmd verify`: checks a proof offline, with the trust roots as an argument, and says in plain words what is proven and what is not.
import { explain, explainRefusal, operationsOf, statesOf, verifyProof } from '@mhmd/proof'
import type { ProofLanguage } from '@mhmd/proof'
import { Option } from 'commander'
import type { Command } from 'commander'
import { command } from './action.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile } from './files.ts'
import { outputOf } from './output.ts'
import { quorumOf, readRoots } from './roots.ts'

interface VerifyOptions {
  readonly roots: string
  readonly quorum?: string
  readonly operation?: string
  readonly language: ProofLanguage
  readonly json?: boolean
}

const headings: Readonly<Record<ProofLanguage, { readonly proven: string; readonly not: string }>> = { en: { proven: 'PROVEN', not: 'NOT PROVEN' }, it: { proven: 'PROVATO', not: 'NON PROVATO' } }

export function verifyCommand(): Command {
  return command('verify', 'check a proof offline; exit code 0 only if it proves what it says')
    .argument('<proof>', 'the proof\'s file')
    .requiredOption('--roots <file>', 'whom you believe: a file of `mhmd roots`, or network.json, got from somebody you trust and never from whoever gave you the proof')
    .option('--quorum <n>', 'how many members must have signed (default: as the roots say)')
    .option('--operation <id>', 'the operation it must be about')
    .addOption(new Option('--language <language>', 'in which words').choices(['en', 'it']).default('en'))
    .action((file: string, options: VerifyOptions) => {
      const { language } = options
      const read = readRoots(options.roots)
      const roots = options.quorum === undefined ? read : { ...read, quorum: quorumOf(options.quorum, read.keys.length) }
      const result = verifyProof(readJsonFile(file), roots)
      if (!result.ok) throw cliErrors.NOT_PROVEN({ refusal: result.refusal.code, says: explainRefusal(result.refusal.code, language)?.says ?? '' })
      const { leaf, checkpoint, hidden, signedBy, witnessedBy } = result.value
      const operations = operationsOf(result.value)
      if (options.operation !== undefined && !operations.includes(options.operation)) throw cliErrors.NOT_PROVEN({ refusal: 'PROOF_OTHER_OPERATION', says: 'The proof holds, but it is about another operation' })
      const { proven, notProven } = explain(result.value, roots, { language, asked: options.operation })
      outputOf(options).result(
        { proven: true, network: roots.origin.slice(roots.origin.indexOf('/') + 1), ...leaf, operations, states: statesOf(result.value), hidden, logSize: checkpoint.size, signedBy, witnessedBy },
        [headings[language].proven, ...proven.map((line) => `  ${line}`), headings[language].not, ...notProven.map((line) => `  ${line}`)],
      )
    })
}

// `mhmd proof`: fetches a proof that an operation stands on the ledger, for a citizen from her hospital, for staff from their node.
import { lastDecision } from '@mhmd/accounts'
import { proofOf } from '@mhmd/client'
import type { Command } from 'commander'
import { clientOf, command } from './action.ts'
import { openDevice } from './device.ts'
import { cliErrors } from './errors.ts'
import { writeNew } from './files.ts'
import { outputOf } from './output.ts'

interface ProofOptions {
  readonly device?: string
  readonly holder?: string
  readonly profile?: string
  readonly operation?: string
  readonly out: string
  readonly json?: boolean
}

export function proofCommand(): Command {
  return command('proof', 'fetch a proof that something was recorded; check it with mhmd verify')
    .option('--device <folder>', 'a citizen: her device\'s folder').option('--holder <id>', 'a citizen: the hospital')
    .option('--profile <file>', 'staff: who acts (or MHMD_PROFILE)')
    .option('--operation <id>', 'the operation; for a citizen by default her last decision at the hospital')
    .requiredOption('--out <file>', 'where to write the proof')
    .action(async (options: ProofOptions) => {
      const { operationId, proof } = options.device === undefined ? await ofStaff(options) : await ofCitizen(options, options.device)
      writeNew(options.out, `${JSON.stringify(proof, null, 2)}\n`)
      outputOf(options).result({ operationId, file: options.out }, [`The proof of operation ${operationId} is in ${options.out}.`, `Anybody can check it, without any node: mhmd verify ${options.out} --roots network.json`])
    })
}

async function ofStaff(options: ProofOptions): Promise<{ operationId: string; proof: unknown }> {
  if (options.operation === undefined) throw cliErrors.BAD_OPTION({ option: '--operation', why: 'name the operation to prove' })
  return { operationId: options.operation, proof: await clientOf(options).get(`/staff/1/proofs/${encodeURIComponent(options.operation)}`) }
}

async function ofCitizen({ holder, operation }: ProofOptions, folder: string): Promise<{ operationId: string; proof: unknown }> {
  if (holder === undefined) throw cliErrors.BAD_OPTION({ option: '--holder', why: 'name the hospital' })
  const device = openDevice(folder)
  const decisions = (['consent', 'opt-out'] as const).map((kind) => lastDecision(device.state, holder, kind)).filter((decision) => decision !== undefined)
  const operationId = operation ?? decisions.at(-1)?.statement.operationId
  if (operationId === undefined) throw cliErrors.BAD_OPTION({ option: '--operation', why: 'this device knows of no decision at that hospital' })
  return { operationId, proof: await proofOf(device, { holder, operationId }) }
}

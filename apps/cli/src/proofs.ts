// `mhmd proof`: fetches a proof that an operation stands on the ledger, for a citizen from her hospital, for staff from their node.
import { lastDecision } from '@mhmd/accounts'
import { proofOf } from '@mhmd/client'
import { explainRefusal, verifyProof } from '@mhmd/proof'
import type { NamedRoots } from '@mhmd/proof'
import { MhmdError } from '@mhmd/base'
import type { Command } from 'commander'
import { clientOf, command, numberOf } from './action.ts'
import { openDevice } from './device.ts'
import { cliErrors } from './errors.ts'
import { writeNew } from './files.ts'
import { outputOf } from './output.ts'
import { readRoots } from './roots.ts'

interface ProofOptions {
  readonly device?: string
  readonly holder?: string
  readonly profile?: string
  readonly operation?: string
  readonly roots?: string
  readonly wait: string
  readonly out: string
  readonly json?: boolean
}

export function proofCommand(): Command {
  return command('proof', 'fetch a proof that something was recorded; check it with mhmd verify')
    .option('--device <folder>', 'a citizen: her device\'s folder').option('--holder <id>', 'a citizen: the hospital')
    .option('--profile <file>', 'staff: who acts (or MHMD_PROFILE)')
    .option('--operation <id>', 'the operation; for a citizen by default her last decision at the hospital')
    .option('--roots <file>', 'whom whoever checks it believes (mhmd roots): only a proof that their quorum signed is written')
    .option('--wait <seconds>', 'with --roots: how long to wait until it is recorded and has the quorum', '60')
    .requiredOption('--out <file>', 'where to write the proof')
    .action(async (options: ProofOptions) => {
      const fetchProof = (): Promise<Fetched> => options.device === undefined ? ofStaff(options) : ofCitizen(options, options.device)
      const { operationId, proof } = options.roots === undefined ? await fetchProof() : await believed(fetchProof, readRoots(options.roots), numberOf('--wait', options.wait))
      writeNew(options.out, `${JSON.stringify(proof, null, 2)}\n`)
      outputOf(options).result({ operationId, file: options.out }, [`The proof of operation ${operationId} is in ${options.out}.`, `Anybody can check it, without any node: mhmd verify ${options.out} --roots ROOTS`])
    })
}

interface Fetched {
  readonly operationId: string
  readonly proof: unknown
}

const PAUSE_MILLISECONDS = 1000
/** Signatures may still come; nothing else gets better by waiting. */
const passing = new Set(['PROOF_TOO_FEW_WITNESSES', 'PROOF_TOO_FEW_SIGNATURES'])

/** What waits in a batch is in no log yet. */
const isNotRecordedYet = (error: unknown): boolean => MhmdError.isInstance(error) && error.code === 'LEDGER_NOT_IN_LOG'

/** Asks again until the proof has its quorum. Throws CLI_NOT_WITNESSED, CLI_NOT_PROVEN. */
async function believed(fetchProof: () => Promise<Fetched>, roots: NamedRoots, seconds: number): Promise<Fetched> {
  for (const until = Date.now() + seconds * 1000; ;) {
    const isOver = (): boolean => Date.now() >= until
    const fetched = await fetchProof().catch((error: unknown) => {
      if (isNotRecordedYet(error) && !isOver()) return undefined
      throw error
    })
    if (fetched !== undefined) {
      const result = verifyProof(fetched.proof, roots)
      if (result.ok) return fetched
      const { code } = result.refusal
      if (!passing.has(code)) throw cliErrors.NOT_PROVEN({ refusal: code, says: explainRefusal(code, 'en')?.says ?? '' })
      if (isOver()) throw cliErrors.NOT_WITNESSED({ operation: fetched.operationId, seconds })
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS))
  }
}

async function ofStaff(options: ProofOptions): Promise<Fetched> {
  if (options.operation === undefined) throw cliErrors.BAD_OPTION({ option: '--operation', why: 'name the operation to prove' })
  return { operationId: options.operation, proof: await clientOf(options).get(`/staff/1/proofs/${encodeURIComponent(options.operation)}`) }
}

async function ofCitizen({ holder, operation }: ProofOptions, folder: string): Promise<Fetched> {
  if (holder === undefined) throw cliErrors.BAD_OPTION({ option: '--holder', why: 'name the hospital' })
  const device = openDevice(folder)
  const decisions = (['consent', 'opt-out'] as const).map((kind) => lastDecision(device.state, holder, kind)).filter((decision) => decision !== undefined)
  const operationId = operation ?? decisions.at(-1)?.statement.operationId
  if (operationId === undefined) throw cliErrors.BAD_OPTION({ option: '--operation', why: 'this device knows of no decision at that hospital' })
  return { operationId, proof: await proofOf(device, { holder, operationId }) }
}

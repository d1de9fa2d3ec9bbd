// `mhmd contract`: what can be recorded, what it asks for, an example of it; tried on a scratch ledger of this machine, or replayed from the network's own.
import { readFileSync } from 'node:fs'
import { newId } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import { ScratchLedger, anotherAct, contractsTable, refusalTable, signedAnew, stateQueries } from '@mhmd/contracts'
import type { RefusalCode, Trace, Transaction } from '@mhmd/contracts'
import { sampleKeys } from '@mhmd/contracts/sample-keys'
import { Command } from 'commander'
import { clientOf, command, randomness, staffAction } from './action.ts'
import { errorLines, fillForm, schemaOf } from './contract-form.ts'
import type { FormOptions } from './contract-form.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile } from './files.ts'
import { outputOf, table } from './output.ts'

const examples = (): Readonly<Record<string, readonly Transaction[]>> => JSON.parse(readFileSync(new URL(import.meta.resolve('@mhmd/contracts/examples.json')), 'utf8')) as Record<string, readonly Transaction[]>

interface Plain {
  readonly json?: boolean
}

export function contractCommand(): Command {
  return new Command('contract')
    .description('the contracts of the ledger: read, try and replay them')
    .addCommand(command('list', 'every operation that a ledger takes').action((options: Plain) => {
      const calls = Object.entries(contractsTable).flatMap(([contract, { operations }]) => Object.keys(operations).map((operation) => ({ contract, operation })))
      outputOf(options).result(calls, table([['contract', 'operation'], ...calls.map(({ contract, operation }) => [contract, operation])]))
    }))
    .addCommand(withCall(command('show', 'the payload that an operation asks for, as JSON Schema')).action((contract: string, operation: string, options: Plain) => {
      const { schema } = operationOf(contract, operation)
      outputOf(options).result(schema, [JSON.stringify(schema, null, 2), '', 'What it reads, writes and refuses: docs/reference/contracts.md'])
    }))
    .addCommand(formCommand())
    .addCommand(tryCommand())
    .addCommand(queryCommand())
    .addCommand(staffAction('replay', 'run a recorded transaction again, step by step, on the state before it')
      .argument('<operation-id>')
      .action(async (operationId: string, options: Plain & { profile?: string }) => {
        const found = await clientOf(options).get<{ height: number; index: number; code: string; trace: Trace }>(`/staff/1/ledger/transactions/${encodeURIComponent(operationId)}/trace`)
        const { height, index, code, trace } = found
        outputOf(options).result(found, [`In block ${height}, transaction ${index}, as ${code}.`, ...linesOf(trace)])
        if (trace.code !== code) process.exitCode = 3
      }))
}

const withCall = (made: Command): Command => made.argument('<contract>', 'such as consents@1').argument('<operation>', 'such as decide')

function formCommand(): Command {
  return withCall(new Command('form').description('a transaction of this kind to fill in and try, with the steps before it'))
    .option('--fields', 'print its fields instead: what each is, and what it may be')
    .option('--set <field=value>', 'fill in a field, such as statement.version=2; signed anew (repeat for more)', (value, all: readonly string[]) => [...all, value], [])
    .option('--ask', 'ask for each field; an empty answer keeps what stands there')
    .option('--out <file>', 'write it to a new file')
    .option('--json', 'with --fields: as one JSON document')
    .action((contract: string, operation: string, options: FormOptions) => {
      const { schema } = operationOf(contract, operation)
      return fillForm(examples()[`${contract} ${operation}`] ?? [], schema, options)
    })
}

function queryCommand(): Command {
  return command('query', 'what stands on the ledger of this machine after the transactions of a file')
    .argument('<file>', 'a transaction or a list of them, as mhmd contract form prints')
    .argument('<asset>', 'such as consent')
    .argument('[parts...]', 'the parts of its key, in their order; some leading ones ask for a list')
    .action((file: string, asset: string, parts: readonly string[], options: Plain) => {
      const asked = Object.values(stateQueries).filter((query) => query.asset === asset)
      if (!asked.some(({ by }) => Object.keys(by).length === parts.length)) throw cliErrors.BAD_OPTION({ option: 'asset', why: asked.length === 0 ? `${asset} is none; there are ${[...new Set(Object.values(stateQueries).map((query) => query.asset))].join(', ')}` : `${asset} is asked for by ${Object.keys(asked.at(-1)?.by ?? {}).join(', ')}` })
      const scratch = new ScratchLedger()
      for (const tx of stepsOf(file, false)) scratch.commit(scratch.propose(tx))
      const found = scratch.query([asset, ...parts])
      outputOf(options).result(found, found.length === 0 ? ['Nothing stands there.'] : found.map(({ key, value }) => `${keyText(key)} = ${valueText(value)}`))
    })
}

function tryCommand(): Command {
  return command('try', 'run transactions in their order on an empty ledger of this machine; nothing leaves it')
    .argument('<file>', 'a transaction or a list of them, as mhmd contract form prints')
    .option('--sign', 'sign everything anew with the keys of the examples, after the file was edited')
    .option('--twice', 'propose the last one twice at once, to see what a conflict looks like')
    .action((file: string, options: Plain & { sign?: true; twice?: true }) => {
      const steps = stepsOf(file, options.sign === true)
      const scratch = new ScratchLedger()
      const ran = steps.map((tx) => {
        const proposal = scratch.propose(tx)
        // The second is another act on the same state.
        const rival = options.twice === true && tx === steps.at(-1) ? scratch.propose(anotherAct(tx, newId(randomness), sampleKeys)) : undefined
        return { operation: `${String(tx.contract)} ${String(tx.operation)}`, code: scratch.commit(proposal).code, trace: proposal.trace, ...(rival === undefined ? {} : { rival: scratch.commit(rival) }) }
      })
      const [last] = ran.slice(-1)
      outputOf(options).result(ran, [
        ...ran.slice(0, -1).map(({ operation, code }, at) => `${at + 1}. ${operation}: ${saidOf(code)}`),
        ...(last === undefined ? [] : [`${ran.length}. ${last.operation}: ${saidOf(last.code)}`, ...wrongFields(last.code, steps.at(-1)), ...linesOf(last.trace)]),
        ...(last?.rival === undefined ? [] : [`The same, proposed at the same moment: ${saidOf(last.rival.code)}`, ...last.rival.conflicts.map((key) => `  changed meanwhile: ${keyText(key)}`)]),
      ])
      if (ran.some(({ code }) => code !== 'VALID')) process.exitCode = 3
    })
}

function operationOf(contract: string, operation: string): { readonly schema: object } {
  const found = contractsTable[contract]?.operations
  if (found === undefined) throw cliErrors.BAD_OPTION({ option: 'contract', why: `${contract} is none; there are ${Object.keys(contractsTable).join(', ')}` })
  const one = Object.hasOwn(found, operation) ? found[operation] : undefined
  if (one === undefined) throw cliErrors.BAD_OPTION({ option: 'operation', why: `${contract} has ${Object.keys(found).join(', ')}` })
  return one
}

function stepsOf(file: string, isSignedAnew: boolean): readonly Transaction[] {
  const read = readJsonFile(file)
  const steps = (Array.isArray(read) ? read : [read]) as readonly Transaction[]
  if (steps.length === 0 || steps.some((step) => typeof step !== 'object' || step === null)) throw cliErrors.BAD_OPTION({ option: 'file', why: 'it must hold a transaction, or a list of them; mhmd contract form prints one' })
  return isSignedAnew ? steps.map((tx) => signedAnew(tx, sampleKeys)) : steps
}

const saidOf = (code: string): string => (code === 'VALID' ? 'accepted' : code === 'WRITE_CONFLICT' ? 'WRITE_CONFLICT: something it had read was changed before it was committed' : `${code}: ${refusalTable[code as RefusalCode].says}`)
const wrongFields = (code: string, tx: Transaction | undefined): string[] => {
  const schema = code === 'CONTRACT_BAD_PAYLOAD' && tx !== undefined ? schemaOf(tx) : undefined
  return schema === undefined ? [] : errorLines(schema, tx?.payload).map((line) => `  ${line}`)
}
const keyText = (key: Key): string => key.join(' / ')
const valueText = (value: Canonical | undefined): string => (value === undefined || value === null ? 'nothing' : JSON.stringify(value))

function linesOf({ reads, ranges, signatures, code, changes, events }: Trace): string[] {
  return [
    'It reads', ...reads.map(({ round, key, value }) => `  ${round}. ${keyText(key)} = ${valueText(value)}`), ...ranges.map(({ round, prefix, entries }) => `  ${round}. all below ${keyText(prefix)}: ${entries.length}`),
    'Signatures', ...signatures.map(({ key, holds }) => `  ${key} ${holds ? 'holds' : 'DOES NOT HOLD'}`),
    ...(code === 'VALID' ? ['It changes', ...changes.map(({ key, before, after }) => `  ${keyText(key)}: ${valueText(before)} → ${valueText(after)}`)] : [`It changes nothing: ${saidOf(code)}`]),
    ...events.map(({ name, payload }) => `Event ${name} ${valueText(payload)}`),
  ]
}

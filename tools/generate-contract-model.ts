// Writes what the contracts are for whoever reads no TypeScript: schemas/contracts.json, schemas/contracts.openapi.json, packages/contracts/examples.json and
// docs/reference/contracts.md, from the schemas of payloads, states and events and from what the vectors show; `--check` only compares. Prevents the description from drifting from the contracts.
import { readFileSync } from 'node:fs'
import { ScratchLedger, contractsTable, refusalTable, stateQueries, stateSchemas } from '@mhmd/contracts'
import type { FormSchema, RefusalCode, Trace, Transaction } from '@mhmd/contracts'
import { assetKeys, eventSchemas } from '@mhmd/schema'
import { ledgerOpenApi } from './contract-openapi.ts'
import { writeGenerated } from './generated-file.ts'
import { root } from './imports.ts'

const GROUPS = ['participants', 'keys', 'decisions', 'desk', 'sharing', 'procedure', 'every-transaction']

interface Seen {
  readonly reads: Set<string>
  readonly writes: Set<string>
  readonly deletes: Set<string>
  readonly refusals: Set<string>
  readonly events: Set<string>
  /** The fewest steps that end with its acceptance, itself the last. */
  example?: readonly Transaction[]
}

interface Case {
  readonly steps: readonly ('genesis' | { readonly transaction: Transaction })[]
}

const vectorsOf = (group: string): readonly Case[] => (JSON.parse(readFileSync(`${root}vectors/contracts/${group}.json`, 'utf8')) as { cases: readonly Case[] }).cases
const callOf = ({ contract, operation }: Transaction): string => `${contract} ${operation}`

/** Plays every vector and notes what each operation did. */
function whatVectorsShow(): ReadonlyMap<string, Seen> {
  const [first] = vectorsOf('genesis')[0]?.steps ?? []
  if (first === undefined || first === 'genesis') throw new Error('genesis.json has no transaction')
  const shown = new Map<string, Seen>(Object.entries(contractsTable).flatMap(([contract, { operations }]) => Object.keys(operations).map((operation) => [`${contract} ${operation}`, { reads: new Set(), writes: new Set(), deletes: new Set(), refusals: new Set(), events: new Set() }] as const)))
  for (const { steps } of GROUPS.flatMap(vectorsOf)) {
    const scratch = new ScratchLedger()
    const accepted: Transaction[] = []
    for (const step of steps) {
      const transaction = step === 'genesis' ? first.transaction : step.transaction
      const proposal = scratch.propose(transaction)
      const seen = shown.get(callOf(transaction))
      if (scratch.commit(proposal).code === 'VALID') accepted.push(transaction)
      if (seen !== undefined) note(seen, proposal.trace, accepted)
    }
  }
  return shown
}

function note(seen: Seen, { code, reads, ranges, changes, events }: Trace, accepted: readonly Transaction[]): void {
  for (const { key: [table] } of reads) seen.reads.add(table)
  for (const { prefix: [table] } of ranges) seen.reads.add(table)
  if (code !== 'VALID') seen.refusals.add(code)
  else if (seen.example === undefined || accepted.length < seen.example.length) seen.example = [...accepted]
  for (const { key: [table], after } of changes) (after === null ? seen.deletes : seen.writes).add(table)
  for (const { name } of events) seen.events.add(name)
}

const sorted = (names: Iterable<string>): string[] => [...names].sort()

interface OperationModel {
  readonly payload: object
  readonly reads: readonly string[]
  readonly writes: readonly string[]
  readonly deletes: readonly string[]
  readonly events: readonly string[]
  readonly refusals: readonly string[]
}

function modelOf(shown: ReadonlyMap<string, Seen>): Readonly<Record<string, Readonly<Record<string, OperationModel>>>> {
  return Object.fromEntries(Object.entries(contractsTable).map(([contract, { operations }]) => [contract, Object.fromEntries(Object.entries(operations).map(([operation, { schema }]) => {
    const seen = shown.get(`${contract} ${operation}`)
    if (seen?.example === undefined) throw new Error(`no vector accepts ${contract} ${operation}: add a case to packages/contracts/testing/suite and write the vectors anew`)
    const { reads, writes, deletes, events, refusals } = seen
    return [operation, { payload: schema, reads: sorted(reads), writes: sorted(writes), deletes: sorted(deletes), events: sorted(events), refusals: sorted(refusals) }]
  }))]))
}

/** Every schema that has a name, by it: what the others are made of. */
const named = new Map<string, FormSchema>()

function typeText(schema: FormSchema): string {
  if (schema.title !== undefined) {
    named.set(schema.title, schema)
    return schema.title
  }
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeText).join(' or ')
  if (schema.type === 'array') return `list of ${typeText(schema.items ?? {})} (${schema.minItems ?? 0} to ${schema.maxItems ?? 'any number'})`
  if (schema.type === 'object') return `{ ${Object.entries(schema.properties ?? {}).map(([member, inner]) => `${member}${schema.required?.includes(member) === true ? '' : '?'}: ${typeText(inner)}`).join(', ')} }`
  return `${schema.type ?? 'any'}${schema.minimum === undefined ? '' : ` ${schema.minimum} to ${schema.maximum}`}`
}

const membersText = (schema: FormSchema): string[] => (schema.type === 'object' ? Object.entries(schema.properties ?? {}).map(([member, inner]) => `- \`${member}\`${schema.required?.includes(member) === true ? '' : ' (optional)'}: ${typeText(inner)}`) : [`- ${typeText(schema)}`])
const listText = (names: readonly string[]): string => (names.length === 0 ? 'nothing' : names.map((name) => `\`${name}\``).join(', '))

function pageText(model: ReturnType<typeof modelOf>): string {
  const operations = Object.entries(model).flatMap(([contract, table]) => [`## ${contract}`, ...Object.entries(table).map(([operation, { payload, reads, writes, deletes, events, refusals }]) => [
    `### ${contract} ${operation}`, '',
    ...membersText(payload as FormSchema), '',
    `Reads ${listText(reads)}; writes ${listText(writes)}${deletes.length === 0 ? '' : `; deletes ${listText(deletes)}`}.`,
    `Tells ${listText(events)}.`, '',
    ...refusals.map((code) => `- \`${code}\`: ${refusalTable[code as RefusalCode].says}`),
  ].join('\n'))])
  const assets = Object.entries(stateSchemas).map(([name, schema]) => [`### ${name}`, '', `Key: ${[`\`${name}\``, ...Object.entries(assetKeys[name as keyof typeof assetKeys]).map(([part, inner]) => `${part} (${typeText(inner as FormSchema)})`)].join(', ')}.`, '', ...membersText(schema as FormSchema)].join('\n'))
  const events = Object.entries(eventSchemas).map(([name, schema]) => [`### Event ${name}`, '', ...membersText(schema as FormSchema)].join('\n'))
  const queries = Object.entries(stateQueries).map(([name, { answers }]) => `| ${name} | ${answers === 'one' ? 'one value' : 'a list'} |`)
  const limits = [...named].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, { pattern, minimum, maximum, description = '' }]) => `| ${name} | ${description} | ${pattern === undefined ? `${minimum} to ${maximum}` : `\`${pattern.replaceAll('|', '\\|')}\``} |`)
  return `${[
    '# Contracts',
    'Generated by `npm run generate` from the schemas in `packages/schema/src/transactions/` and from what the vectors in `vectors/contracts/` show; edits here are overwritten. The same for programs: [contracts.json](../../schemas/contracts.json), and as OpenAPI [contracts.openapi.json](../../schemas/contracts.openapi.json), with an accepted example of every operation in [examples.json](../../packages/contracts/examples.json). Try one: `mhmd contract form`, `mhmd contract try`, or the playground in the portal. To add one: [the recipe](../recipes/new-transaction.md). Every operation also reads the network, its operation id and its submitter\'s record, and refuses what is not signed as it must be.',
    '# Transactions', ...operations,
    '# Assets', 'Values of the state, by the first part of their key.', ...assets,
    '# Events', ...events,
    '# Queries', 'What every engine answers by keys alone: some leading parts of an asset\'s key ask for a list, all of them for one value. On a scratch ledger: `mhmd contract query`. Questions over history are those of [the analytics](../../packages/analytics/README.md).', ['| query | answer |', '| --- | --- |', ...queries].join('\n'),
    '# Fields', ['| field | what it is | what it may be |', '| --- | --- | --- |', ...limits].join('\n'),
  ].join('\n\n')}\n`
}

const assetsModel = (): object => Object.fromEntries(Object.entries(stateSchemas).map(([name, value]) => [name, { key: assetKeys[name as keyof typeof assetKeys], value }]))

/** Path and text of each file. */
export function contractFiles(): ReadonlyMap<string, string> {
  const shown = whatVectorsShow()
  const model = modelOf(shown)
  const examples = [...shown].map(([call, { example = [] }]) => `${JSON.stringify(call)}: [\n${example.map((step) => JSON.stringify(step)).join(',\n')}\n]`)
  return new Map([
    ['schemas/contracts.json', `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'urn:mhmd:contracts', assets: assetsModel(), transactions: model, events: eventSchemas, queries: stateQueries }, null, 1)}\n`],
    ['schemas/contracts.openapi.json', `${JSON.stringify(ledgerOpenApi(), null, 1)}\n`],
    ['packages/contracts/examples.json', `{\n${examples.join(',\n')}\n}\n`],
    ['docs/reference/contracts.md', pageText(model)],
  ])
}

if (import.meta.main) for (const [path, text] of contractFiles()) writeGenerated(path, text)

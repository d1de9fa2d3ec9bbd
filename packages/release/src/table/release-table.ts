// Door two, second form: a table. What leaves, protected how, allowed by which figures; people are read only with a decision, and only those whom it covers.
import { newId, toBase64Url, utf8 } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { textAt } from '@mhmd/columns'
import type { Column } from '@mhmd/columns'
import { requireDecision, subjectsOf } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import { sha256 } from '@mhmd/crypto'
import type { Dataset, UseRequest } from '@mhmd/schema'
import { releaseErrors } from '../errors.ts'
import { gate } from '../gate/gate.ts'
import type { GateAnswer, GateRule } from '../gate/gate.ts'
import type { Figures } from '../gate/figures.ts'
import type { ClassesOfPeople } from '../gate/differencing.ts'
import { checkQuestion } from '../question.ts'
import { columnsOut } from './columns.ts'
import type { ColumnsOut } from './columns.ts'
import { generalisePeople, leastPeople } from './generalise.ts'
import { commitTable, sealTableManifest, tableNotes } from './manifest.ts'
import type { Commitments, TableHolderManifest, TableManifest } from './manifest.ts'
import { agreementKeys, pseudonymised } from './pseudonymise.ts'
import type { PersonRows, RowsSource, TableEngine } from './ports.ts'
import { written } from './write.ts'
import type { Written } from './write.ts'

export interface OfferedDataset {
  readonly holder: string
  readonly id: string
  readonly version: number
  readonly document: Dataset
}

export interface TableOptions {
  readonly request: UseRequest
  readonly decision: Decision
  readonly dataset: OfferedDataset
  /** The agreement under which it leaves: pseudonyms and date shifts belong to it. */
  readonly agreement: string
  readonly source: RowsSource
  readonly engine: TableEngine
  /** 32 bytes that the holder keeps; whoever has them can undo pseudonyms. */
  readonly secret: Uint8Array
  /** Generalised tables of this dataset that this requester has or had. */
  readonly earlier: readonly ClassesOfPeople[]
  readonly clock: Clock
  readonly randomness: Randomness
}

export interface ReleasedTable {
  readonly released: true
  readonly release: string
  readonly bytes: Uint8Array
  readonly digest: string
  /** The recipient's, as the text that is committed to. */
  readonly manifest: string
  readonly sealedManifest: Uint8Array
  readonly commitments: Commitments
  readonly figures: Figures
  /** Who is in which class: what later releases to this recipient are laid over. Null where classes say nothing. */
  readonly classes: ClassesOfPeople | null
  readonly people: readonly string[]
}

/** `rule` and `figures` are for the holder's eyes. */
export interface WithheldTable {
  readonly released: false
  readonly rule: GateRule
  readonly figures: Figures | null
}

type TableForm = TableManifest['form']

/**
 * Makes the table that a request asks for and lets the gate look at its bytes.
 * Throws RELEASE_OTHER_REQUEST, _OTHER_DATASET, _QUESTION_BEYOND_REQUEST, _FORM_NOT_OF_BASIS, _FORM_NOT_OFFERED, _NO_PEOPLE, what `columnsOut` and `generalisePeople` throw, and as `requireDecision`.
 */
export async function releaseTable(options: TableOptions): Promise<ReleasedTable | WithheldTable> {
  const form = checkedForm(options)
  const { dataset, decision, clock, request } = options
  const out = columnsOut(dataset.document, request)
  if (request.question !== undefined) checkQuestion(request.question, request)
  const read = await options.source.rows(decision, dataset.document, request.question)
  // Asked again here: who withdrew while the vault was read is out before anything is computed from her.
  const source = among(read, new Set(subjectsOf(decision, clock.now())))
  if (source.table.rows === 0) throw releaseErrors.NO_PEOPLE()
  const made = tableOf(form, { source, out, dataset: dataset.document, options })
  const answer = gate(gateInput(form, { source, made, options }))
  requireDecision(decision, { now: clock.now(), form })
  return answer.passed ? documented(form, { source, out, made, answer, options }) : { released: false, rule: answer.rule, figures: answer.figures }
}

function checkedForm({ request, decision, dataset, clock }: TableOptions): TableForm {
  const { form, basis } = request
  requireDecision(decision, { now: clock.now(), form, purpose: request.purpose })
  if (decision.requestId !== request.id) throw releaseErrors.OTHER_REQUEST()
  if (request.dataset?.holder !== dataset.holder || request.dataset.id !== dataset.id) throw releaseErrors.OTHER_DATASET()
  if (form !== 'anonymised' && form !== 'pseudonymised') throw releaseErrors.FORM_NOT_OF_BASIS({ form, basis })
  // Regulation (EU) 2025/327, Art. 73: what a permit gives under pseudonyms stays in a secure processing environment.
  if (form === 'pseudonymised' && basis !== 'consent') throw releaseErrors.FORM_NOT_OF_BASIS({ form, basis })
  if (!dataset.document.policy.forms.includes(form)) throw releaseErrors.FORM_NOT_OFFERED({ form })
  return form
}

/** The rows of these people alone, in the order they had. */
function among({ table, person }: PersonRows, standing: ReadonlySet<string>): PersonRows {
  const isIn = person.dictionary.map((subject) => standing.has(subject))
  const rows = Array.from(person.codes.keys()).filter((row) => isIn[person.codes[row] as number])
  if (rows.length === table.rows) return { table, person }
  const kept = (column: Column): Column => ({ ...column, codes: column.codes.constructor === Uint8Array ? Uint8Array.from(rows, (row) => column.codes[row] as number) : Uint32Array.from(rows, (row) => column.codes[row] as number) })
  return { table: { rows: rows.length, columns: table.columns.map(kept) }, person: kept(person) }
}

interface Made extends Written, Pick<TableHolderManifest, 'levels' | 'k' | 'rowsAsked'> {
  readonly hierarchies: Readonly<Record<string, string>>
}

type Making = { readonly source: PersonRows; readonly out: ColumnsOut; readonly dataset: Dataset; readonly options: Pick<TableOptions, 'engine' | 'secret' | 'agreement'> }

export function tableOf(form: TableForm, { source, out, dataset, options }: Making): Made {
  if (form === 'pseudonymised') {
    return { ...written(pseudonymised(source, out.columns, agreementKeys(options.secret, options.agreement))), levels: {}, k: 1, rowsAsked: 1, hierarchies: {} }
  }
  const { columns, levels, k, rowsAsked, hierarchies } = generalisePeople({ source, columns: out.columns, policy: dataset.policy, engine: options.engine })
  return { ...written(columns), levels, k, rowsAsked, hierarchies }
}

function gateInput(form: TableForm, { source: { table, person }, made, options }: { source: PersonRows; made: Made; options: TableOptions }): Parameters<typeof gate>[0] {
  const { document } = options.dataset
  const naming = document.columns.filter(({ role }) => role === 'identifying').flatMap(({ name }) => table.columns.filter((column) => column.name === name))
  const rows = Array.from(made.sourceRows)
  const asWritten = (column: Column): string[] => rows.map((row) => textAt(column, row))
  return {
    bytes: made.bytes, form, dataset: document, k: form === 'anonymised' ? leastPeople(document.policy) : 1, earlier: options.earlier,
    people: asWritten(person), names: new Set([...person.dictionary, ...naming.flatMap(({ dictionary }) => dictionary)]),
    datesBefore: form === 'pseudonymised' ? Object.fromEntries(table.columns.map((column) => [column.name, asWritten(column)])) : {},
  }
}

type Documenting = { readonly source: PersonRows; readonly out: ColumnsOut; readonly made: Made; readonly answer: Extract<GateAnswer, { passed: true }>; readonly options: TableOptions }

function documented(form: TableForm, { source, out, made, answer, options }: Documenting): ReleasedTable {
  const { request, dataset, decision, agreement, engine, clock, randomness, secret } = options
  const shared = { release: newId(randomness), agreement, height: decision.height, time: clock.now(), engine: form === 'anonymised' ? { name: engine.name, version: engine.version } : null, withheld: out.withheld, digest: answer.digest }
  const kept: TableHolderManifest = { format: 'mhmd-table-holder/1', ...shared, request, dataset: dataset.document, datasetVersion: dataset.version, levels: made.levels, k: made.k, rowsAsked: made.rowsAsked, figures: answer.figures, earlierReleases: options.earlier.length, sourceDigest: sourceDigest(source) }
  const told: TableManifest = {
    format: 'mhmd-table/1', ...shared, request: request.id, holder: dataset.holder, dataset: { id: dataset.id, version: dataset.version, title: dataset.document.title }, form,
    columns: out.columns.map(({ name, role }) => ({ name, role, ...(made.levels[name] === undefined ? {} : { level: made.levels[name] }), ...(made.hierarchies[name] === undefined ? {} : { hierarchy: made.hierarchies[name] }) })),
    ...howMade(form, dataset.document, made.k), simulation: decision.simulation, media: 'text/csv; charset=utf-8; header=present', bytes: made.bytes.length,
  }
  const manifest = JSON.stringify(told)
  return {
    released: true, release: shared.release, bytes: made.bytes, digest: answer.digest, manifest, sealedManifest: sealTableManifest(kept, secret),
    commitments: commitTable({ recipient: manifest, holder: JSON.stringify(kept), digest: answer.digest }, randomness), figures: answer.figures,
    classes: form === 'anonymised' ? answer.classes : null, people: [...new Set(source.person.codes)].map((code) => source.person.dictionary[code] as string),
  }
}

function howMade(form: TableForm, { policy }: Dataset, k: number): Pick<TableManifest, 'methods' | 'parameters' | 'notes'> {
  if (form === 'pseudonymised') return { methods: ['agreement-pseudonyms-hmac-sha-256', 'date-shift-by-person'], parameters: {}, notes: [tableNotes.pseudonymised, tableNotes.permittedOnly] }
  return {
    methods: ['full-domain-generalisation', 'suppression', 'person-as-unit'], parameters: { k, models: policy.models, suppressionLimit: policy.suppressionLimit, thresholds: policy.thresholds },
    notes: [tableNotes.notAnonymous, tableNotes.suppressed, tableNotes.permittedOnly],
  }
}

/** Tells the same rows of the same people, whatever codes their columns have. */
export function sourceDigest({ table, person }: PersonRows): string {
  const columns = [person, ...table.columns]
  const digests = columns.map(({ name, dictionary, codes }) => {
    const texts = dictionary.map((text) => sha256(utf8(text)))
    return sha256(utf8(name), ...Array.from(codes, (code) => texts[code] as Uint8Array))
  })
  return toBase64Url(sha256(...digests))
}

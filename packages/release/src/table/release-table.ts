// Door two, second form: a table. What leaves, protected how, allowed by which figures; people are read only with a decision, and only those whom it covers.
import { newId } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import type { Column } from '@mhmd/columns'
import { requireDecision, subjectsOf } from '@mhmd/consent'
import type { Decision } from '@mhmd/consent'
import type { Dataset, UseRequest } from '@mhmd/schema'
import { releaseErrors } from '../errors.ts'
import type { GateAnswer, GateRule } from '../gate/gate.ts'
import type { Figures } from '../gate/figures.ts'
import type { ClassesOfPeople } from '../gate/differencing.ts'
import { checkQuestion } from '../question.ts'
import { columnsOut } from './columns.ts'
import type { ColumnsOut } from './columns.ts'
import { makeHere } from './make-table.ts'
import type { MadeTable, MakeTable } from './make-table.ts'
import { commitTable, sealTableManifest, tableNotes } from './manifest.ts'
import type { Commitments, TableHolderManifest, TableManifest } from './manifest.ts'
import { agreementKeys } from './pseudonymise.ts'
import type { PersonRows, RowsSource, TableEngine } from './ports.ts'

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
  /** Computes on another thread what `engine` would compute here (`makeInThread`). The rows are handed over: whoever gave them uses them no more. */
  readonly make?: MakeTable
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
 * Throws RELEASE_OTHER_REQUEST, _OTHER_DATASET, _QUESTION_BEYOND_REQUEST, _FORM_NOT_OF_BASIS, _SECURE_ENVIRONMENT_ONLY, _FORM_NOT_OFFERED, _NO_PEOPLE, what `columnsOut` and `generalisePeople` throw, and as `requireDecision`.
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
  const keys = form === 'pseudonymised' ? agreementKeys(options.secret, options.agreement) : null
  const people = everybodyIn(source.person)
  const made = await (options.make ?? makeHere(options.engine))({ form, source, columns: out.columns, dataset: dataset.document, keys, earlier: options.earlier })
  requireDecision(decision, { now: clock.now(), form })
  const { answer } = made
  return answer.passed ? documented(form, { people, out, made, answer, options }) : { released: false, rule: answer.rule, figures: answer.figures }
}

function checkedForm({ request, decision, dataset, clock }: TableOptions): TableForm {
  const { form, basis } = request
  requireDecision(decision, { now: clock.now(), form, purpose: request.purpose })
  if (decision.requestId !== request.id) throw releaseErrors.OTHER_REQUEST()
  if (request.dataset?.holder !== dataset.holder || request.dataset.id !== dataset.id) throw releaseErrors.OTHER_DATASET()
  if (form !== 'anonymised' && form !== 'pseudonymised') throw releaseErrors.FORM_NOT_OF_BASIS({ form, basis })
  // Regulation (EU) 2025/327, Art. 73: what a permit gives under pseudonyms stays in a secure processing environment.
  if (form === 'pseudonymised' && basis !== 'consent') throw basis === 'permit' ? releaseErrors.SECURE_ENVIRONMENT_ONLY() : releaseErrors.FORM_NOT_OF_BASIS({ form, basis })
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

const everybodyIn = ({ codes, dictionary }: Column): string[] => [...new Set(codes)].map((code) => dictionary[code] as string)

type Documenting = { readonly people: readonly string[]; readonly out: ColumnsOut; readonly made: MadeTable; readonly answer: Extract<GateAnswer, { passed: true }>; readonly options: TableOptions }

function documented(form: TableForm, { people, out, made, answer, options }: Documenting): ReleasedTable {
  const { request, dataset, decision, agreement, engine, clock, randomness, secret } = options
  const shared = { release: newId(randomness), agreement, height: decision.height, time: clock.now(), engine: form === 'anonymised' ? { name: engine.name, version: engine.version } : null, withheld: out.withheld, digest: answer.digest }
  const kept: TableHolderManifest = { format: 'mhmd-table-holder/1', ...shared, request, dataset: dataset.document, datasetVersion: dataset.version, levels: made.levels, k: made.k, figures: answer.figures, earlierReleases: options.earlier.length, sourceDigest: made.sourceDigest }
  const told: TableManifest = {
    format: 'mhmd-table/1', ...shared, request: request.id, holder: dataset.holder, dataset: { id: dataset.id, version: dataset.version, title: dataset.document.title }, form,
    columns: out.columns.map(({ name, role }) => ({ name, role, ...(made.levels[name] === undefined ? {} : { level: made.levels[name] }), ...(made.hierarchies[name] === undefined ? {} : { hierarchy: made.hierarchies[name] }) })),
    ...howMade(form, dataset.document, made.k), simulation: decision.simulation, media: 'text/csv; charset=utf-8; header=present', bytes: made.bytes.length,
  }
  const manifest = JSON.stringify(told)
  return {
    released: true, release: shared.release, bytes: made.bytes, digest: answer.digest, manifest, sealedManifest: sealTableManifest(kept, secret),
    commitments: commitTable({ recipient: manifest, holder: JSON.stringify(kept), digest: answer.digest }, randomness), figures: answer.figures,
    classes: form === 'anonymised' ? answer.classes : null, people,
  }
}

function howMade(form: TableForm, { policy }: Dataset, k: number): Pick<TableManifest, 'methods' | 'parameters' | 'notes'> {
  if (form === 'pseudonymised') return { methods: ['agreement-pseudonyms-hmac-sha-256', 'date-shift-by-person'], parameters: {}, notes: [tableNotes.pseudonymised, tableNotes.permittedOnly] }
  return {
    methods: ['full-domain-generalisation', 'suppression', 'person-as-unit'], parameters: { k, models: policy.models, suppressionLimit: policy.suppressionLimit, thresholds: policy.thresholds },
    notes: [tableNotes.notAnonymous, tableNotes.suppressed, tableNotes.permittedOnly],
  }
}

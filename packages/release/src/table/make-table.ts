// What a table's release computes: the columns made, their bytes written, and the gate's word on them. It needs no store, no clock and no decision, so that it may run on any thread.
import { toBase64Url, utf8 } from '@mhmd/base'
import { textAt } from '@mhmd/columns'
import type { Column } from '@mhmd/columns'
import { sha256 } from '@mhmd/crypto'
import type { Dataset, DatasetColumn } from '@mhmd/schema'
import { gate } from '../gate/gate.ts'
import type { GateAnswer } from '../gate/gate.ts'
import type { ClassesOfPeople } from '../gate/differencing.ts'
import { generalisePeople, leastPeople } from './generalise.ts'
import type { TableHolderManifest, TableManifest } from './manifest.ts'
import type { PersonRows, TableEngine } from './ports.ts'
import { pseudonymised } from './pseudonymise.ts'
import type { AgreementKeys } from './pseudonymise.ts'
import { written } from './write.ts'
import type { Written } from './write.ts'

const DIGEST_BYTES = 32

export interface MakeTask {
  readonly form: TableManifest['form']
  readonly source: PersonRows
  /** Those that leave. */
  readonly columns: readonly DatasetColumn[]
  readonly dataset: Dataset
  /** Null where nothing is put under pseudonyms. */
  readonly keys: AgreementKeys | null
  readonly earlier: readonly ClassesOfPeople[]
}

/** A part of the work that is done. */
export type Stage = 'protected' | 'measured'

export interface MadeTable extends Pick<TableHolderManifest, 'levels' | 'k' | 'sourceDigest'> {
  readonly bytes: Uint8Array
  readonly hierarchies: Readonly<Record<string, string>>
  readonly answer: GateAnswer
}

/** Wherever that is done. Throws as `makeTable`. */
export type MakeTable = (task: MakeTask) => Promise<MadeTable>

export const makeHere = (engine: TableEngine): MakeTable => (task) => new Promise((resolve) => { resolve(makeTable(task, engine)) })

/** Throws what `generalisePeople` throws, and RELEASE_GATE_UNREADABLE. */
export function makeTable(task: MakeTask, engine: TableEngine, done: (stage: Stage) => void = () => undefined): MadeTable {
  const { sourceRows, ...made } = protectedTable(task, engine)
  done('protected')
  const answer = gate(gateInput(task, made.bytes, sourceRows))
  done('measured')
  return { ...made, answer, sourceDigest: sourceDigest(task.source) }
}

type Protected = Written & Pick<MadeTable, 'levels' | 'k' | 'hierarchies'>

export function protectedTable({ source, columns, dataset, keys }: Omit<MakeTask, 'form' | 'earlier'>, engine: TableEngine): Protected {
  if (keys !== null) return { ...written(pseudonymised(source, columns, keys)), levels: {}, k: 1, hierarchies: {} }
  const { columns: generalised, levels, k, hierarchies } = generalisePeople({ source, columns, policy: dataset.policy, engine })
  return { ...written(generalised), levels, k, hierarchies }
}

function gateInput({ form, source: { table, person }, dataset, earlier }: MakeTask, bytes: Uint8Array, sourceRows: Uint32Array): Parameters<typeof gate>[0] {
  const naming = dataset.columns.filter(({ role }) => role === 'identifying').flatMap(({ name }) => table.columns.filter((column) => column.name === name))
  const rows = Array.from(sourceRows)
  const asWritten = (column: Column): string[] => rows.map((row) => textAt(column, row))
  return {
    bytes, form, dataset, k: form === 'anonymised' ? leastPeople(dataset.policy) : 1, earlier,
    people: asWritten(person), names: new Set([...person.dictionary, ...naming.flatMap(({ dictionary }) => dictionary)]),
    datesBefore: form === 'pseudonymised' ? Object.fromEntries(table.columns.map((column) => [column.name, asWritten(column)])) : {},
  }
}

/** Tells the same rows of the same people, whatever codes their columns have. */
export function sourceDigest({ table, person }: PersonRows): string {
  const digests = [person, ...table.columns].map(({ name, dictionary, codes }) => {
    const texts = dictionary.map((text) => sha256(utf8(text)))
    const cells = new Uint8Array(DIGEST_BYTES * codes.length)
    codes.forEach((code, row) => { cells.set(texts[code] as Uint8Array, DIGEST_BYTES * row) })
    return sha256(utf8(name), cells)
  })
  return toBase64Url(sha256(...digests))
}

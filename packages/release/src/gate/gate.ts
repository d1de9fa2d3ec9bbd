// The gate: opens the very bytes that would leave, measures them, and refuses what the dataset's policy does not allow. One code a rule; the figures stay with the holder.
import { toBase64Url } from '@mhmd/base'
import { sha256 } from '@mhmd/crypto'
import type { Dataset } from '@mhmd/schema'
import { smallestJoint } from './differencing.ts'
import type { ClassesOfPeople } from './differencing.ts'
import { measure } from './figures.ts'
import type { Figures, Measured } from './figures.ts'
import { openBytes } from './read-bytes.ts'
import type { Opened } from './read-bytes.ts'

export interface GateInput {
  readonly bytes: Uint8Array
  readonly form: 'anonymised' | 'pseudonymised'
  readonly dataset: Dataset
  /** The fewest people of a class. */
  readonly k: number
  /** Whose each row of the bytes is, as the holder knows it. */
  readonly people: readonly string[]
  /** Texts that would name somebody: values of identifying columns, and subjects. */
  readonly names: ReadonlySet<string>
  /** Each date column as it was, row by row of the bytes; empty where none must move. */
  readonly datesBefore: Readonly<Record<string, readonly string[]>>
  /** Generalised tables of this dataset that this recipient had before. */
  readonly earlier: readonly ClassesOfPeople[]
}

/** A rule that held a release back; `releaseErrors` says it under `GATE_` and this name. */
export type GateRule = 'COLUMN' | 'NAME_INSIDE' | 'EMPTY' | 'KNOWN_COLUMN' | 'HIGHEST_RISK' | 'AVERAGE_RISK' | 'UNIQUES' | 'DISTINCT_VALUES' | 'TELLS_APART' | 'SUPPRESSION' | 'DATE_NOT_MOVED' | 'DIFFERENCE'

export type GateAnswer =
  | { readonly passed: true; readonly digest: string; readonly figures: Figures; readonly classes: ClassesOfPeople }
  | { readonly passed: false; readonly rule: GateRule; readonly figures: Figures | null }

/** A column of pseudonyms is the gate's to expect, not the dataset's to describe. */
const PSEUDONYM = 'pseudonym'
/** Shorter texts occur by chance. */
const NAME_LENGTH = 4

/** Throws RELEASE_GATE_UNREADABLE. */
export function gate(input: GateInput): GateAnswer {
  const opened = openBytes(input.bytes)
  const shape = shapeRule(opened, input)
  if (shape !== undefined) return { passed: false, rule: shape, figures: null }
  const numbers = new Map<string, number>()
  const person = Uint32Array.from(input.people, (name) => numbers.get(name) ?? (numbers.set(name, numbers.size), numbers.size - 1))
  const measured = measure(opened, person, rolesOf(input.dataset))
  const { figures } = measured
  const everyone = [...numbers.keys()]
  const classes = measured.classes.map((people) => [...people].map((number) => everyone[number] as string))
  const rule = input.form === 'anonymised' ? generalisedRule(measured, classes, input) : movedRule(opened, input)
  if (rule !== undefined) return { passed: false, rule, figures }
  return { passed: true, digest: toBase64Url(sha256(input.bytes)), figures, classes }
}

function rolesOf({ columns }: Dataset): { quasi: string[]; sensitive: string[]; other: string[] } {
  const named = (role: string): string[] => columns.filter((column) => column.role === role).map(({ name }) => name)
  return { quasi: named('quasi-identifying'), sensitive: named('sensitive'), other: named('insensitive') }
}

/** Columns that nobody classified, that name people, or that the attack was said to know and the classes leave out; names in any cell. */
function shapeRule({ columns, rows }: Opened, { dataset, form, names, people }: GateInput): GateRule | undefined {
  const roleOf = (name: string): string | undefined => dataset.columns.find((column) => column.name === name)?.role
  const isExpected = (name: string): boolean => (form === 'pseudonymised' && name === PSEUDONYM) || ['quasi-identifying', 'sensitive', 'insensitive'].includes(roleOf(name) ?? '')
  if (!columns.every(({ name }) => isExpected(name))) return 'COLUMN'
  if (rows === 0 || rows !== people.length) return 'EMPTY'
  if (columns.some(({ texts }) => texts.some((text) => text.length >= NAME_LENGTH && names.has(text)))) return 'NAME_INSIDE'
  const isKnownOutside = (name: string): boolean => dataset.scenario.knows.includes(name) && roleOf(name) !== 'quasi-identifying'
  return form === 'anonymised' && columns.some(({ name }) => isKnownOutside(name)) ? 'KNOWN_COLUMN' : undefined
}

function generalisedRule({ figures }: Measured, classes: ClassesOfPeople, { dataset: { policy }, k, earlier }: GateInput): GateRule | undefined {
  const { highestRisk, averageRisk, uniques, distinctValues } = policy.thresholds
  const rules: readonly (readonly [GateRule, boolean])[] = [
    ['EMPTY', figures.classes === 0],
    ['HIGHEST_RISK', figures.smallestClass < k || 1 / figures.smallestClass > highestRisk + 1e-9],
    ['AVERAGE_RISK', figures.classes / figures.memberships > averageRisk + 1e-9],
    ['UNIQUES', figures.uniques / figures.memberships > uniques],
    ['DISTINCT_VALUES', Object.values(figures.distinctValues).some((fewest) => fewest < distinctValues)],
    ['TELLS_APART', Object.values(figures.toldApart).some((alone) => alone > 0 && alone / figures.people > uniques)],
    ['SUPPRESSION', figures.suppressedRows / figures.rows > policy.suppressionLimit + 1e-9],
    ['DIFFERENCE', earlier.some((before) => smallestJoint(before, classes) < k)],
  ]
  return rules.find(([, isBroken]) => isBroken)?.[0]
}

/** A date that stands where it stood was not moved. */
function movedRule({ columns }: Opened, { datesBefore }: GateInput): GateRule | undefined {
  const stays = columns.some(({ name, texts, cells }) => datesBefore[name]?.some((before, row) => isWholeDate(before) && texts[cells[row] as number] === before))
  return stays ? 'DATE_NOT_MOVED' : undefined
}

const isWholeDate = (text: string): boolean => /^\d{4}-\d{2}-\d{2}/.test(text)

// Says in plain words what a checked proof proves and what it doesn't: the same at the command line and on the page.
import { proofRefusals } from './proof.ts'
import type { Proven, TrustRoots } from './proof.ts'
import { en } from './words/en.ts'
import { it } from './words/it.ts'
import type { Words } from './words/words.ts'

const languages: Readonly<Record<'en' | 'it', Words>> = { en, it }
export type ProofLanguage = keyof typeof languages

/** What the transaction recorded about a person: a decision or a key. */
export interface RecordedState {
  readonly about: string
  readonly holder: string
  readonly subject: string
  readonly version: number
  readonly state: string
  readonly time: number
}

/** The transaction's own operation id and those of its items. */
export const operationsOf = ({ leaf, writes }: Proven): string[] => [...new Set([leaf.operationId, ...writes.filter(({ key }) => key[0] === 'operation').map(({ key }) => key[1] ?? '')])]

export const statesOf = ({ writes }: Proven): RecordedState[] => writes
  .filter(({ key }) => ['consent', 'opt-out', 'subject'].includes(key[0]) && key.length === 3)
  .map(({ key: [about, holder = '', subject = ''], value }) => ({ ...(value as unknown as Pick<RecordedState, 'version' | 'state' | 'time'>), about, holder, subject }))

const SHOWN = 10
const day = (milliseconds: number): string => Number.isFinite(milliseconds) && Math.abs(milliseconds) < 8e15 ? new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ') : '?'
const memberOf = (name: string): string => name.slice(name.lastIndexOf('/') + 1)

export interface Explained {
  readonly proven: readonly string[]
  readonly notProven: readonly string[]
}

/** `asked` is the operation it should be about; by default the only item, or the transaction. */
export function explain(proven: Proven, roots: TrustRoots & { readonly name: string }, { language, asked }: { readonly language: ProofLanguage; readonly asked?: string | undefined }): Explained {
  const words = languages[language]
  const { leaf, checkpoint, hidden } = proven
  const states = statesOf(proven)
  const items = operationsOf(proven).filter((id) => id !== leaf.operationId)
  const operation = asked ?? (items.length === 1 ? items[0] : undefined) ?? leaf.operationId
  return {
    proven: [
      words.operation({ operation, network: roots.name, height: leaf.height, code: leaf.code }),
      ...(operation === leaf.operationId ? [] : [words.batch({ operation: leaf.operationId })]),
      ...states.slice(0, SHOWN).map((one) => words.state({ ...one, about: words.about[one.about] ?? one.about, state: words.states[one.state] ?? one.state, time: day(one.time) })),
      ...(states.length > SHOWN ? [words.more({ count: states.length - SHOWN })] : []),
      words.signed({ members: words.and(proven.signedBy.map(memberOf)), size: checkpoint.size }),
      ...witnessed(proven, words),
      ...(states.length > 1 ? [words.others()] : []),
      ...(hidden > 0 ? [words.hidden({ count: hidden })] : []),
    ],
    notProven: [words.notContent(), words.notLatest(), ...(roots.witnesses === undefined ? [words.unwitnessed()] : []), words.notRoots()],
  }
}

function witnessed({ witnessedBy }: Proven, words: Words): string[] {
  if (witnessedBy.length === 0) return []
  return [words.witnessed({ witnesses: words.and(witnessedBy.map(({ name }) => name)), time: day(Math.min(...witnessedBy.map(({ seconds }) => seconds)) * 1000) })]
}

/** What a refusal of `verifyProof` means, and what to do. */
export const explainRefusal = (code: string, language: ProofLanguage): { readonly says: string; readonly remedy: string } | undefined => languages[language].refusals[code] ?? proofRefusals[code]

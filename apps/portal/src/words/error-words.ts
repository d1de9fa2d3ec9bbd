// What went wrong in the words of the pages of staff: the node's own in English; in other languages by its code, or else by its kind.
import i18next from 'i18next'
import { number, spoken } from './language.ts'

/** An error as the node describes it. */
export interface Described {
  readonly code: string
  readonly kind: string
  readonly message: string
  readonly remedy: string
  readonly details: Readonly<Record<string, unknown>>
}

interface InWords {
  readonly what: string
  readonly remedy: string
}

export function inWords({ code, kind, message, remedy, details }: Described): InWords {
  if (spoken() === 'en' && message !== '' && kind !== 'bug') return { what: `${message}.`, remedy }
  const known = ofNode(code, details)
  if (known !== undefined) return { ...known, what: `${known.what}.` }
  return ofGate(code) ?? { what: wordsFor(code, kind), remedy: '' }
}

/** What the pages themselves say of a code, where they say anything. */
export function wordsFor(code: string, kind: string): string {
  const found = [`errors.codes.${code}`, `errors.kinds.${kind}`, 'errors.kinds.bug'].find((key) => i18next.exists(key, { ns: 'professional' }))
  return said('professional', found ?? 'problem')
}

/** What was found in a record, by its code; where the reader's language has no words for it, the node's own, in English. */
export function findingInWords({ code, says, remedy }: { readonly code: string; readonly says: string; readonly remedy: string }): InWords & { readonly lang: 'en' | undefined } {
  const known = ofNode(code, {})
  return known === undefined ? { what: says, remedy, lang: 'en' } : { ...known, lang: undefined }
}

/** Why the node suggests something, in the reader's language: it puts whole sentences together, and any that has no words here stays in English. */
export const nodeReasonInWords = (reason: string): string => translated(reason, sentencesOf('nodeReasons'))

/** What a node tells of a Fabric channel: an alarm, or a certificate by what it is for. */
export const nodeAlarmInWords = (alarm: string): string => translated(alarm, sentencesOf('nodeAlarms'))

const sentencesOf = (ns: string): Readonly<Record<string, string>> => (i18next.getResourceBundle(spoken(), ns) ?? {}) as Readonly<Record<string, string>>

export const translated = (reason: string, sentences: Readonly<Record<string, string>>): string => Object.entries(sentences).reduce((text, [english, own]) => text.replace(english, own), reason)

/** A ready-made view by its title and what its rows are, in the reader's language where it has words for it. */
export function viewInWords({ title, description }: { readonly title: string; readonly description: string }): readonly [string, string] {
  const words = sentencesOf('nodeViews')
  return [words[title] ?? title, words[description] ?? description]
}

/** A draft's name: her own, that of its ready-made view, or what its rows are of. */
export const draftInWords = ({ title, resource }: { readonly title: string | null; readonly resource: string }): string => viewInWords({ title: title ?? resource, description: '' })[0]

const said = (ns: string, key: string): string => String(i18next.getResource(spoken(), ns, key))

function ofNode(code: string, details: Readonly<Record<string, unknown>>): InWords | undefined {
  const known = i18next.getResource(spoken(), 'nodeCodes', code) as readonly [string, string] | undefined
  return known === undefined ? undefined : { what: known[0].replace(/\{\{(\w+)\}\}/g, (_, name: string) => shown(details[name])), remedy: known[1] }
}

function ofGate(code: string): InWords | undefined {
  const at = `gate.remedies.${code}`
  return i18next.exists(`${at}.what`, { ns: 'professional' }) ? { what: said('professional', `${at}.what`), remedy: said('professional', `${at}.remedy`) } : undefined
}

const shown = (detail: unknown): string => typeof detail === 'number' ? number(detail) : typeof detail === 'string' ? detail : '…'

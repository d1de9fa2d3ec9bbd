import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { reasonCodes } from '@mhmd/consent'
import { purposeCodes, recipientClassCodes } from '@mhmd/schema'
import { citizen as citizenEnglish } from './citizen-en.ts'
import { citizen as citizenItalian } from './citizen-it.ts'
import { translated } from './error-words.ts'
import { nodeAlarms } from './node-alarms-it.ts'
import { nodeCodes } from './node-codes-it.ts'
import { nodeReasons } from './node-reasons-it.ts'
import { nodeViews } from './node-views-it.ts'
import { professional as professionalEnglish } from './professional-en.ts'
import { professional as professionalItalian } from './professional-it.ts'

type Words = { readonly [key: string]: string | Words }

/** Every key with its text, as `place.of.the.key`. */
function flat(words: Words, at = ''): Map<string, string> {
  return new Map(Object.entries(words).flatMap(([key, value]) => typeof value === 'string' ? [[`${at}${key}`, value] as const] : [...flat(value, `${at}${key}.`)]))
}

const slots = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => String(found[1])).sort()

const pairs: readonly (readonly [string, Words, Words])[] = [['citizen', citizenEnglish, citizenItalian], ['professional', professionalEnglish, professionalItalian]]

for (const [name, english, italian] of pairs) {
  test(`${name}: both languages have the same keys, each with words, and the same places for names and figures`, () => {
    const [en, it] = [flat(english), flat(italian)]
    assert.deepEqual([...it.keys()].sort(), [...en.keys()].sort())
    for (const [key, text] of en) {
      assert.notEqual(text, '', key)
      assert.notEqual(it.get(key), '', key)
      // A plural for one may leave its figure out.
      if (!key.endsWith('_one')) assert.deepEqual(slots(it.get(key) ?? ''), slots(text), key)
    }
  })
}

/** What stands elsewhere under another word: one word for one thing. */
const otherWords: Readonly<Record<string, RegExp>> = { varco: /\bcancell[oi]\b/i, politica: /\bpolicy\b(?! 0070)/i, dataset: /\binsiem[ei] di dati\b/i, autorizzazione: /\bpermess[oi] che\b|\bun permesso\b/i, 'responsabile dei dati': /\bsteward\b/i, 'punto di controllo': /\bcheckpoint\b/i, 'righe nascoste': /tralasciat/i, detenuta: /\btabelle (ricevute|tenute)\b/i }

test('staff read one Italian word for one thing', () => {
  for (const [key, text] of flat(professionalItalian)) for (const [word, other] of Object.entries(otherWords)) assert.ok(!other.test(text), `${key}: ${word}, not “${text}”`)
})

test('every word of the vocabularies that she may meet has hers', () => {
  const en = flat(citizenEnglish)
  for (const code of purposeCodes) assert.ok(en.has(`purpose.${code}`), code)
  for (const code of recipientClassCodes) assert.ok(en.has(`recipient.${code}`), code)
  assert.ok(reasonCodes.length > 0)
})

/** Codes that no page of staff can meet, or only as a fault of the program, which is shown by its kind. */
const elsewhere: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['HOME_EXISTS', 'HOME_MISSING', 'HOME_BAD', 'NOT_JOINED', 'NETWORK_HASH', 'NOT_ADMITTED', 'COMPILE_CACHE', 'LEDGER_AFTER_TOO_SHORT'].map((code) => [`NODE_${code}`, 'the command line alone, before a node runs'])),
  ...Object.fromEntries(['BULK_UNREACHABLE', 'BULK_REFUSED', 'BULK_ANSWER', 'BULK_ORIGIN'].map((code) => [`NODE_${code}`, 'the log of an import from a record system, which the command line starts'])),
  NODE_KEY_UNKNOWN: 'a citizen\'s pages, which have their own words', NODE_ANSWER_AWAITED: 'inside a job that waits', NODE_NOT_AS_DESCRIBED: 'a fault, by its kind',
  RELEASE_NO_QUESTION: 'refused when the request is filed', RELEASE_OTHER_REQUEST: 'a fault, by its kind', RELEASE_UNSAFE_POLICY: 'a fault of the configuration, at the start',
}

test('every error of the node and of the gate that a page of staff can meet has words in both languages, or a reason why not', () => {
  const reference = readFileSync(new URL('../../../../docs/reference/errors.md', import.meta.url), 'utf8').split('\n## Retired')[0] ?? ''
  const [en, it] = [flat(professionalEnglish), flat(professionalItalian)]
  const codes = [...reference.matchAll(/^\| `((?:NODE|RELEASE)_[A-Z_]+)` \| (\S+) \|/gm)]
  assert.ok(codes.length > 60, String(codes.length))
  const has = (key: string): boolean => en.has(key) && it.has(key)
  const wordless = codes.map(([, code = '']) => code).filter((code) => !has(`errors.codes.${code}`) && !has(`gate.remedies.${code}.what`) && !(code in elsewhere))
  assert.deepEqual(wordless, [], 'give each words in both languages, or a reason in this list')
  const known = new Set(codes.map(([, code]) => code))
  assert.deepEqual([...en.keys()].flatMap((key) => /^errors\.codes\.(\w+)$/.exec(key)?.[1] ?? []).filter((code) => !known.has(code)), [], 'words for codes that are gone')
  for (const kind of new Set([...reference.matchAll(/^\| `[A-Z_]+` \| (\S+) \|/gm)].map(([, kind = '']) => kind))) if (kind !== 'setup' && kind !== 'refusal') assert.ok(has(`errors.kinds.${kind}`) && flat(citizenEnglish).has(`fail.${kind}`), kind)
})

test('every reason of a decision about a request has words for the page of a release, and no other has', () => {
  const ofRequests = reasonCodes.filter((code) => !/^(?:OWN_ACCESS|CARE|DUTY)/.test(code))
  for (const { reasonNames } of [professionalEnglish, professionalItalian]) assert.deepEqual(Object.keys(reasonNames).sort(), [...ofRequests].sort())
})

/** What a job of the node can end with, or an import note of a record, besides the node's own and the gate's codes. */
const ofJobs = ['FHIR', 'VIEW', 'VAULT', 'DEID', 'HIERARCHY', 'STORE']

test('every code that a job or a finding can show has Italian words, what happened and what to do, with no detail that the error lacks', () => {
  const reference = readFileSync(new URL('../../../../docs/reference/errors.md', import.meta.url), 'utf8').split('\n## Retired')[0] ?? ''
  const rows = [...reference.matchAll(new RegExp(`^\\| \`((?:${ofJobs.join('|')})_[A-Z_]+)\` \\| \\S+ \\| (.*?) \\| (.*?) \\|$`, 'gm'))].map(([, code = '', says = '', remedy = '']) => ({ code, says, remedy }))
  assert.ok(rows.length > 100, String(rows.length))
  assert.deepEqual(rows.map(({ code }) => code).filter((code) => !(code in nodeCodes)), [], 'give each words in node-codes-it.ts')
  assert.deepEqual(Object.keys(nodeCodes).filter((code) => !rows.some((row) => row.code === code)), [], 'words for codes that are gone')
  for (const { code, says, remedy } of rows) {
    const [what = '', todo = ''] = nodeCodes[code] ?? []
    assert.ok(what.length > 10 && todo.length > 10 && what !== says && todo !== remedy, code)
    const given = [...says.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
    assert.deepEqual(slots(`${what} ${todo}`).filter((name) => !given.includes(name)), [], code)
  }
})

test('every alarm of a Fabric channel and every certificate of it has Italian words', () => {
  const source = (name: string): string => readFileSync(new URL(`../../../../adapters/ledger-fabric/src/network/${name}.ts`, import.meta.url), 'utf8')
  const bodies = [...source('status').matchAll(/(?:function (?:unfinishedIn|mismatches)|const endingSoon)[^]*?\n(?:\n|\}\n)/g)].map(([body]) => body).join('')
  const alarms = [...bodies.matchAll(/`(\$\{[^`]*)`/g)].map(([, text = '']) => text.replaceAll('${does}', 'orders').replaceAll(/\$\{[^}]*\}/g, '…'))
  const names = [...source('certificates').matchAll(/\[['`]([^'`]+)['`], join/g)].flatMap(([, name = '']) => name.includes('${') ? ['peer', 'orderer'].map((kind) => name.replace('${kind}', kind)) : [name])
  assert.deepEqual([alarms.length, names.length], [5, 8])
  for (const text of [...alarms, alarms.at(-1)?.replace('orders', 'endorses') ?? '', ...names]) assert.doesNotMatch(translated(text, nodeAlarms).replaceAll(/mhmd network [a-z-]+/g, ''), /\b(is|was|has|and|on|of|no|it|its|the|ends|orders|endorses|administrator|authority)\b/, text)
})

test('every ready-made view has an Italian title and description, and none is left over', () => {
  const folder = new URL('../../../../packages/fhir/views/', import.meta.url)
  const views = globSync('*.json', { cwd: folder }).map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { title: string; description: string })
  assert.deepEqual(Object.keys(nodeViews).sort(), views.flatMap(({ title, description }) => [title, description]).sort())
  for (const [english, italian] of Object.entries(nodeViews)) assert.notEqual(italian, english)
})

test('every kind of job has a name', () => {
  const doors = readFileSync(new URL('../../../../tests/all-doors.test.ts', import.meta.url), 'utf8')
  const kinds = new Set([...doors.matchAll(/'job ([a-z-]+)'/g)].map(([, kind = '']) => kind))
  assert.ok(kinds.size > 8)
  assert.deepEqual(Object.keys(professionalEnglish.jobs.kinds).sort(), [...kinds].sort())
})

test('every key that a page names is there, and every key is named by a page', () => {
  const pages = new URL('..', import.meta.url)
  const source = globSync(['citizen/**/*.{ts,tsx}', 'professional/**/*.{ts,tsx}', 'words/error-words.ts'], { cwd: pages }).map((file) => readFileSync(new URL(file, pages), 'utf8')).join('\n')
  for (const [name, english] of pairs) {
    const unnamed = [...flat(english).keys()].filter((key) => {
      const plain = key.replace(/_(one|other)$/, '')
      const parts = plain.split('.')
      // Named whole, or by a template such as `fail.${code}` or `pages.${area}.${page}`.
      return !source.includes(`'${plain}'`) && !parts.some((_, at) => at > 0 && source.includes(`\`${parts.slice(0, at).join('.')}.\${`))
    })
    assert.deepEqual(unnamed, [], name)
  }
})

// Reading age 12: short sentences, short words. Flesch-Kincaid grade (Kincaid et al. 1975) of all running text at most 6, of no text above 10.
test('a citizen\'s English is plain', () => {
  const syllables = (word: string): number => Math.max(1, (word.toLowerCase().replace(/e$/, '').match(/[aeiouy]+/g) ?? []).length)
  const texts = [...flat(citizenEnglish)].filter(([, text]) => text.split(/\s+/).length >= 12).map(([key, text]) => ({ key, text: text.replace(/\{\{\w+\}\}/g, 'Anna') }))
  const gradeOf = (text: string): number => {
    const sentences = text.split(/[.?!:]\s|[.?!]$/).filter((part) => part.trim() !== '').length
    const words = text.split(/[^A-Za-z’']+/).filter((word) => word !== '')
    return 0.39 * (words.length / sentences) + 11.8 * (words.reduce((sum, word) => sum + syllables(word), 0) / words.length) - 15.59
  }
  assert.ok(texts.length > 40)
  const all = gradeOf(texts.map(({ text }) => text).join(' '))
  assert.ok(all <= 6, `grade ${all.toFixed(1)} in all`)
  for (const { key, text } of texts) assert.ok(gradeOf(text) <= 10, `${key}: grade ${gradeOf(text).toFixed(1)}`)
})

test('every sentence that a node gives as its reason for a column\'s role or hierarchy has Italian words, and none is left over', () => {
  const lines = ['catalogue/src/suggest.ts', 'deid/src/hierarchies/suggest.ts', 'deid/src/recommend/roles.ts'].flatMap((file) => readFileSync(new URL(`../../../../packages/${file}`, import.meta.url), 'utf8').split('\n'))
  const given = lines.flatMap((line) => line.includes('reason: ') ? [...line.slice(line.indexOf('reason: ')).matchAll(/'((?:[^'\\]|\\.){9,})'|`([^`]{9,})`/g)].map(([, text, pattern]) => (text ?? pattern ?? '').replaceAll('\\', '')) : [])
    .filter((sentence) => sentence.includes(' ') && !sentence.startsWith('${'))
  assert.ok(given.length > 20, String(given.length))
  // What a sentence says of the column, such as a system of codes, stands as it is.
  const beginnings = given.map((sentence) => sentence.split('${')[0]?.replace(/[ (]+$/, '') ?? '')
  for (const beginning of beginnings) assert.ok(Object.keys(nodeReasons).some((english) => english.startsWith(beginning)), beginning)
  for (const english of Object.keys(nodeReasons)) assert.ok(beginnings.some((beginning) => english.startsWith(beginning)), english)
  for (const kind of /KINDS_OTHERS_KNOW = \[(.*)\]/.exec(lines.join('\n'))?.[1]?.split(', ') ?? ['none']) assert.ok(Object.keys(nodeReasons).some((english) => english.includes(`the kind ${kind.slice(1, -1)},`)), kind)
  assert.equal(translated('its values are codes of ATC; every value has the form of an ATC code', nodeReasons), 'i valori sono codici ATC; ogni valore ha la forma di un codice ATC')
})

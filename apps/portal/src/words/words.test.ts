import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { reasonCodes } from '@mhmd/consent'
import { purposeCodes, recipientClassCodes } from '@mhmd/schema'
import { citizen as citizenEnglish } from './citizen-en.ts'
import { citizen as citizenItalian } from './citizen-it.ts'
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

test('every word of the vocabularies that she may meet has hers', () => {
  const en = flat(citizenEnglish)
  for (const code of purposeCodes) assert.ok(en.has(`purpose.${code}`), code)
  for (const code of recipientClassCodes) assert.ok(en.has(`recipient.${code}`), code)
  assert.ok(reasonCodes.length > 0)
})

test('every key that a page names is there, and every key is named by a page', () => {
  const pages = new URL('..', import.meta.url)
  const source = globSync(['citizen/**/*.{ts,tsx}', 'professional/**/*.{ts,tsx}'], { cwd: pages }).map((file) => readFileSync(new URL(file, pages), 'utf8')).join('\n')
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

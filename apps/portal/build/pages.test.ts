import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
import { citizen as english } from '../src/words/citizen-en.ts'
import { citizen as italian } from '../src/words/citizen-it.ts'
import { buildPages } from './index.ts'

interface Chunk {
  readonly file: string
  readonly css?: readonly string[]
  readonly imports?: readonly string[]
  readonly dynamicImports?: readonly string[]
}

const folder = await buildPages()
const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>

/** Files that an entry needs: at once, or also those that it may load later. */
function filesOf(entry: string, { later }: { readonly later: boolean }): ReadonlySet<string> {
  const seen = new Set<string>()
  const files = new Set([entry])
  const walk = (name: string): void => {
    const chunk = manifest[name]
    if (chunk === undefined || seen.has(name)) return
    seen.add(name)
    for (const file of [chunk.file, ...chunk.css ?? []]) files.add(file)
    for (const next of [...chunk.imports ?? [], ...later ? chunk.dynamicImports ?? [] : []]) walk(next)
  }
  walk(entry)
  return files
}

const text = (file: string): string => readFileSync(join(folder, file), 'utf8')
const compressed = (files: ReadonlySet<string>): number => [...files].reduce((sum, file) => sum + brotliCompressSync(readFileSync(join(folder, file))).length, 0)

test('the citizen\'s first view takes at most 200 kB, compressed: HTML, scripts, styles and words', () => {
  // English comes with the scripts; whoever reads Italian loads that besides.
  const words = manifest['src/words/citizen-it.ts']?.file ?? ''
  const first = compressed(new Set([...filesOf('index.html', { later: false }), words]))
  const all = compressed(filesOf('index.html', { later: true }))
  console.log(`citizen: first view ${first} bytes, all pages in both languages ${all} bytes (brotli)`)
  assert.ok(words !== '' && first <= 200_000, `${first} bytes`)
  assert.ok(all <= 250_000, `${all} bytes`)
})

test('a citizen\'s first page stands in the HTML, in each language, with its styles asked for before its scripts', () => {
  for (const [page, words, language] of [['index.html', english, 'en'], ['index.it.html', italian, 'it']] as const) {
    const html = text(page)
    for (const part of [`<html lang="${language}">`, `>${words.welcome.title}</h1>`, words.welcome.how3, words.welcome.passkey, 'href="#/enter/code"']) assert.ok(html.includes(part), `${page}: ${part}`)
    assert.ok(html.indexOf('rel="stylesheet"') < html.indexOf('<script'), page)
    assert.ok(existsSync(join(folder, `${page}.br`)), page)
  }
})

test('citizens load nothing of the professionals\' pages, and these nothing of the citizens\'', () => {
  const [citizen, professional] = [filesOf('index.html', { later: true }), filesOf('pro/index.html', { later: true })]
  const own = (files: ReadonlySet<string>, word: string): string[] => [...files].filter((file) => file.endsWith('.js') && text(file).includes(word))
  assert.deepEqual(own(citizen, '/staff/1/'), [])
  assert.deepEqual(own(professional, '/people/1/decisions'), [])
  assert.ok(own(professional, '/staff/1/').length > 0)
})

test('verify.html is one file: its script and style stand in it under their digests, and its policy lets it load nothing', () => {
  const html = text('verify.html')
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1] ?? ''
  assert.match(policy, /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'$/)
  for (const tag of ['script', 'style']) {
    const [, inside = '', ...more] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(html) ?? []
    assert.ok(inside.length > 500 && more.length === 0 && policy.includes(createHash('sha256').update(inside).digest('base64')), tag)
  }
  assert.doesNotMatch(html, /\bsrc=|\bhref=|\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon|\bimport\(|\brequire\("|\bfrom"node:/)
  assert.ok(html.length < 150_000, `${html.length} bytes`)
  assert.ok(existsSync(join(folder, 'verify.html.br')))
})

test('pages hold nothing inline, nothing remote and nothing of Node\'s', () => {
  for (const page of ['index.html', 'index.it.html', 'pro/index.html']) {
    const html = text(page)
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:\/\//)
    for (const file of filesOf(page, { later: true })) {
      assert.ok(existsSync(join(folder, `${file}.br`)) && text(file).length > 0, file)
      if (file.endsWith('.css')) assert.doesNotMatch(text(file), /url\(\s*["']?https?:|@font-face/)
      if (file.endsWith('.js')) assert.doesNotMatch(text(file), /\bfrom"node:|require\("node:|\bBuffer\.(from|alloc|concat)/, file)
    }
  }
})

import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { brotliCompressSync } from 'node:zlib'
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

test('citizens load nothing of the professionals\' pages, and these nothing of the citizens\'', () => {
  const [citizen, professional] = [filesOf('index.html', { later: true }), filesOf('pro/index.html', { later: true })]
  const own = (files: ReadonlySet<string>, word: string): string[] => [...files].filter((file) => file.endsWith('.js') && text(file).includes(word))
  assert.deepEqual(own(citizen, '/staff/1/'), [])
  assert.deepEqual(own(professional, '/people/1/decisions'), [])
  assert.ok(own(professional, '/staff/1/').length > 0)
})

test('pages hold nothing inline, nothing remote and nothing of Node\'s', () => {
  for (const page of ['index.html', 'pro/index.html']) {
    const html = text(page)
    assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?:\/\//)
    for (const file of filesOf(page, { later: true })) {
      assert.ok(existsSync(join(folder, `${file}.br`)) && text(file).length > 0, file)
      if (file.endsWith('.css')) assert.doesNotMatch(text(file), /url\(\s*["']?https?:|@font-face/)
      if (file.endsWith('.js')) assert.doesNotMatch(text(file), /\bfrom"node:|require\("node:|\bBuffer\.(from|alloc|concat)/, file)
    }
  }
})

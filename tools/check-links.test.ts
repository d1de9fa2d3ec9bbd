// Proves that the link check notices each kind of thing a page can name in vain, and nothing else.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { brokenLinks } from './check-links.ts'

const pages: Record<string, string> = {
  'README.md': [
    '# Title of `this` page', 'good: [a](docs/a.md) [b](docs/a.md#two-words) [c](#title-of-this-page) [d](https://example.org/x) `packages/base/src/index.ts` npm run verify',
    '```', '[inside a block](nowhere.md)', '```', '`packages/NAME/src/index.ts` stands for any',
  ].join('\n'),
  'docs/a.md': '# Two words\n[up](../README.md) [gone](b.md) [no heading](../README.md#missing) [outside](../../etc/x.md)\n`packages/base/src/gone.ts`\n`npm run nothing`',
  'packages/base/src/index.ts': '',
}
const place = { has: (path: string) => path in pages, read: (path: string) => pages[path] ?? '', scripts: new Set(['verify']) }

test('a page that names only what exists passes', () => {
  assert.deepEqual(brokenLinks('README.md', place), [])
})

test('a missing file, heading, path or command is named', () => {
  assert.deepEqual(brokenLinks('docs/a.md', place), [
    'docs/a.md: the link to b.md leads nowhere',
    'docs/a.md: the link to ../README.md#missing leads nowhere',
    'docs/a.md: the link to ../../etc/x.md leads nowhere',
    'docs/a.md: names packages/base/src/gone.ts, which does not exist',
    'docs/a.md: names npm run nothing, which does not exist',
  ])
})

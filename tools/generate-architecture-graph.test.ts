// Holds the drawn graph to the imports: tests leave no arrow, what another way implies is left out, nothing else is.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { mermaid, roomEdges, withoutImplied } from './generate-architecture-graph.ts'

const edge = (from: string, to: string) => ({ from, specifier: '', to })

test('an arrow stands for an import between rooms that is not a test', () => {
  const edges = roomEdges([
    edge('packages/b/src/x.ts', 'packages/a/src/index.ts'),
    edge('packages/b/src/x.ts', 'packages/b/src/y.ts'),
    edge('packages/a/src/x.test.ts', 'packages/b/src/index.ts'),
    edge('tools/x.ts', 'packages/a/src/index.ts'),
    edge('packages/a/src/x.ts', 'node_modules/typebox/index.js'),
  ])
  assert.deepEqual([...edges].map(([from, to]) => [from, [...to]]), [['packages/b', ['packages/a']], ['packages/a', []]])
})

test('an arrow that others imply is left out', () => {
  const edges = new Map([['apps/c', new Set(['packages/b', 'packages/a'])], ['packages/b', new Set(['packages/a'])], ['packages/a', new Set<string>()]])
  const drawn = mermaid(withoutImplied(edges))
  assert.match(drawn, /apps_c --> b\n {2}b --> a\n/)
  assert.doesNotMatch(drawn, /apps_c --> a/)
})

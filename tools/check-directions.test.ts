// Proves that the direction check bites: a small tree is written in which each rule is broken once, and each must be named.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { brokenRules, manifestProblems } from './check-directions.ts'
import { rules } from './dependency-rules.ts'
import { readImports } from './imports.ts'

const forbidden: readonly (readonly [rule: string, from: string, to: string])[] = [
  ['no-cycles', 'packages/fhir/src/a-b.ts', 'packages/fhir/src/a.ts'],
  ['unresolved', 'packages/fhir/src/b.ts', './nowhere.ts'],
  ['base-depends-on-nothing', 'packages/base/src/a.ts', 'packages/crypto/src/a.ts'],
  ['foundation-on-base-only', 'packages/schema/src/a.ts', 'packages/crypto/src/a.ts'],
  ['domain-below-adapters', 'packages/vault/src/a.ts', 'adapters/store-sqlite/src/a.ts'],
  ['tests-below-node', 'packages/vault/src/a.test.ts', 'packages/node/src/a.ts'],
  ['adapters-below-node', 'adapters/transport-https/src/a.ts', 'packages/node/src/a.ts'],
  ['node-below-apps', 'packages/node/src/b.ts', 'apps/cli/src/a.ts'],
  ['attack-apart-from-deid', 'packages/attack/src/a.ts', 'packages/deid/src/a.ts'],
  ['attack-apart-from-deid', 'packages/deid/src/b.test.ts', 'packages/attack/src/b.ts'],
  ['domain-without-machine', 'packages/fhir/src/c.ts', 'node:fs'],
  ['domain-without-machine', 'packages/messages/src/c.ts', 'node:http'],
  ['pure-without-machine', 'packages/contracts/src/c.ts', 'node:crypto'],
  ['pure-on-pure', 'packages/consent/src/c.ts', 'packages/store/src/a.ts'],
  ['cryptography-in-one-place', 'packages/release/src/c.ts', 'node:crypto'],
  ['portal-runs-in-a-browser', 'apps/portal/src/a.ts', 'packages/vault/src/d.ts'],
  ['portal-without-machine', 'apps/portal/src/b.tsx', 'node:fs'],
  ['testing-for-tests', 'packages/ledger/src/c.ts', 'packages/store/testing/suite.ts'],
]

const allowed: readonly (readonly [from: string, to: string])[] = [
  ['packages/crypto/src/b.ts', 'node:crypto'],
  ['packages/crypto/src/c.ts', 'packages/base/src/b.ts'],
  ['packages/release/src/b.ts', 'packages/consent/src/b.ts'],
  ['packages/vault/src/b.test.ts', 'adapters/store-sqlite/src/a.ts'],
  ['packages/vault/src/c.test.ts', 'packages/store/testing/suite.ts'],
  ['adapters/store-sqlite/src/b.ts', 'node:fs'],
  ['packages/node/src/c.ts', 'adapters/store-sqlite/src/a.ts'],
  ['apps/cli/src/b.ts', 'packages/node/src/a.ts'],
  ['apps/portal/src/c.tsx', 'packages/consent/src/b.ts'],
]

function writeTree(base: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
  }
  for (const [from, to] of [...forbidden.map(([, from, to]) => [from, to] as const), ...allowed]) {
    const isPath = /^(packages|adapters|apps)\//.test(to)
    if (isPath) write(to, 'export const there = 1\n')
    const specifier = isPath ? `./${relative(dirname(from), to)}` : to
    write(from, `import * as there from '${specifier}'\nexport const here = there\n`)
  }
  write('packages/fhir/src/a.ts', "import { here } from './a-b.ts'\nexport const there = here\n")
}

test('every rule refuses the import it is there for, and only that', async () => {
  const base = mkdtempSync(join(tmpdir(), 'directions-'))
  try {
    writeTree(base)
    const { result } = await readImports({ forbidden: rules }, `${base}/`)
    const broken = brokenRules(result)
    for (const [rule, from, to] of forbidden) {
      assert.ok(broken.some((line) => line.startsWith(`${from} -> `) && line.includes(`\n    ${rule}: `)), `${from} -> ${to} should break ${rule}; broken:\n${broken.join('\n')}`)
    }
    const named = new Set(forbidden.map(([rule]) => rule))
    assert.deepEqual(rules.map((rule) => rule.name).filter((name) => name !== undefined && !named.has(name)), [], 'every rule has a row above')
    const mayBreak = new Set(forbidden.map(([, from]) => from))
    assert.deepEqual(broken.filter((line) => !mayBreak.has(line.split(' -> ')[0] ?? '')), [])
  } finally {
    rmSync(base, { recursive: true })
  }
})

test('what is imported is declared where it is imported, and by name', () => {
  const manifests = new Map([
    ['', { name: 'whole', devDependencies: { 'fast-check': '1' } }],
    ['packages/a', { name: '@mhmd/a', dependencies: { '@mhmd/b': '0' }, devDependencies: { '@mhmd/d': '0' } }],
    ['packages/b', { name: '@mhmd/b', dependencies: { '@mhmd/c': '0' } }],
  ])
  const imports = [
    { from: 'packages/a/src/x.ts', specifier: '@mhmd/b', to: 'packages/b/src/index.ts' },
    { from: 'packages/a/src/x.test.ts', specifier: '@mhmd/d/testing', to: 'packages/d/testing/index.ts' },
    { from: 'packages/a/src/x.test.ts', specifier: 'fast-check', to: 'node_modules/fast-check/index.js' },
    { from: 'packages/a/src/y.ts', specifier: 'fs/promises', to: 'fs/promises' },
    { from: 'packages/a/src/y.ts', specifier: '@mhmd/d', to: 'packages/d/src/index.ts' },
    { from: 'packages/a/src/z.ts', specifier: '../../b/src/x.ts', to: 'packages/b/src/x.ts' },
  ]
  assert.deepEqual(manifestProblems(imports, manifests).map((problem) => problem.split(':')[0]), [
    'packages/a/src/y.ts imports @mhmd/d',
    'packages/a/src/z.ts imports ../../b/src/x.ts',
  ])
})

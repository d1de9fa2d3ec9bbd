// Proves that the lint rules bite: each row is code that must be refused in the place named, and the same place accepts plain code.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { ESLint } from 'eslint'

const root = new URL('..', import.meta.url).pathname
const eslint = new ESLint({ cwd: root })

// Typed rules need a file of the project: the snippet stands in for this one's text.
const CONTRACTS = 'packages/contracts/src/contract.ts'
const CONSENT = 'packages/consent/src/index.ts'
const CRYPTO = 'packages/crypto/src/index.ts'
const ADAPTER = 'adapters/store-sqlite/src/index.ts'
const NODE = 'packages/node/src/index.ts'
const APP = 'apps/cli/src/index.ts'

async function rulesBroken(path: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: root + path })
  assert.deepEqual(result?.messages.filter((message) => message.fatal), [], 'the snippet parses')
  return (result?.messages ?? []).map((message) => message.ruleId ?? '')
}

const SYNTAX = 'no-restricted-syntax'
const GLOBAL = 'no-restricted-globals'
const IMPORT = 'no-restricted-imports'
const refused: readonly (readonly [path: string, code: string, rule: string])[] = [
  ...[CONTRACTS, CONSENT].flatMap((path) => [
    [path, 'export const now = Date.now()', SYNTAX],
    [path, 'export const then = new Date(0)', SYNTAX],
    [path, 'export const x = Math.random()', SYNTAX],
    [path, 'export const x = Math.exp(1)', SYNTAX],
    [path, 'export const x = (1).toLocaleString()', SYNTAX],
    [path, 'export const x = "a".localeCompare("b")', SYNTAX],
    [path, 'export const x = import("./contract.ts")', SYNTAX],
    [path, 'export const x = process.argv', GLOBAL],
    [path, 'export const x = new Intl.Collator()', GLOBAL],
    [path, 'export const x = globalThis.crypto', GLOBAL],
    [path, 'export const x = crypto.randomUUID()', GLOBAL],
    [path, 'export const x = performance.now()', GLOBAL],
    [path, 'setTimeout(() => 1, 1)', GLOBAL],
    [path, 'export const x = fetch', GLOBAL],
    [path, 'import { readFileSync } from "node:fs"\nexport { readFileSync }', IMPORT],
    [path, 'import { randomBytes } from "node:crypto"\nexport { randomBytes }', IMPORT],
    [path, 'import { newSalt } from "@mhmd/crypto"\nexport { newSalt }', IMPORT],
    [path, 'import { newId } from "@mhmd/base"\nexport { newId }', IMPORT],
    [path, 'console.log(1)', 'no-console'],
  ] as const),
  [CONTRACTS, 'export const x = async () => 1', SYNTAX],
  ...[CRYPTO, NODE].flatMap((path) => [
    [path, 'export const x = Math.random()', SYNTAX],
    [path, 'export const x = Date.now()', SYNTAX],
    [path, 'export const x = new Date()', SYNTAX],
    [path, 'console.log(1)', 'no-console'],
  ] as const),
  [CRYPTO, 'export const x = process.env.HOME', SYNTAX],
  [ADAPTER, 'export const x = process.env.HOME', SYNTAX],
  [ADAPTER, 'export const x = Math.random()', SYNTAX],
  [ADAPTER, 'console.log(1)', 'no-console'],
  [APP, 'Promise.resolve(1)', '@typescript-eslint/no-floating-promises'],
  [APP, 'export const f = (a: number, b: number, c: number, d: number, e: number) => a + b + c + d + e', 'max-params'],
  [APP, `export const f = (n: number) => ${Array.from({ length: 13 }, (_, i) => `n === ${i} ? ${i}`).join(' : ')} : -1`, 'complexity'],
]

const allowed: readonly (readonly [path: string, code: string])[] = [
  [CONTRACTS, 'import { canonicalText } from "@mhmd/base"\nexport const x = canonicalText({ a: [1, 2].sort((p, q) => p - q) })'],
  [CONSENT, 'export const x = async (many: AsyncIterable<number>) => { for await (const one of many) return one }'],
  [CRYPTO, 'import { randomBytes } from "node:crypto"\nexport const x = (seconds: number) => [new Date(seconds * 1000).toISOString(), randomBytes(2)]'],
  [ADAPTER, 'export const x = Date.now()'],
  [NODE, 'export const x = process.env.HOME'],
  [APP, 'console.log(Date.now(), process.env.HOME)'],
  ['packages/base/src/canonical.test.ts', 'import { test } from "node:test"\ntest("x", async () => { await Promise.resolve(Date.now()) })'],
]

test('each restriction refuses what it is there for', async (t) => {
  for (const [path, code, rule] of refused) {
    await t.test(`${path}: ${code.slice(0, 60)}`, async () => {
      assert.ok((await rulesBroken(path, code)).includes(rule), `expected ${rule}`)
    })
  }
})

test('what the rules are not about passes', async (t) => {
  for (const [path, code] of allowed) {
    await t.test(`${path}: ${code.slice(0, 60)}`, async () => { assert.deepEqual(await rulesBroken(path, code), []) })
  }
})

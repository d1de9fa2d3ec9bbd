// Compares the error reference with the tables in the code, both ways, and holds the reference to what it promises about codes.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { codesListed, collectCodes, referenceText, REFERENCE, type Code } from './generate-error-reference.ts'
import { root } from './imports.ts'

const reference = existsSync(root + REFERENCE) ? readFileSync(root + REFERENCE, 'utf8') : ''
const codes = await collectCodes()

test('every code in the code is in the reference, and every code in the reference is in the code', () => {
  assert.ok(codes.length > 20)
  assert.deepEqual(codesListed(reference).used.toSorted(), codes.map(({ code }) => code).toSorted())
})

test('the reference is what the tables say today', () => {
  assert.equal(referenceText(codes, reference), reference)
})

test('every refusal that is written out in the code stands in a table', () => {
  const known = new Set(codes.map(({ code }) => code))
  const unknown = globSync('{packages,adapters,apps}/*/src/**/*.ts', { cwd: root, exclude: ['**/*.test.ts', '**/node_modules/**'] }).flatMap((path) =>
    [...readFileSync(root + path, 'utf8').matchAll(/\brefused\('([A-Z]+(?:_[A-Z0-9]+)+)'/g)].map(([, code = '']) => code).filter((code) => !known.has(code)).map((code) => `${path}: ${code}`))
  assert.deepEqual(unknown, [], 'export a table of refusals ({ CODE: { says, remedy } }) from the package')
})

test('every code says what happened and what to do', () => {
  for (const { code, kind, says, remedy } of codes) {
    assert.match(code, /^[A-Z]+(_[A-Z0-9]+)+$/)
    assert.ok(says.trim().length > 3, code)
    assert.doesNotMatch(says, /undefined|\[object/, code)
    if (kind !== 'setup') assert.ok(remedy.trim().length > 3, `${code} has a remedy`)
  }
})

const row = (code: string): Code => ({ code, room: 'packages/x', kind: 'invalid', says: 'Says', remedy: 'Do' })

test('a code that vanishes is retired, stays listed, and may not come back', () => {
  const first = referenceText([row('X_A'), row('X_B')], '')
  const second = referenceText([row('X_B')], first)
  assert.deepEqual(codesListed(second), { used: ['X_B'], retired: ['X_A'] })
  assert.deepEqual(codesListed(referenceText([row('X_B'), row('X_C')], second)), { used: ['X_B', 'X_C'], retired: ['X_A'] })
  assert.throws(() => referenceText([row('X_A')], second), /never used again: X_A/)
})

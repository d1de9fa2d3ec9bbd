import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { citationText, useRequestDocument } from '@mhmd/schema'
import type { Citation } from '@mhmd/schema'
import { decide } from './index.ts'
import type { Basis } from './index.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
interface Case {
  readonly name: string
  readonly article: string
  readonly answer: string
  readonly reasons: readonly string[]
  readonly bases: readonly { readonly base: string; readonly patch?: Json }[]
  readonly request?: Json
  readonly time?: string
  readonly simulation?: boolean
}

const folder = new URL('../../../vectors/consent/', import.meta.url)
const moment = /^\d{4}-\d{2}-\d{2}T[\d:]{8}Z$/
const load = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'), (_key, value: unknown) => (typeof value === 'string' && moment.test(value) ? Date.parse(value) : value))

const base = load('base.json') as { time: number; request: Json; bases: Record<string, Json> }

// RFC 7396, except that null is a value here (a withdrawn consent has null terms), not a removal.
function merge(target: Json | undefined, patch: Json): Json {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const result: { [key: string]: Json } = target !== null && typeof target === 'object' && !Array.isArray(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) result[key] = merge(result[key], value)
  return result
}

const files = ['consent', 'prohibitions', 'opt-out', 'permit', 'other-bases']
const cases = files.flatMap((file) => (load(`${file}.json`) as Case[]).map((one) => ({ ...one, file })))

test('there are at least sixty cases, accepted and refused, with names of their own', () => {
  assert.ok(cases.length >= 60)
  assert.equal(new Set(cases.map((one) => one.name)).size, cases.length)
  for (const answer of ['permit', 'deny', 'undetermined']) assert.ok(cases.some((one) => one.answer === answer))
})

for (const one of cases) {
  test(`${one.file}: ${one.name} (${one.article}) → ${one.answer}`, () => {
    const request = useRequestDocument.parse(merge(base.request, one.request ?? {}))
    const bases = one.bases.map(({ base: name, patch }) => merge(base.bases[name] ?? assert.fail(name), patch ?? {}) as unknown as Basis)
    const verdict = decide(request, bases, (one.time as unknown as number | undefined) ?? base.time)
    assert.equal(verdict.answer, one.answer)
    assert.deepEqual([...new Set(verdict.reasons.map((reason) => reason.code))].sort(), [...one.reasons].sort())
    if (one.simulation !== undefined) assert.equal(verdict.simulation, one.simulation)
    assert.equal(verdict.basis, request.basis)
    assert.ok(citationText(one.article as Citation).includes(one.article.split(':')[1] ?? '?'))
  })
}

test('where the answer is no by law, the verdict cites the very article the case was written from', () => {
  for (const one of cases.filter((each) => each.article.startsWith('EHDS:5') && each.answer === 'deny')) {
    const request = useRequestDocument.parse(merge(base.request, one.request ?? {}))
    const bases = one.bases.map(({ base: name, patch }) => merge(base.bases[name], patch ?? {}) as unknown as Basis)
    assert.ok(decide(request, bases, base.time).reasons.some((reason) => reason.citation === one.article), one.name)
  }
})

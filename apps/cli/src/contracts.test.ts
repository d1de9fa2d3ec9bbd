// `mhmd contract`, run as its user does: a form is accepted as it stands, an edit has to be signed anew, a conflict names its key, wrong use says what to do.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mhmd-contract-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function mhmd(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return said('', ...args)
}

function said(input: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [main, 'contract', ...args], { encoding: 'utf8', input })
}

let files = 0
const file = (text: string): string => {
  const path = join(folder, `play-${files++}.json`)
  writeFileSync(path, text)
  return path
}

test('a form is a play that is accepted; edited, it has to be signed anew', () => {
  const form = mhmd('form', 'consents@1', 'decide').stdout
  const accepted = mhmd('try', file(form), '--json')
  assert.equal(accepted.status, 0, accepted.stderr)
  const ran = JSON.parse(accepted.stdout) as { operation: string; code: string; trace: { changes: { key: string[] }[] } }[]
  assert.ok(ran.every(({ code }) => code === 'VALID') && ran.at(-1)?.operation === 'consents@1 decide')
  assert.ok(ran.at(-1)?.trace.changes.some(({ key }) => key[0] === 'consent'))
  const steps = JSON.parse(form) as { payload: { statement: { content: string } } }[]
  const last = steps.at(-1)
  assert.ok(last !== undefined)
  last.payload.statement.content = 'A'.repeat(43)
  const unsigned = mhmd('try', file(JSON.stringify(steps)))
  assert.equal(unsigned.status, 3)
  assert.match(unsigned.stdout, /CONTRACT_BAD_SIGNATURE/)
  assert.match(unsigned.stdout, /DOES NOT HOLD/)
  assert.equal(mhmd('try', file(JSON.stringify(steps)), '--sign').status, 0)
})

test('a form names its fields with words and rules; filled in, each field is checked and all is signed anew', () => {
  const fields = JSON.parse(mhmd('form', 'consents@1', 'decide', '--fields', '--json').stdout) as { field: string; type: string; may: string; says: string }[]
  assert.deepEqual(fields.find(({ field }) => field === 'statement.operation'), { field: 'statement.operation', type: 'one of', optional: false, may: 'set, withdraw', says: '', example: 'set' })
  assert.match(fields.find(({ field }) => field === 'statement.holder')?.says ?? '', /short name/)
  const filled = mhmd('form', 'consents@1', 'decide', '--set', `statement.content=${'A'.repeat(43)}`, '--set', 'statement.expires=1950000000000', '--out', join(folder, 'filled.json'))
  assert.equal(filled.status, 0, filled.stderr)
  const held = JSON.parse(mhmd('query', join(folder, 'filled.json'), 'consent', 'rome', '--json').stdout) as { value: { content: string; expires: number } }[]
  assert.deepEqual(held.map(({ value: { content, expires } }) => [content, expires]), [['A'.repeat(43), 1_950_000_000_000]])
  const wrong = mhmd('form', 'consents@1', 'decide', '--set', 'statement.holder=Rome', '--set', 'statement.version=0')
  assert.equal(wrong.status, 2)
  assert.match(wrong.stderr, /statement\.holder is no MemberId \(A member's id.*statement\.version must be 1 or more/)
  assert.match(mhmd('form', 'consents@1', 'decide', '--set', 'statement.why=x').stderr, /no field statement\.why; there are statement\.contract, statement\.network/)
})

test('asked field by field: a wrong answer is asked again, an empty one keeps what stands there', () => {
  const names = (JSON.parse(mhmd('form', 'datasets@1', 'register', '--fields', '--json').stdout) as { field: string }[]).map(({ field }) => field)
  const answers = names.flatMap((name) => (name === 'version' ? ['one', '0', '1'] : name === 'categories.0' ? ['b'] : ['']))
  const { stdout, stderr } = said(answers.map((answer) => `${answer}\n`).join(''), 'form', 'datasets@1', 'register', '--ask')
  assert.match(stderr, /This must be a whole number[\s\S]*This must be 1 or more/)
  assert.equal((JSON.parse(stdout) as { payload: { categories: string[] } }[]).at(-1)?.payload.categories[0], 'b')
  assert.equal(mhmd('try', file(stdout)).status, 0)
})

test('a payload of another shape is refused with the fields that are wrong', () => {
  const steps = JSON.parse(mhmd('form', 'datasets@1', 'register').stdout) as { payload: { state: string } }[]
  const last = steps.at(-1)
  assert.ok(last !== undefined)
  last.payload.state = 'sold'
  assert.match(mhmd('try', file(JSON.stringify(steps)), '--sign').stdout, /CONTRACT_BAD_PAYLOAD[\s\S]*state must be one of: offered, withdrawn/)
  assert.match(mhmd('query', file(JSON.stringify(steps)), 'consents').stderr, /there are operation/)
  assert.match(mhmd('query', file(JSON.stringify(steps)), 'consent', 'a', 'b', 'c').stderr, /asked for by holder, subject/)
})

test('two at once: the second is told which key was changed meanwhile', () => {
  const { stdout } = mhmd('try', file(mhmd('form', 'agreements@1', 'accept').stdout), '--twice')
  assert.match(stdout, /WRITE_CONFLICT/)
  assert.match(stdout, /changed meanwhile: agreement \/ [0-9a-z]{26} \/ rome/)
})

test('wrong use names what there is', () => {
  for (const [args, said] of [[['show', 'consents@9', 'decide'], /consents@1/], [['form', 'consents@1', 'toString'], /decide-batch/], [['try', file('[3]')], /mhmd contract form/], [['try', file('{')], /JSON/], [['try', join(folder, 'none.json')], /none\.json/]] as const) {
    const { status, stderr } = mhmd(...args)
    assert.notEqual(status, 0)
    assert.match(stderr, said)
    assert.doesNotMatch(stderr, /INTERNAL/)
  }
  const odd = mhmd('try', file('{"contract":3}'), '--sign')
  assert.equal(odd.status, 3, odd.stderr)
  assert.match(odd.stdout, /CONTRACT_BAD_TRANSACTION/)
})

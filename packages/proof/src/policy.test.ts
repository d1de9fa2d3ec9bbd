import assert from 'node:assert/strict'
import { test } from 'node:test'
import { utf8 } from '@mhmd/base'
import { sha256, signingKeyFromSeed } from '@mhmd/crypto'
import { verifierKeyText } from './note.ts'
import { parsePolicy } from './policy.ts'

const publicKeys = Object.fromEntries(['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'].map((name) => [name, signingKeyFromSeed(sha256(utf8(`policy ${name}`))).publicKey]))
const vkey = (name: string): string => verifierKeyText({ name: `witness.example/${name}`, publicKey: publicKeys[name] ?? '' }, 'cosignature')
const lines = (...names: string[]): string => names.map((name) => `witness ${name} ${vkey(name)}\n`).join('')

// The example policy of C2SP tlog-policy, with keys.
const example = `log example.com/log+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW

${lines('X1', 'X2', 'X3')}group X-witnesses 2 X1 X2 X3

${lines('Y1', 'Y2', 'Y3')}  group\tY-witnesses any Y1 Y2 Y3
# both
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
`

test('the specification\'s example: two of one group and one of the other', () => {
  const policy = parsePolicy(example)
  assert.ok(policy.ok)
  assert.deepEqual(policy.value.witnesses.map(({ name }) => name), ['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3'])
  const isMet = (...names: string[]): boolean => policy.value.isMet(new Set(names.map((name) => publicKeys[name] ?? '')))
  for (const enough of [['X1', 'X2', 'Y1'], ['X1', 'X3', 'Y3'], ['X1', 'X2', 'X3', 'Y1', 'Y2', 'Y3']]) assert.ok(isMet(...enough), enough.join())
  for (const few of [[], ['X1', 'Y1'], ['X1', 'X2', 'X3'], ['Y1', 'Y2', 'Y3'], ['X1', 'Y1', 'Y2', 'Y3']]) assert.ok(!isMet(...few), few.join())
})

test('one witness, and none', () => {
  const one = parsePolicy(`witness X1 ${vkey('X1')} https://witness.example/\nquorum X1\n`)
  assert.ok(one.ok && one.value.witnesses[0]?.url === 'https://witness.example/' && !one.value.isMet(new Set()) && one.value.isMet(new Set([publicKeys['X1'] ?? ''])))
  assert.ok(parsePolicy('quorum none\n').ok)
})

test('what the specification forbids is refused', () => {
  const bad: Readonly<Record<string, string>> = {
    'no quorum': lines('X1'), 'two quorums': `${lines('X1')}quorum X1\nquorum X1\n`, 'quorum before the witness': `quorum X1\n${lines('X1')}`,
    'the same key twice': `${lines('X1')}witness again ${vkey('X1')}\nquorum X1\n`, 'the same name twice': `${lines('X1')}witness X1 ${vkey('X2')}\nquorum X1\n`,
    'a member twice': `${lines('X1', 'X2')}group a 1 X1 X2\ngroup b any X1\nquorum a\n`, 'a member twice in one group': `${lines('X1')}group a all X1 X1\nquorum a\n`,
    'an unknown member': `${lines('X1')}group a any X1 X2\nquorum a\n`, 'a group of itself': `${lines('X1')}group a any a\nquorum a\n`, 'none as a member': `${lines('X1')}group a any none\nquorum a\n`,
    'more than there are': `${lines('X1')}group a 2 X1\nquorum a\n`, 'zero': `${lines('X1')}group a 0 X1\nquorum a\n`, 'an empty group': 'group a any\nquorum a\n', 'an empty group of all': 'group a all\nquorum a\n',
    'a key of a log': 'witness X1 example.com/log+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\nquorum X1\n', 'a key with another id': `witness X1 ${vkey('X1').replace(/\+[0-9a-f]{8}\+/, '+00000000+')}\nquorum X1\n`,
    'a witness named none': `witness none ${vkey('X1')}\nquorum none\n`, 'another line': 'roster x\nquorum none\n', 'a carriage return': 'quorum none\r\n', 'a name of every object': 'constructor\nquorum none\n',
  }
  for (const [what, text] of Object.entries(bad)) {
    const policy = parsePolicy(text)
    assert.equal(!policy.ok && policy.refusal.code, 'POLICY_MALFORMED', what)
  }
})

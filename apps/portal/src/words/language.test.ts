import assert from 'node:assert/strict'
import { test } from 'node:test'
import i18next from 'i18next'
import { number, startWords } from './language.ts'

test('numbers, alone and inside a sentence, have the decimal mark and the groups of thousands of the language that is spoken', async () => {
  const catalogue = async (): Promise<Record<string, object>> => ({ professional: { of: '{{name}}: {{share}} / {{count}}' } })
  const said = (): string => String((i18next.t as (key: string, told: object) => string)('of', { name: '1.5', share: 1.5, count: 12345 }))
  await startWords({ en: catalogue, it: catalogue }, 'it')
  assert.equal(said(), '1.5: 1,5 / 12.345')
  assert.deepEqual([number(0.25), number(0.5, { minimumFractionDigits: 3 }), number(123456), number(0.00012345)], ['0,25', '0,500', '123.456', '0,00012345'])
  await startWords({ en: catalogue, it: catalogue }, 'en')
  assert.equal(said(), '1.5: 1.5 / 12,345')
})

// Commands that the command line names are printed as they can be pasted.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pasteable } from './output.ts'

const staff = ['node', 'mhmd', 'dataset', 'draft', '--profile', '.devnet/staff/rome/admin.json']

test('a command comes in the name of who gave this one, run as it was run', () => {
  assert.equal(pasteable('Then: mhmd dataset offer --document a.json', staff, {}), 'Then: mhmd dataset offer --profile .devnet/staff/rome/admin.json --document a.json')
  assert.equal(pasteable('See `mhmd records quarantine`.', staff, { npm_command: 'exec' }), 'See `npx mhmd records quarantine --profile .devnet/staff/rome/admin.json`.')
  assert.equal(pasteable('`mhmd citizen send` tries again.', ['node', 'mhmd', 'citizen', 'show', '--device', "her phone's"], {}), "`mhmd citizen send --device 'her phone'\\''s'` tries again.")
})

test('what is no command of hers stays', () => {
  for (const line of ['mhmd COMMAND --help', 'the format mhmd-dataset/1', 'Make one with `mhmd key new --out FILE`.', 'mhmd citizen show', 'mhmd status --profile other.json', 'a@mhmd status']) assert.equal(pasteable(line, staff, {}), line)
})

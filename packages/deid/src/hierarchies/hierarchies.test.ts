import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { columnOf } from '@mhmd/columns'
import { buildHierarchy, compileHierarchy, coverageOf, hierarchyCsv, hierarchyDocument, hierarchyOfDocument, readHierarchy, suggestHierarchy } from '../index.ts'
import type { HierarchySource, HierarchySpec } from '../index.ts'

const read = (text: string, delimiter?: string): HierarchySource => readHierarchy('x', new TextEncoder().encode(text), delimiter)
const rowsOf = (source: HierarchySource): readonly (readonly string[])[] => hierarchyDocument(source).rows
const build = (values: readonly string[], spec: HierarchySpec): readonly (readonly string[])[] => rowsOf(buildHierarchy('x', values, spec))
const column = (...values: string[]): ReturnType<typeof columnOf> => columnOf('x', values)

test('reads the CSV form, packed or not, and finds the delimiter', () => {
  const rows = [['1', '[0,5[', '*'], ['7', '[5,10[', '*']]
  assert.deepEqual(rowsOf(read('1;[0,5[;*\n7;[5,10[;*\n')), rows)
  assert.deepEqual(rowsOf(read('1,"[0,5[",*\r\n7,"[5,10[",*\r\n')), rows)
  assert.deepEqual(rowsOf(readHierarchy('x', gzipSync('1|[0,5[|*\n7|[5,10[|*'))), rows)
})

test('refuses what would mean two things, and says where', () => {
  assert.throws(() => read(''), { code: 'HIERARCHY_UNREADABLE' })
  assert.throws(() => read('a;b\nc\n'), { code: 'HIERARCHY_RAGGED', details: { attribute: 'x', line: 2, expected: 2, found: 1 } })
  assert.throws(() => read('a;p;*\na;q;*\n'), { code: 'HIERARCHY_REPEATED_VALUE', details: { attribute: 'x', first: 1, second: 2 } })
  assert.throws(() => read('a;p;r\nb;p;s\n'), { code: 'HIERARCHY_NOT_NESTED', details: { attribute: 'x', row: 2, level: 1 } })
  assert.throws(() => read('a;b;a\n'), { code: 'HIERARCHY_CYCLIC' })
  assert.throws(() => read('a;b;*\nb;a;*\n'), { code: 'HIERARCHY_CYCLIC' })
  assert.throws(() => read('a;p;*\nb;a;*\n'), { code: 'HIERARCHY_LABEL_AT_TWO_LEVELS', details: { attribute: 'x', first: 0, second: 1 } })
  assert.throws(() => read('a;*\n*;*\n'), { code: 'HIERARCHY_STAR_VALUE', details: { attribute: 'x', row: 2 } })
})

test('labels that stay at neighbouring levels are fair, also where others join them', () => {
  assert.equal(rowsOf(read('0;[0,9];[0,9];*\n1;[0,9];[0,9];*\n20;[20,29];[0,9];*\n')).length, 3)
})

test('an error never repeats a value', () => {
  for (const text of ['marked;b\nmarked\n', 'marked;b\nmarked;b\n', 'marked;b;marked\n', 'a;marked;*\nmarked;c;*\n']) {
    assert.throws(() => read(text), (error: Error) => !JSON.stringify(error).includes('marked'))
  }
  assert.throws(() => compileHierarchy(read('a;*\n'), column('marked')), (error: Error) => !JSON.stringify(error).includes('marked'))
})

test('compiles against a column: identity, then codes of the labels that occur, with their share of the file', () => {
  const { levels, fileRows } = compileHierarchy(read('1;low;*\n2;low;*\n3;mid;*\n9;high;*\n'), column('9', '1', '9', '2'))
  assert.equal(fileRows, 4)
  assert.deepEqual(levels.map((level) => [[...level.codeOf], level.labels, [...level.fileRows]]), [
    [[0, 1, 2], ['9', '1', '2'], [1, 1, 1]],
    [[0, 1, 1], ['high', 'low'], [1, 2]],
    [[0, 0, 0], ['*'], [4]],
  ])
})

test('says what a hierarchy covers, and refuses a value outside it', () => {
  const source = read('1;*\n2;*\n3;*\n')
  assert.deepEqual(coverageOf(source, column('1', '5', '6', '5', '2')), { values: 4, missingValues: 2, missingRows: 3, firstMissingRow: 2, unusedValues: 1 })
  assert.throws(() => compileHierarchy(source, column('1', '5', '6')), { code: 'HIERARCHY_VALUE_MISSING', details: { attribute: 'x', row: 2, values: 2 } })
  assert.throws(() => compileHierarchy(source, column('1', '*')), { code: 'HIERARCHY_STAR_VALUE', details: { attribute: 'x', row: 2 } })
  const unused = { ...column('1', '5'), codes: new Uint8Array([0, 0]) }
  assert.equal(coverageOf(source, unused).missingValues, 0)
})

test('intervals nest, and code bottom and top', () => {
  assert.deepEqual(build(['3', '17', '95', ''], { type: 'interval', widths: [5, 10], bottom: 10, top: 90 }), [
    ['3', '< 10', '< 10', '*'], ['17', '[15, 20[', '[10, 20[', '*'], ['95', '>= 90', '>= 90', '*'], ['', '', '', '*'],
  ])
  assert.deepEqual(build(['0.3', '-0.05'], { type: 'interval', widths: [0.1, 0.2] }), [['0.3', '[0.3, 0.4[', '[0.2, 0.4[', '*'], ['-0.05', '[-0.1, 0[', '[-0.2, 0[', '*']])
  assert.throws(() => build(['3'], { type: 'interval', widths: [5, 12] }), { code: 'HIERARCHY_BAD_SPEC' })
  assert.throws(() => build(['3'], { type: 'interval', widths: [5, 10], bottom: 5 }), { code: 'HIERARCHY_BAD_SPEC' })
  assert.throws(() => build(['3', 'tall', '0x1f'], { type: 'interval', widths: [5] }), { code: 'HIERARCHY_BAD_VALUE', details: { attribute: 'x', builder: 'interval', values: 2, first: 2 } })
})

test('every number lies in its interval, and wider intervals hold narrower ones', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.integer({ min: -1_000_000, max: 1_000_000 }), { minLength: 1 }), fc.constantFrom(1, 0.5, 0.1, 7), fc.integer({ min: -20, max: 20 }), (numbers, width, origin) => {
    const values = numbers.map((number) => String(number / 10))
    for (const row of build(values, { type: 'interval', widths: [width, width * 3, width * 6], origin })) {
      for (const label of row.slice(1, -1)) {
        const [from, to] = label.slice(1, -1).split(', ').map(Number) as [number, number]
        assert.ok(from <= Number(row[0]) + 1e-6 && Number(row[0]) < to + 1e-6, row.join())
      }
    }
  }))
})

test('orders group neighbours', () => {
  assert.deepEqual(build(['low', 'mid', 'high', 'top'], { type: 'order', by: ['low', 'mid', 'high', 'top'], groups: [2] }).map((row) => row[1]), ['[low - mid]', '[low - mid]', '[high - top]', '[high - top]'])
  assert.deepEqual(build(['10', '9', '2'], { type: 'order', by: 'number', groups: [2, 2] }), [['10', '10', '[2 - 10]', '*'], ['9', '[2 - 9]', '[2 - 10]', '*'], ['2', '[2 - 9]', '[2 - 10]', '*']])
  assert.throws(() => build(['a', 'b'], { type: 'order', by: ['a'], groups: [2] }), { code: 'HIERARCHY_BAD_VALUE' })
  assert.throws(() => build(['a'], { type: 'order', by: 'text', groups: [1] }), { code: 'HIERARCHY_BAD_SPEC' })
})

// Origin: first rows of the published ZIP hierarchy of the KDD Cup benchmark (ARX): 00000;0000*;000**;00***;0****;*.
test('redaction masks from one side', () => {
  assert.deepEqual(build(['00000', '91326'], { type: 'redaction' }), [['00000', '0000*', '000**', '00***', '0****', '*'], ['91326', '9132*', '913**', '91***', '9****', '*']])
  assert.deepEqual(build(['ab', 'abcd'], { type: 'redaction', from: 'left' }), [['ab', '**ab', '**ab', '***b', '*'], ['abcd', '*bcd', '**cd', '***d', '*']])
  assert.throws(() => build(['a*'], { type: 'redaction' }), { code: 'HIERARCHY_BAD_SPEC' })
})

test('dates, whole or partial', () => {
  assert.deepEqual(build(['2024-02-29', '1999-12-31T23:59:00Z', '2024-05', '2024'], { type: 'date', units: ['month', 'quarter', 'year', 'decade'] }), [
    ['2024-02-29', '2024-02', '2024-Q1', '2024', '2020-2029', '*'],
    ['1999-12-31T23:59:00Z', '1999-12', '1999-Q4', '1999', '1990-1999', '*'],
    ['2024-05', '2024-05', '2024-Q2', '2024', '2020-2029', '*'],
    ['2024', '2024', '2024', '2024', '2020-2029', '*'],
  ])
  assert.throws(() => build(['2023-02-29'], { type: 'date', units: ['year'] }), { code: 'HIERARCHY_BAD_VALUE' })
  assert.throws(() => build(['2023-02-28'], { type: 'date', units: ['year', 'month'] }), { code: 'HIERARCHY_BAD_SPEC' })
})

test('diagnosis and drug codes are cut at their own levels', () => {
  assert.deepEqual(build(['E11.65', 'E119', 'D49', 'D50', 'H60.1', 'U07.1', 'W19'], { type: 'code-prefix', system: 'icd-10' }).map((row) => row.slice(1)), [
    ['E11.6', 'E11', 'Chapter IV', '*'], ['E11.9', 'E11', 'Chapter IV', '*'], ['D49', 'D49', 'Chapter II', '*'], ['D50', 'D50', 'Chapter III', '*'],
    ['H60.1', 'H60', 'Chapter VIII', '*'], ['U07.1', 'U07', 'Chapter XXII', '*'], ['W19', 'W19', 'Chapter XX', '*'],
  ])
  // The first of each chapter and the last before it; a code that lost its zeros is the one that kept them.
  assert.deepEqual(build(['250.83', '8', '008', '139', '140', '459.81', '460', 'V27', 'V45.01', 'E885.9', '999.9', '296.2'], { type: 'code-prefix', system: 'icd-9-cm' }).map((row) => row.slice(1)), [
    ['250.8', '250', 'Chapter III', '*'], ['008', '008', 'Chapter I', '*'], ['008', '008', 'Chapter I', '*'], ['139', '139', 'Chapter I', '*'], ['140', '140', 'Chapter II', '*'], ['459.8', '459', 'Chapter VII', '*'], ['460', '460', 'Chapter VIII', '*'],
    ['V27', 'V27', 'V codes', '*'], ['V45.0', 'V45', 'V codes', '*'], ['E885.9', 'E885', 'E codes', '*'], ['999.9', '999', 'Chapter XVII', '*'], ['296.2', '296', 'Chapter V', '*'],
  ])
  assert.throws(() => build(['2500'], { type: 'code-prefix', system: 'icd-9-cm' }), { code: 'HIERARCHY_BAD_VALUE' })
  assert.deepEqual(build(['A10BA02'], { type: 'code-prefix', system: 'atc' }), [['A10BA02', 'A10BA', 'A10B', 'A10', 'A', '*']])
  assert.throws(() => build(['A1'], { type: 'code-prefix', system: 'atc' }), { code: 'HIERARCHY_BAD_VALUE' })
})

test('parts place one component in two classes without breaking the nesting', () => {
  const parts = { '2345-7': ['Glucose', 'CHEM'], '2350-7': ['Glucose', 'UA'] }
  assert.deepEqual(build(Object.keys(parts), { type: 'parts', parts }), [['2345-7', 'CHEM / Glucose', 'CHEM', '*'], ['2350-7', 'UA / Glucose', 'UA', '*']])
  assert.throws(() => build(['constructor'], { type: 'parts', parts }), { code: 'HIERARCHY_BAD_VALUE' })
})

test('postal codes follow their country', () => {
  assert.deepEqual(build(['03601', '10021-1234'], { type: 'postal-code', country: 'us-safe-harbor' }).map((row) => row[1]), ['000', '100'])
  assert.deepEqual(build(['SW1A 1AA', 'M11AE'], { type: 'postal-code', country: 'gb' }), [['SW1A 1AA', 'SW1A 1', 'SW1A', 'SW', '*'], ['M11AE', 'M1 1', 'M1', 'M', '*']])
  assert.deepEqual(build(['1234 AB'], { type: 'postal-code', country: 'nl' }), [['1234 AB', '1234', '12xx', '1xxx', '*']])
  assert.deepEqual(build(['10115'], { type: 'postal-code', country: 'de' }), [['10115', '1011x', '101xx', '10xxx', '1xxxx', '*']])
})

test('a mark for what is missing stands apart, as an empty value does; any other misfit is refused', () => {
  assert.deepEqual(build(['12', 'NA', ''], { type: 'interval', widths: [10] }), [['12', '[10, 20[', '*'], ['NA', 'NA', '*'], ['', '', '*']])
  assert.deepEqual(build(['2024-05-07', '?'], { type: 'date', units: ['year'] }), [['2024-05-07', '2024', '*'], ['?', '?', '*']])
  assert.throws(() => build(['12', 'none'], { type: 'interval', widths: [10] }), { code: 'HIERARCHY_BAD_VALUE' })
})

test('saved as CSV or JSON, a hierarchy comes back as it was', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 5 }).filter((text) => !text.includes('*')), { minLength: 1, maxLength: 20 }), fc.constantFrom(';', ',', '\t'), (values, delimiter) => {
    const source = buildHierarchy('x', values, { type: 'redaction' })
    assert.deepEqual(readHierarchy('x', hierarchyCsv(source, delimiter), delimiter), source)
    assert.deepEqual(hierarchyOfDocument(JSON.parse(JSON.stringify(hierarchyDocument(source)))), source)
  }))
  assert.throws(() => hierarchyOfDocument({ attribute: 'x', rows: [['a', '*'], ['b']] }), { code: 'HIERARCHY_RAGGED' })
  for (const bad of [undefined, null, 3, {}, { attribute: 'x', rows: [[1]] }, { attribute: 'x', rows: [] }]) assert.throws(() => hierarchyOfDocument(bad), { code: 'HIERARCHY_UNREADABLE' })
})

test('suggests by the shape of the values, and what it suggests can be built', () => {
  const ages = Array.from({ length: 60 }, (_, i) => String(i + 18))
  const cases: [string, string[], string][] = [
    ['birth', ['1980-01-02', '1975-11-30'], 'date'], ['diagnosis', ['E11.9', 'I10'], 'icd-10'], ['diag_1', ['250.83', 'V27', '8'], 'icd-9-cm'], ['drug', ['A10BA02', 'C09AA05'], 'atc'],
    ['ZIP', ['91326', '03601'], 'postal-code'], ['address', ['SW1A 1AA', 'M1 1AE'], 'postal-code'], ['age', ages, 'age'], ['code', ['00123', '00456'], 'digits'],
    ['income', ['12000.5', '98000', '31000', ''], 'number'], ['constant', ['7'], 'category'], ['sex', ['male', 'female'], 'category'], ['note', Array.from({ length: 30 }, (_, i) => `note ${'abc'[i % 3]}${i}`), 'text'],
  ]
  for (const [name, values, kind] of cases) {
    const suggestion = suggestHierarchy(columnOf(name, values))
    assert.equal(suggestion.kind, kind)
    assert.ok(suggestion.spec !== undefined && buildHierarchy(name, values, suggestion.spec).table.rows === values.length)
  }
  const widths = (...values: string[]): unknown => suggestHierarchy(column(...values)).spec
  assert.deepEqual(widths('0', '1'), { type: 'suppression' }, 'two codes')
  assert.deepEqual(widths('70', '80', '90', '100'), { type: 'interval', widths: [20] }, 'steps of ten')
  assert.deepEqual(widths('17.5', '22', '27', '32', '37', '42'), { type: 'interval', widths: [10, 20] }, 'steps of about five')
  assert.deepEqual(widths(...Array.from({ length: 18 }, (_, i) => String(i))), { type: 'interval', widths: [2, 4, 16] }, 'whole numbers are not cut finer than they are')
  assert.deepEqual(widths('162', '218', 'NA', '672', '1150'), { type: 'interval', widths: [200, 400] }, 'a mark for what is missing')
  // Origin: LOINC 4548-4 (haemoglobin A1c) and 2345-7 (glucose), as published; 2345-8 breaks the check digit.
  assert.equal(suggestHierarchy(column('4548-4', '2345-7')).kind, 'loinc')
  assert.equal(suggestHierarchy(column('4548-4', '2345-8')).kind, 'category')
})

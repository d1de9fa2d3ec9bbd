import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnOf } from '@mhmd/columns'
import fc from 'fast-check'
import { FEWEST_SHOWN, hierarchyOver, previewHierarchy } from './hierarchy-preview.ts'
import type { HierarchyGiven, HierarchyPreview } from './hierarchy-preview.ts'

const people = (count: number): ReturnType<typeof columnOf> => columnOf('person', Array.from({ length: count }, (_, at) => `p${at}`))
const over = (values: readonly string[], given: HierarchyGiven, person = people(values.length)): HierarchyPreview => previewHierarchy(hierarchyOver(given, columnOf('birth', values)), columnOf('birth', values), person)
const dates = [...Array.from({ length: 6 }, () => '1964-03-07'), '1964-05-01', '1961-01-01', '1975-01-01', '1975-01-01']
const byDate: HierarchyGiven = { hierarchy: { type: 'date', units: ['year', 'decade'] } }

test('each level tells labels and people; a value of fewer than five people is told by the first label that five share', () => {
  const preview = over(dates, byDate)
  assert.deepEqual(preview.levels, [{ labels: 4, fewest: 1, alone: 2 }, { labels: 3, fewest: 1, alone: 1 }, { labels: 2, fewest: 2, alone: 0 }, { labels: 1, fewest: 10, alone: 0 }])
  assert.deepEqual(preview.groups, [
    { labels: [null, null, '1960-1969', '*'], people: 8 }, { labels: [null, '1964', '1960-1969', '*'], people: 7 }, { labels: ['1964-03-07', '1964', '1960-1969', '*'], people: 6 },
  ])
  assert.equal(preview.rare, 2)
})

test('rows of one person count once', () => {
  const { levels, groups, rare } = over(['a', 'a', 'a', 'a', 'a', 'b'], { hierarchy: { type: 'suppression' } }, columnOf('person', ['p', 'p', 'p', 'p', 'p', 'q']))
  assert.deepEqual([levels[0], groups, rare], [{ labels: 2, fewest: 1, alone: 2 }, [], 2])
})

test('what is written tells what it lacks: counts, and only values that five people share', () => {
  const written = over(dates, { csv: '1961-01-01;1961;*\n1975-01-01;1975;*\n' })
  assert.deepEqual([written.missing, written.levels], [{ values: 2, rows: 7, common: ['1964-03-07'] }, []])
  assert.deepEqual(over(['a', 'b'], { hierarchy: { rows: [['a', 'x'], ['b', 'x'], ['c', 'y']] } }).levels, [{ labels: 2, fewest: 1, alone: 2 }, { labels: 1, fewest: 2, alone: 0 }])
})

test('a written hierarchy that means two things is refused with its code', () => {
  const codeOf = (csv: string): string => {
    try {
      over(dates, { csv })
      return ''
    } catch (error) {
      return (error as { code: string }).code
    }
  }
  assert.deepEqual([
    codeOf('a;b;*\nc;*\n'), codeOf('a;b;*\na;c;*\n'), codeOf('a;x;y\nb;x;z\n'), codeOf('a;b;c\nb;c;a\nc;a;b\n'), codeOf('a;x;*\nx;y;*\n'), codeOf('*;a\n'), codeOf(''), codeOf('"a;b'),
  ], ['HIERARCHY_RAGGED', 'HIERARCHY_REPEATED_VALUE', 'HIERARCHY_NOT_NESTED', 'HIERARCHY_CYCLIC', 'HIERARCHY_LABEL_AT_TWO_LEVELS', 'HIERARCHY_STAR_VALUE', 'HIERARCHY_UNREADABLE', 'HIERARCHY_UNREADABLE'])
})

test('whatever the values, no label of fewer than five people is told', () => {
  fc.assert(fc.property(fc.array(fc.record({ value: fc.integer({ min: 0, max: 40 }), who: fc.integer({ min: 0, max: 25 }) }), { minLength: 1, maxLength: 120 }), fc.constantFrom(2, 5, 10), (rows, width) => {
    const values = rows.map(({ value }) => String(value))
    const { groups, levels } = over(values, { hierarchy: { type: 'interval', widths: [width, 4 * width] } }, columnOf('person', rows.map(({ who }) => `p${who}`)))
    const labelsAt = (level: number, value: number): string => (level === 0 ? String(value) : level === 3 ? '*' : `[${Math.floor(value / (level === 1 ? width : 4 * width)) * (level === 1 ? width : 4 * width)}`)
    for (const { labels } of groups) labels.forEach((label, level) => {
      const whose = new Set(rows.filter(({ value }) => label !== null && (level === 0 || level === 3 ? labelsAt(level, value) === label : label.startsWith(`${labelsAt(level, value)},`))).map(({ who }) => who))
      assert.ok(label === null || whose.size >= FEWEST_SHOWN)
    })
    assert.equal(levels.at(-1)?.fewest, new Set(rows.map(({ who }) => who)).size)
  }))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBase64Url } from '@mhmd/base'
import { parseCsv, textAt } from '@mhmd/columns'
import { opens, sha256 } from '@mhmd/crypto'
import type { Dataset, UseRequest } from '@mhmd/schema'
import fc from 'fast-check'
import { dataset, datasetId, decided, now, personRows, request, secret, sourceOf } from '../../testing/people.ts'
import { taskOf } from './generalise.ts'
import { deidEngine, openTableManifest, releaseTable, repeatTable, tableManifestContent } from '../index.ts'
import type { ClassesOfPeople, PersonRows, ReleasedTable, TableOptions } from '../index.ts'

let fresh = 0
async function options(rows: PersonRows, change: Partial<TableOptions> & { asked?: UseRequest; document?: Dataset; without?: ReadonlySet<string> } = {}): Promise<TableOptions> {
  const { asked = request, document = dataset, without = new Set(), ...more } = change
  return {
    request: asked, decision: await decided(asked, rows, { without }), dataset: { holder: 'rome', id: datasetId, version: 1, document }, agreement: 'agreement-1', source: sourceOf(rows), engine: deidEngine, secret, earlier: [],
    clock: { now: () => now }, randomness: { bytes: (length) => new Uint8Array(length).fill(fresh++ % 256) }, ...more,
  }
}

async function released(rows: PersonRows, change: Parameters<typeof options>[1] = {}): Promise<ReleasedTable> {
  const result = await releaseTable(await options(rows, change))
  assert.ok(result.released, JSON.stringify(result))
  return result
}

const tableIn = ({ bytes }: ReleasedTable): ReturnType<typeof parseCsv>['table'] => parseCsv(bytes, {}).table
const rows = personRows(300)

test('every class of a generalised table has k people, whatever rows they have', async () => {
  await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 150, max: 400 }), async (seed, people) => {
    const made = personRows(people, seed)
    const { figures, manifest } = await released(made)
    assert.ok(figures.smallestClass >= 5 && figures.uniques === 0 && Object.values(figures.distinctValues).every((fewest) => fewest >= 2), JSON.stringify(figures))
    assert.equal((JSON.parse(manifest) as { parameters: { k: number } }).parameters.k, 5)
  }), { numRuns: 15 })
})

test('only columns asked for that are classified and name nobody leave; the rest is named', async () => {
  const everything = { ...request, variables: ['name', 'birth', 'sex', 'place', 'diagnosis', 'note', 'clinic'] }
  const result = await released(rows, { asked: everything })
  assert.deepEqual(tableIn(result).columns.map(({ name }) => name), ['birth', 'sex', 'place', 'diagnosis', 'clinic'])
  assert.deepEqual((JSON.parse(result.manifest) as { withheld: unknown }).withheld, [{ name: 'name', why: 'identifying' }, { name: 'note', why: 'unclassified' }])
  await assert.rejects(async () => releaseTable(await options(rows, { asked: { ...request, variables: ['name', 'note'] } })), { code: 'RELEASE_NO_COLUMN' })
  await assert.rejects(async () => releaseTable(await options(rows, { asked: { ...request, variables: ['height'] } })), { code: 'RELEASE_COLUMN_UNKNOWN' })
})

test('a suppressed row shows nothing, and rows of one person do not stand together', async () => {
  const document: Dataset = { ...dataset, policy: { ...dataset.policy, models: [{ type: 'k-anonymity', k: 3 }], suppressionLimit: 0.3, thresholds: { highestRisk: 1 / 3, averageRisk: 1 / 3, uniques: 0, distinctValues: 1 } } }
  const result = await released(personRows(250, 4), { document })
  assert.ok(result.figures.suppressedRows > 0)
  const { columns, rows: count } = tableIn(result)
  const texts = Array.from({ length: count }, (_unused, row) => columns.map((column) => textAt(column, row)))
  assert.equal(texts.filter((cells) => cells.every((cell) => cell === '*')).length, result.figures.suppressedRows)
  assert.ok(texts.every((cells) => cells.every((cell) => cell === '*') || cells[3] !== '*'))
  assert.deepEqual(texts, texts.toSorted((a, b) => (a.join('\u0001') < b.join('\u0001') ? -1 : 1)))
})

/** The first row of each. */
function firstRows({ table, person }: PersonRows): PersonRows {
  const kept = Array.from(person.codes.keys()).filter((row) => person.codes.indexOf(person.codes[row] as number) === row)
  const of = (column: PersonRows['person']): PersonRows['person'] => ({ ...column, codes: Uint32Array.from(kept, (row) => column.codes[row] as number) })
  return { table: { rows: kept.length, columns: table.columns.map(of) }, person: of(person) }
}

const lax: Dataset = { ...dataset, policy: { ...dataset.policy, models: [{ type: 'k-anonymity', k: 3 }], suppressionLimit: 0.3, thresholds: { highestRisk: 1 / 3, averageRisk: 1 / 3, uniques: 0, distinctValues: 1 } } }

test('a suppressed row shows nothing where everybody has one row either', async () => {
  const result = await released(firstRows(personRows(250, 4)), { document: lax })
  assert.ok(result.figures.suppressedRows > 0)
  const { columns, rows: count } = tableIn(result)
  const texts = Array.from({ length: count }, (_unused, row) => columns.map((column) => textAt(column, row)))
  assert.ok(texts.every((cells) => cells.every((cell) => cell === '*') || cells[3] !== '*'))
  assert.equal(texts.filter((cells) => cells.includes('*') && cells[0] === '*' && cells[3] === '*').length, result.figures.suppressedRows)
})

test('the rows of a person stay or go together; models that count rows are refused where somebody has several', async () => {
  const source = personRows(250, 4)
  const asked: Dataset = { ...lax, policy: { ...lax.policy, models: [{ type: 'k-anonymity', k: 3 }, { type: 'equal-t-closeness', column: 'diagnosis', t: 0.9 }] } }
  await assert.rejects(async () => releaseTable(await options(source, { document: asked })), { code: 'DEID_COUNTS_ROWS' })
  await released(firstRows(source), { document: asked })
  const { table } = deidEngine.generalise(taskOf({ source, columns: dataset.columns.filter(({ role }) => role !== 'identifying' && role !== 'unclassified'), policy: lax.policy })) ?? { table: source.table }
  const birth = table.columns.find(({ name }) => name === 'birth') ?? source.person
  const goes = Map.groupBy(source.person.codes.keys(), (row) => source.person.codes[row])
  for (const rowsOfOne of goes.values()) assert.equal(new Set(rowsOfOne.map((row) => textAt(birth, row) === '*')).size, 1)
})

test('only people of the decision are in it, and whoever withdrew while rows were read is not', async () => {
  const gone = new Set(rows.person.dictionary.slice(0, 150))
  const result = await released(rows, { without: gone })
  assert.ok(result.people.every((subject) => !gone.has(subject)) && result.people.length === 150)
  const withdrawn = rows.person.dictionary[200] as string
  let heard = false
  const decision = await decided(request, rows, { stillStands: (subject) => !(heard && subject === withdrawn) })
  const source = sourceOf(rows)
  const late = await released(rows, { decision, source: { rows: async (one, document, question) => {
    const read = await source.rows(one, document, question)
    heard = true
    return read
  } } })
  assert.equal(late.people.length, 299)
  assert.ok(!late.people.includes(withdrawn))
})

test('the holder’s sealed manifest repeats the release byte for byte, and from no other rows', async () => {
  for (const form of ['anonymised', 'pseudonymised'] as const) {
    const result = await released(rows, { asked: { ...request, form, variables: ['birth', 'sex', 'place', 'diagnosis', 'onset'] }, ...(form === 'pseudonymised' ? {} : { document: { ...dataset, policy: { ...dataset.policy, suppressionLimit: 0.5 } } }) })
    const manifest = openTableManifest(result.sealedManifest, result.release, secret)
    assert.deepEqual(Buffer.from(repeatTable(manifest, { source: rows, engine: deidEngine, secret })), Buffer.from(result.bytes))
    assert.throws(() => repeatTable(manifest, { source: personRows(300, 2), engine: deidEngine, secret }), { code: 'RELEASE_SOURCE_CHANGED' })
    if (form === 'pseudonymised') assert.throws(() => repeatTable(manifest, { source: rows, engine: deidEngine, secret: Buffer.alloc(32, 8) }), { code: 'RELEASE_SOURCE_CHANGED' })
    assert.throws(() => openTableManifest(result.sealedManifest, result.release, Buffer.alloc(32, 8)), { code: 'CRYPTO_CANNOT_OPEN' })
  }
})

test('the ledger’s commitments open to both manifests and to the digest of these bytes', async () => {
  const { commitments: { content, bytes, salt }, manifest, sealedManifest, release, digest, bytes: left } = await released(rows)
  const holder = JSON.stringify(openTableManifest(sealedManifest, release, secret))
  assert.ok(opens(content, 'table-manifests', { content: tableManifestContent(manifest, holder), salt }))
  assert.equal(digest, toBase64Url(sha256(left)))
  assert.ok(opens(bytes, 'table-bytes', { content: digest, salt }))
})

test('the recipient’s manifest holds no seed, key, offset, person or figure of a record', async () => {
  for (const form of ['anonymised', 'pseudonymised'] as const) {
    const { manifest } = await released(rows, { asked: { ...request, form } })
    assert.ok(!/seed|secret|salt|offset|subject-|figures|smallestClass|sourceDigest/i.test(manifest), manifest)
    const told = JSON.parse(manifest) as { columns: { name: string; hierarchy?: string }[]; engine: unknown; height: number; digest: string }
    assert.equal(told.height, 42)
    if (form === 'anonymised') {
      assert.deepEqual(told.engine, { name: 'mhmd-deid', version: '2' })
      assert.match(told.columns.find(({ name }) => name === 'place')?.hierarchy ?? '', /^[A-Za-z0-9_-]{43}$/)
    }
  }
})

test('a pseudonymised table leaves under consent that names the form, never under a permit, and only where the dataset offers it', async () => {
  const asked: UseRequest = { ...request, form: 'pseudonymised' }
  await released(rows, { asked })
  const permitted: UseRequest = { ...asked, basis: 'permit', safeguards: ['secure-processing-environment'] }
  await assert.rejects(async () => releaseTable(await options(rows, { asked: permitted })), { code: 'RELEASE_SECURE_ENVIRONMENT_ONLY' })
  await assert.rejects(async () => releaseTable(await options(rows, { asked, document: { ...dataset, policy: { ...dataset.policy, forms: ['anonymised'] } } })), { code: 'RELEASE_FORM_NOT_OFFERED' })
  await assert.rejects(async () => releaseTable(await options(rows, { asked: { ...request, form: 'computation' } })), { code: 'RELEASE_FORM_NOT_OF_BASIS' })
})

test('a decision for another request, form or dataset opens nothing', async () => {
  const another = await decided({ ...request, id: '00000000000000000000000003' }, rows)
  await assert.rejects(async () => releaseTable(await options(rows, { decision: another })), { code: 'RELEASE_OTHER_REQUEST' })
  const pseudonyms = await decided({ ...request, form: 'pseudonymised' }, rows)
  await assert.rejects(async () => releaseTable(await options(rows, { decision: pseudonyms })), { code: 'CONSENT_OTHER_FORM' })
  await assert.rejects(async () => releaseTable(await options(rows, { asked: { ...request, dataset: { holder: 'rome', id: '00000000000000000000000008', version: 1 } } })), { code: 'RELEASE_OTHER_DATASET' })
  for (const asked of [{ ...request, fhirTypes: ['Observation' as const] }, { ...request, dataWindow: { from: '2020-01-01' } }]) await assert.rejects(async () => releaseTable(await options(rows, { asked })), { code: 'RELEASE_DATASET_BEYOND_REQUEST' })
})

test('the cohort’s question is handed to whoever reads, and one about data that was not decided upon is refused', async () => {
  const question: UseRequest['question'] = { all: [{ type: 'condition', code: { system: 's', code: 'c' } }] }
  let handed: unknown
  await released(rows, { asked: { ...request, question }, source: { rows: async (decision, document, asked) => {
    handed = asked
    return sourceOf(rows).rows(decision, document, asked)
  } } })
  assert.deepEqual(handed, question)
  await assert.rejects(async () => releaseTable(await options(rows, { asked: { ...request, question: { all: [{ type: 'sex', value: 'male' }] } } })), { code: 'RELEASE_QUESTION_BEYOND_REQUEST' })
})

test('nobody to release, nothing that fits, a policy that protects nobody: each is said', async () => {
  await assert.rejects(async () => releaseTable(await options(rows, { without: new Set(rows.person.dictionary) })), { code: 'RELEASE_NO_PEOPLE' })
  const strict: Dataset = { ...dataset, columns: dataset.columns.map((column) => (column.name === 'birth' ? { ...column, maxLevel: 0 } : column)), policy: { ...dataset.policy, suppressionLimit: 0 } }
  await assert.rejects(async () => releaseTable(await options(rows, { document: strict })), { code: 'RELEASE_NO_SOLUTION' })
  const lax: Dataset = { ...dataset, policy: { ...dataset.policy, models: [{ type: 'k-anonymity', k: 2 }], thresholds: { highestRisk: 0.5, averageRisk: 1, uniques: 1, distinctValues: 1 } } }
  await assert.rejects(async () => releaseTable(await options(rows, { document: lax })), { code: 'RELEASE_UNSAFE_POLICY' })
})

test('the same table again tells nothing new; without one person, or in finer columns, it is held back', async () => {
  const first = await released(rows)
  const earlier: ClassesOfPeople[] = [first.classes ?? []]
  assert.ok((await releaseTable(await options(rows, { earlier }))).released)
  const inClass = (first.classes?.[0] ?? [])[0] as string
  const without = await releaseTable(await options(rows, { earlier, without: new Set([inClass]) }))
  assert.ok(!without.released && without.rule === 'DIFFERENCE', JSON.stringify(without))
  assert.ok((await releaseTable(await options(rows, { without: new Set([inClass]) }))).released, 'alone it would leave')
  const years: Dataset = { ...dataset, columns: dataset.columns.map((column) => (column.name === 'birth' ? { ...column, minLevel: 2, maxLevel: 2 } : column)), policy: { ...dataset.policy, suppressionLimit: 0.9 } }
  const finer = { document: years, asked: { ...request, variables: ['birth', 'diagnosis'] } }
  const other = await releaseTable(await options(rows, { earlier, ...finer }))
  assert.ok(!other.released && other.rule === 'DIFFERENCE', 'years of birth within decades by place and sex')
  assert.ok((await releaseTable(await options(rows, finer))).released, 'alone it would leave')
})

// SQL of auditors: what a SELECT over the views gives, and everything else that somebody may try.
import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { playedLedger, playedNetwork } from '../testing/index.ts'
import { createFeed, openDatabase, runSql } from './index.ts'
import type { Database, Limits, SqlAnswer } from './index.ts'
import { views } from './questions.ts'

const small: Limits = { milliseconds: 1500, rows: 100, characters: 100_000 }

describe('SQL of auditors', () => {
  let folder = ''
  let database: Database
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'analytics-sandbox-'))
    await writeFile(join(folder, 'secret.csv'), 'a,b\n1,2\n')
    database = await openDatabase({ file: join(folder, 'ledger.duckdb'), networkId: playedNetwork, memoryMegabytes: 200 })
    await (await createFeed(database)).take((await playedLedger()).blocks)
  })
  after(async () => {
    database.close()
    await rm(folder, { recursive: true })
  })

  const run = (sql: string): Promise<SqlAnswer> => runSql(database, sql, small)

  it('reads the five views of the card, and names the height', async () => {
    assert.deepEqual(views.map(({ name }) => name).sort(), ['assets', 'chaincode', 'channel', 'state_database', 'transactions'])
    for (const { name } of views) {
      const answer = await run(`SELECT * FROM ${name}`)
      assert.ok(answer.rows.length > 0, name)
      assert.equal(answer.height, 11)
    }
    assert.deepEqual((await run('SELECT height, active_members, transactions FROM channel')).rows, [[11, 6, 37]])
    assert.deepEqual((await run(`SELECT type, count(*) FROM assets WHERE holder = 'rome' GROUP BY type ORDER BY type`)).rows, [['agreement', 1], ['consent', 5], ['dataset', 2], ['opt-out', 1], ['release-deletion', 1], ['subject', 5], ['use-release', 1], ['use-request-answer', 1]])
  })

  it('reads the state database as of any height', async () => {
    const states = async (height: number): Promise<unknown> => (await run(`SELECT state, count(*) FROM state_at(${height}) WHERE kind = 'consent' GROUP BY state ORDER BY state`)).rows
    assert.deepEqual(await states(1), [])
    assert.deepEqual(await states(2), [['active', 5]])
    assert.deepEqual(await states(8), [['active', 4], ['withdrawn', 1]])
    assert.deepEqual(await states(11), [['active', 2], ['withdrawn', 3]])
  })

  it('cuts at the limit of rows and says so', async () => {
    const answer = await run('FROM range(1000)')
    assert.equal(answer.rows.length, 100)
    assert.ok(answer.isCut)
  })

  const refused = (file: string): readonly string[] => [
    `SELECT * FROM '${file}'`, `SELECT * FROM read_csv('${file}')`, `SELECT * FROM read_text('${file}')`, `SELECT * FROM read_blob('${file}')`, `SELECT * FROM read_parquet('${file}')`, `SELECT * FROM read_json('${file}')`, `SELECT * FROM sniff_csv('${file}')`, `SELECT * FROM glob('/etc/*')`,
    `SELECT * FROM query('SELECT * FROM read_text(''${file}'')')`, 'SELECT * FROM read_csv(\'/etc/passwd\')',
    `COPY (SELECT 1) TO '${file}.out'`, `ATTACH '${file}.db'`, 'INSTALL httpfs', 'LOAD httpfs', `EXPORT DATABASE '${file}.export'`, `IMPORT DATABASE '${file}.export'`,
    'PRAGMA table_info(\'feed.writes\')', 'PRAGMA database_list', '/* */ PRAGMA version', 'SET memory_limit = \'10GB\'', 'RESET memory_limit', 'CALL pragma_version()', 'CHECKPOINT', 'VACUUM',
    'DELETE FROM feed.writes', 'INSERT INTO feed.position VALUES (\'x\', 1, \'x\')', 'UPDATE feed.position SET height = 0', 'DROP TABLE feed.writes', 'CREATE TABLE mine (a INTEGER)', 'CREATE TEMP TABLE mine (a INTEGER)', 'TRUNCATE feed.writes',
    'SELECT 1; DROP TABLE feed.writes', 'COMMIT', 'BEGIN TRANSACTION', 'USE memory', 'EXPLAIN ANALYZE SELECT 1', 'PREPARE p AS SELECT 1', 'SELECT $nobody', '', ';', '--',
  ]

  it('refuses files, other databases, extensions, settings, and whatever writes', async () => {
    const file = join(folder, 'secret.csv')
    for (const sql of refused(file)) await assert.rejects(run(sql), { code: 'ANALYTICS_SQL_REFUSED' }, sql)
    for (const sql of ['WITH gone AS (DELETE FROM feed.writes RETURNING *) SELECT * FROM gone', 'SELECT getenv(\'HOME\')', 'SELECT nothing']) await assert.rejects(run(sql), { code: 'ANALYTICS_SQL_FAILED' }, sql)
    assert.deepEqual((await readdir(folder)).filter((name) => !name.startsWith('ledger.duckdb')), ['secret.csv'])
    assert.deepEqual((await run('SELECT transactions FROM channel')).rows, [[37]])
  })

  it('ends what takes too long, too much memory or gives too much, and answers the next', async () => {
    await assert.rejects(run('SELECT count(*) FROM range(100000000000) AS a, range(1000) AS b'), { code: 'ANALYTICS_SQL_LIMIT' })
    await assert.rejects(runSql(database, 'SELECT list(a) FROM range(1000000000) AS t(a)', { ...small, milliseconds: 20_000 }), { code: 'ANALYTICS_SQL_LIMIT', message: /memory/ })
    await assert.rejects(run('SELECT repeat(\'x\', 200000)'), { code: 'ANALYTICS_SQL_LIMIT' })
    assert.deepEqual((await run('SELECT 1')).rows, [[1]])
  })

  it('is closed in the database itself, whoever asks', async () => {
    const connection = await database.connect()
    for (const sql of ['SET enable_external_access = true', 'SET lock_configuration = false', `COPY (SELECT 1) TO '${join(folder, 'out.csv')}'`, `ATTACH '${join(folder, 'other.db')}'`, 'INSTALL httpfs', `SELECT * FROM read_csv('${join(folder, 'secret.csv')}')`]) await assert.rejects(connection.run(sql), sql)
    connection.disconnectSync()
  })
})

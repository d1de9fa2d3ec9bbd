// Analytics at nodes: figures that name their height and the transactions behind them, for whom they are, an auditor's SQL; the same at every node.
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { newSigningKey } from '@mhmd/crypto'
import type { SigningKey } from '@mhmd/crypto'
import { oneTimeClient, smallNetwork, until } from './support/small-network.ts'
import type { SmallNetwork } from './support/small-network.ts'

interface Answered { readonly height: number; readonly hash: string; readonly rows: readonly (readonly unknown[])[]; readonly total?: number }

describe('analytics at nodes', () => {
  let network: SmallNetwork
  let auditor: SigningKey
  let desk: SigningKey
  before(async () => {
    network = await smallNetwork({ withAccessBody: true })
    ;[auditor, desk] = [newSigningKey().key, newSigningKey().key]
    await network.staff('rome').post('/staff/1/staff', { key: auditor.publicKey, roles: ['auditor'] })
    await network.staff('rome').post('/staff/1/staff', { key: desk.publicKey, roles: ['desk'] })
  })
  after(() => network.close())

  const asked = (node: 'rome' | 'institute', path: string): Promise<Answered> => network.staff(node).get(`/staff/1/analytics/questions/${path}`)

  it('answers every question at one height alike at two nodes', async () => {
    const { questions } = await network.staff('rome').get<{ questions: { name: string }[] }>('/staff/1/analytics/questions')
    assert.ok(questions.length >= 15)
    const { height } = await asked('rome', 'participants')
    for (const { name } of questions.filter((question) => question.name !== 'flow')) assert.deepEqual(await asked('rome', `${name}?height=${height}`), await asked('institute', `${name}?height=${height}`), name)
  })

  it('holds a new transaction soon after it was submitted, and leads from the figure to it', async () => {
    const before = await asked('rome', 'activity')
    await network.staff('rome').post('/staff/1/datasets', { title: 'Asthma', summary: '', categories: ['a'] })
    const started = Date.now()
    let datasets: Answered
    do datasets = await asked('rome', 'datasets?holder=rome')
    while (datasets.rows.length === 0 && Date.now() - started < 15_000)
    assert.deepEqual(datasets.rows, [['rome', 'a', 'offered', 1]])
    assert.ok(datasets.height > before.height)
    const evidence = await asked('rome', 'datasets/evidence?holder=rome')
    assert.equal(evidence.total, 1)
    const [height, , operation] = evidence.rows[0] ?? []
    const found = await network.staff('rome').get<{ block: { height: number; hash: string }; transaction: { contract: string } }>(`/staff/1/ledger/transactions/${String(operation)}`)
    assert.deepEqual([found.block.height, found.transaction.contract], [height, 'datasets@1'])
  })

  it('an auditor’s SQL reads, and reads only; nobody else has any', async () => {
    const as = (key: SigningKey): ReturnType<typeof oneTimeClient> => oneTimeClient(network, 'rome', key)
    assert.deepEqual((await as(auditor).post<Answered>('/staff/1/analytics/sql', { sql: 'SELECT active_members FROM channel' })).rows, [[5]])
    for (const sql of ['SELECT * FROM read_csv(\'/etc/passwd\')', 'COPY feed.writes TO \'/tmp/out.csv\'', 'ATTACH \'/tmp/x.db\'', 'INSTALL httpfs', 'PRAGMA database_list', 'DELETE FROM feed.writes']) await assert.rejects(as(auditor).post('/staff/1/analytics/sql', { sql }), { code: 'ANALYTICS_SQL_REFUSED' }, sql)
    await assert.rejects(network.staff('rome').post('/staff/1/analytics/sql', { sql: 'SELECT 1' }), { code: 'NODE_STAFF_ROLE' })
    await assert.rejects(as(desk).post('/staff/1/analytics/sql', { sql: 'SELECT 1' }), { code: 'NODE_STAFF_ROLE' })
    await assert.rejects(as(newSigningKey().key).get('/staff/1/analytics/questions/access'), { code: 'NODE_STAFF_UNKNOWN' })
  })

  it('everybody reads what organisations do, at one block, with the transactions behind it; and of people only what the publisher made noisy', async () => {
    const read = async <T>(node: 'rome' | 'access', path: string): Promise<T> => await (await fetch(`${network.url(node)}${path}`)).json() as T
    const { height, tip, figures } = await read<{ height: number; tip: number; figures: { question: { name: string; sql: string }; answer: Answered }[] }>('rome', '/public/1/figures')
    assert.deepEqual(figures.map(({ question }) => question.name), ['use', 'participants', 'datasets'])
    assert.ok(tip >= height, `${height} of ${tip}`)
    for (const { question, answer } of figures) {
      assert.equal(answer.height, height)
      assert.deepEqual(answer.rows, (await asked('rome', `${question.name}?height=${height}`)).rows)
    }
    const { total = 0, rows } = await read<Answered>('rome', '/public/1/figures/participants/evidence')
    assert.equal(rows.length, total)
    assert.equal((await fetch(`${network.url('rome')}/public/1/figures/consents/evidence`)).status, 404)
    const elsewhere = await read<{ publisher: string; endpoint: string; publication: object | null }>('rome', '/public/1/people')
    assert.deepEqual([elsewhere.publisher, elsewhere.publication], ['access', null])
    await until('the publisher\'s tables are level', async () => (await read<{ publication: object | null }>('access', '/public/1/people')).publication !== null)
    const first = await read<{ publication: { cells: { holder: string; people: number | null }[] } }>('access', '/public/1/people')
    assert.ok(first.publication.cells.length > 0)
    assert.deepEqual(await read('access', '/public/1/people'), first)
  })

  it('says what is wrong with a question, a parameter, a height', async () => {
    await assert.rejects(asked('rome', 'nothing'), { code: 'ANALYTICS_UNKNOWN_QUESTION' })
    await assert.rejects(asked('rome', 'datasets?days=3'), { code: 'ANALYTICS_BAD_PARAMETER' })
    await assert.rejects(asked('rome', 'datasets?height=999999'), { code: 'ANALYTICS_BAD_PARAMETER' })
    await assert.rejects(asked('rome', 'flow'), { code: 'ANALYTICS_BAD_PARAMETER' })
  })
})

// The five views of the project's card over the feed's tables: assets, channel, state database, chaincode, transactions.

/** A place in the ledger as one number that grows: of two writes of a key the later has the larger. */
const PLACE = 'height * 1048576::BIGINT + place'

/** What is a person's or an organisation's, and not the ledger's own bookkeeping. */
const ASSET_KINDS = ['member', 'dataset', 'subject', 'consent', 'opt-out', 'request', 'request-answer', 'release', 'use-request', 'use-request-answer', 'permit', 'agreement', 'use-release', 'release-assessment', 'release-deletion', 'private']
const listed = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

/** Where a kind's key names its holder: first part, second part, or nowhere. */
const HOLDER = `CASE WHEN kind IN ('dataset', 'subject', 'consent', 'opt-out', 'private') THEN part1
  WHEN kind IN ('request-answer', 'release', 'use-request-answer', 'agreement', 'use-release', 'release-assessment', 'release-deletion') THEN part2 END`
/** Where it names the thing itself. */
const ID = `CASE WHEN kind IN ('dataset', 'subject', 'consent', 'opt-out', 'private') THEN part2
  WHEN kind IN ('release', 'use-release', 'release-assessment', 'release-deletion') THEN part3 ELSE part1 END`

export interface View {
  readonly name: string
  /** One sentence: what a row is. */
  readonly says: string
  /** Which of it a height can be given to. */
  readonly atHeight?: string
  readonly sql: string
}

/** In the order in which they are made: the later ones use the earlier. */
export const views: readonly View[] = [
  {
    name: 'state_database', atHeight: 'state_at(height)',
    says: 'One row a key that has a value: the present state of the ledger, as every engine holds it, with where it was written and how often.',
    sql: 'SELECT * FROM state_at(2147483647)',
  },
  {
    name: 'assets', atHeight: 'assets_at(height)',
    says: 'One row a thing that is recorded: its type, holder, state and version, where it was first and last written, and how often.',
    sql: 'SELECT * FROM assets_at(2147483647)',
  },
  {
    name: 'channel',
    says: 'One row: which ledger this is, its quorum, height, last hash, members by state, blocks, transactions and the times of its first and last block.',
    sql: `SELECT position.network, (SELECT json_extract(value, '$.quorum')::INTEGER FROM state_at(2147483647) WHERE kind = 'network') AS admission_quorum, position.height, position.hash,
      (SELECT count(*) FROM state_at(2147483647) WHERE kind = 'member' AND state = 'active') AS active_members, (SELECT count(*) FROM state_at(2147483647) WHERE kind = 'member' AND state = 'suspended') AS suspended_members,
      (SELECT count(*) FROM feed.blocks) AS blocks, (SELECT coalesce(sum(transactions), 0)::BIGINT FROM feed.blocks) AS transactions,
      (SELECT epoch_ms(min(time)) FROM feed.blocks) AS first_block, (SELECT epoch_ms(max(time)) FROM feed.blocks) AS last_block
      FROM feed.position`,
  },
  {
    name: 'chaincode', atHeight: 'chaincode_at(height)',
    says: 'One row a function of a contract, whether used or not: how often, by how many members, from when to when, how many attempts were ordered and not applied, and which items of its batches were refused why.',
    sql: 'SELECT * FROM chaincode_at(2147483647)',
  },
  {
    name: 'transactions',
    says: 'One row an attempt of a transaction: who submitted what and when, in which block, how long after its submitter’s clock, with which code, how many keys it wrote; which attempt of its operation it is, and whether it came to nothing because another changed what it had read. Endorsers are the organisations that Fabric’s block names, reads the keys that they compared, both as that block tells them to a member with a peer of its own; elsewhere they are empty. On the embedded ledger the operator alone executes, what conflicts is done again before it is ordered, and no block holds either: its transactions are all first attempts, and a transaction’s page plays it again to show what it read.',
    sql: `SELECT height, place, operation_id, contract, operation, submitter, code, epoch_ms(submitted) AS submitted, epoch_ms(blocks.time) AS ordered, blocks.time - submitted AS latency_ms, writes,
      row_number() OVER (PARTITION BY operation_id ORDER BY height, place) AS attempt, code IN ('MVCC_READ_CONFLICT', 'PHANTOM_READ_CONFLICT') AS is_conflict, string_split(endorsers, ',') AS endorsers, reads::JSON AS reads
      FROM feed.transactions JOIN feed.blocks USING (height) LEFT JOIN feed.endorsements USING (height, place)`,
  },
]

/** The latest write of each key of a table at a height, where it left a value. */
const latestOf = (macro: string, table: string): string => `CREATE OR REPLACE MACRO ${macro}(at_height) AS TABLE
    SELECT kind, part1, part2, part3, last.state AS state, last.version AS version, epoch_ms(last.time) AS changed, epoch_ms(last.expires) AS expires, last.actor AS actor, last.value AS value, last.height AS height, last.place AS place, changes, first_height FROM (
      SELECT kind, part1, part2, part3, max_by({ state: state, version: version, time: time, expires: expires, actor: actor, value: value, height: height, place: place }, ${PLACE}) AS last, count(*) AS changes, min(height) AS first_height
      FROM feed.${table} WHERE height <= at_height GROUP BY kind, part1, part2, part3)
    WHERE last.value IS NOT NULL`

const macros: readonly string[] = [
  latestOf('state_at', 'writes'),
  latestOf('procedure_at', 'procedure'),
  `CREATE OR REPLACE MACRO assets_at(at_height) AS TABLE
    SELECT kind AS type, ${HOLDER} AS holder, ${ID} AS id, state, version, changed, expires, actor, first_height, height, place, changes
    FROM state_at(at_height) WHERE kind IN (${listed(ASSET_KINDS)})`,
  // Without the value, which is most of a write's bytes: for counting by the hundred thousand.
  `CREATE OR REPLACE MACRO decisions_at(at_height, of_kind) AS TABLE
    SELECT part1 AS holder, part2 AS subject, max_by(state, ${PLACE}) AS state, max_by(actor, ${PLACE}) AS actor, max_by(expires, ${PLACE}) AS expires
    FROM feed.writes WHERE kind = of_kind AND height <= at_height GROUP BY part1, part2`,
  `CREATE OR REPLACE MACRO chaincode_at(at_height) AS TABLE
    WITH used AS (SELECT contract, operation, count(*) AS uses, count(DISTINCT submitter) AS submitters, count(*) FILTER (code <> 'VALID') AS not_applied, min(height) AS first_height, max(height) AS last_height FROM feed.transactions WHERE height <= at_height GROUP BY contract, operation),
    refused AS (SELECT contract, operation, sum(number)::BIGINT AS refused_items, map_from_entries(list({ code: code, number: number } ORDER BY code)) AS why
      FROM (SELECT contract, operation, items.code AS code, count(*) AS number FROM feed.items JOIN feed.transactions USING (height, place) WHERE height <= at_height AND items.code <> 'VALID' GROUP BY ALL) GROUP BY contract, operation)
    SELECT contract, version, operation, coalesce(uses, 0) AS uses, coalesce(submitters, 0) AS submitters, coalesce(not_applied, 0) AS not_applied, coalesce(refused_items, 0) AS refused_items, why, first_height, last_height
    FROM feed.functions LEFT JOIN used USING (contract, operation) LEFT JOIN refused USING (contract, operation)`,
]

export const viewStatements: readonly string[] = [...macros, ...views.map(({ name, sql }) => `CREATE OR REPLACE VIEW ${name} AS ${sql}`)]

// Words of the dashboards over the ledger, in English; each question brings its own.
export const ledgerFigures = {
  ledgerFigures: {
    lead: 'Every figure is made of the ledger’s transactions alone, names the block that it holds for, and comes out the same for everybody who asks at that block.',
    height: 'As of block (empty: the newest)', contents: 'Questions', missing: 'Not on the ledger:', holds: 'Holds for block {{height}},', csv: 'Save as CSV', evidence: 'Transactions behind it',
    chart: 'by: {{by}}', none: 'Nothing stands on the ledger for this yet.', more_one: '{{count}} more row is in the file.', more_other: '{{count}} more rows are in the file.',
    behind_one: '{{count}} transaction.', behind_other: '{{count}} transactions; the newest {{some}}:',
    sql: 'One SELECT over the views assets, channel, state_database, chaincode and transactions, and the tables of the schema feed; state_at(height) and assets_at(height) give an earlier block. It can change nothing and reach no file; time, rows and memory are limited.',
    codes: {
      active: 'in force', withdrawn: 'withdrawn', expired: 'run out', closed: 'closed', offered: 'offered', suspended: 'suspended', filed: 'filed', complete: 'complete', incomplete: 'incomplete', issued: 'issued', accepted: 'accepted', refused: 'refused', revoked: 'revoked', ended: 'ended',
      consent: 'consent', 'opt-out': 'opt-out', subject: 'the person', desk: 'the desk', permit: 'permit', data: 'data', item: 'item of a batch', 'use-request': 'request', 'use-request-answer': 'answer to a request', 'request-answer': 'answer to a request', agreement: 'agreement', 'use-release': 'release', release: 'release',
      'first-access': 'first access', burst: 'burst', silence: 'silence',
    },
    select: 'SELECT', run: 'Run', cut: 'Cut off at the limit of rows.',
  },
}

// Which way imports may point, for dependency-cruiser; each rule's comment is its reason and is printed when it is broken.
import type { IForbiddenRuleType } from 'dependency-cruiser'

const FOUNDATION = '(schema|crypto|columns|store)'
const DOMAIN = '^packages/(?!(base|schema|crypto|columns|store|node)/)[^/]+/'
const TESTS = '\\.test\\.ts$|/testing/|^(tests|conformance|bench)/|\\.bench\\.ts$'
const MACHINE = '^(node:)?(fs|fs/promises|net|http|https|http2|tls|dgram|dns|dns/promises|child_process|cluster|os|sqlite|readline|repl|inspector|vm|v8|process)$'

/** Types and tests included where the reason holds for them too. */
export const rules: IForbiddenRuleType[] = [
  {
    name: 'no-cycles', severity: 'error',
    comment: 'Two files that need each other are one file, or lack a third; a cycle also makes the order of loading matter.',
    from: {}, to: { circular: true },
  },
  {
    name: 'unresolved', severity: 'error',
    comment: 'The file or package named does not exist here.',
    from: {}, to: { couldNotResolve: true },
  },
  {
    name: 'base-depends-on-nothing', severity: 'error',
    comment: 'Everything stands on base: what it imports, everybody imports.',
    from: { path: '^packages/base/', pathNot: TESTS }, to: { pathNot: '^packages/base/' },
  },
  {
    name: 'foundation-on-base-only', severity: 'error',
    comment: 'schema, crypto, columns and store are usable without each other; a domain package joins them.',
    from: { path: `^packages/${FOUNDATION}/`, pathNot: TESTS }, to: { path: '^(packages|adapters|apps)/', pathNot: ['^packages/base/', '^packages/$1/'] },
  },
  {
    name: 'domain-below-adapters', severity: 'error',
    comment: 'Domain packages declare ports; adapters implement them and node chooses: an import the other way round would fix the technology. A test may use an adapter for the real part.',
    from: { path: DOMAIN, pathNot: TESTS }, to: { path: '^(packages/node|adapters|apps)/' },
  },
  {
    name: 'tests-below-node', severity: 'error',
    comment: 'A test beside a package may use an adapter, never node or an app: what needs a whole node is a scenario.',
    from: { path: `^packages/(?!node/)[^/]+/` }, to: { path: '^(packages/node|apps)/' },
  },
  {
    name: 'adapters-below-node', severity: 'error',
    comment: 'An adapter serves any composition root.',
    from: { path: '^adapters/' }, to: { path: '^(packages/node|apps)/' },
  },
  {
    name: 'node-below-apps', severity: 'error',
    comment: 'A node runs without the programs that start it.',
    from: { path: '^packages/node/' }, to: { path: '^apps/' },
  },
  {
    name: 'attack-apart-from-deid', severity: 'error',
    comment: 'Protection and attack share no code: a shared mistake would hide itself.',
    from: { path: '^packages/(attack|deid)/' }, to: { path: '^packages/(attack|deid)/', pathNot: '^packages/$1/' },
  },
  {
    name: 'domain-without-machine', severity: 'error',
    comment: 'Domain packages do no input or output of their own: they take a port, so that a test can stand in for the machine and blindness can be played.',
    from: { path: '^packages/(?!node/)', pathNot: TESTS }, to: { dependencyTypes: ['core'], path: MACHINE },
  },
  {
    name: 'pure-without-machine', severity: 'error',
    comment: 'Contracts and decisions come out the same on every machine: they import no module of it, not even cryptography but through @mhmd/crypto.',
    from: { path: '^packages/(contracts|consent)/src/', pathNot: TESTS }, to: { dependencyTypes: ['core'] },
  },
  {
    name: 'pure-on-pure', severity: 'error',
    comment: 'Contracts and decisions stand on base, schema and crypto alone: anything else could bring a clock, a store or a connection.',
    from: { path: '^packages/(contracts|consent)/src/', pathNot: TESTS }, to: { pathNot: ['^packages/(base|schema|crypto)/', '^packages/$1/'] },
  },
  {
    name: 'cryptography-in-one-place', severity: 'error',
    comment: 'Keys, signatures and randomness are audited in packages/crypto and nowhere else.',
    from: { path: '^packages/(?!(crypto|node)/)', pathNot: TESTS }, to: { dependencyTypes: ['core'], path: '^(node:)?crypto$' },
  },
  {
    name: 'portal-runs-in-a-browser', severity: 'error',
    comment: 'What the portal imports runs in a browser: base, schema, crypto, contracts, consent, accounts, client and proof are tested there; a node\'s other rooms are not, and would come along in its bundle.',
    from: { path: '^apps/portal/(src|verify)/', pathNot: TESTS }, to: { path: '^(packages/(?!(base|schema|crypto|contracts|consent|accounts|client|proof)/)|adapters/|apps/(?!portal/))' },
  },
  {
    name: 'portal-without-machine', severity: 'error',
    comment: 'A browser has none of Node\'s modules.',
    from: { path: '^apps/portal/(src|verify)/', pathNot: TESTS }, to: { dependencyTypes: ['core'] },
  },
  {
    name: 'testing-for-tests', severity: 'error',
    comment: 'Contract suites and fakes never run in a node.',
    from: { pathNot: TESTS }, to: { path: '^(packages|adapters|apps)/[^/]+/testing/|\\.test\\.ts$' },
  },
]

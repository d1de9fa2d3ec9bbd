// The professionals' pages in English.
import { policy } from './professional-policy-en.ts'
import { contractForm } from './professional-contract-form-en.ts'
import { ledgerFigures } from './professional-ledger-figures-en.ts'
import { desk } from './professional-desk-en.ts'
import { protection } from './professional-protection-en.ts'
import { errors } from './professional-errors-en.ts'
import { network } from './professional-network-en.ts'
import { officer } from './professional-officer-en.ts'
import { operator } from './professional-operator-en.ts'
import { reasons } from './professional-reasons-en.ts'
import { researcher } from './professional-researcher-en.ts'
import { steward } from './professional-steward-en.ts'
import { terms } from './professional-terms-en.ts'

export const professional = {
  errors,
  ...officer,
  ...operator,
  ...researcher,
  ...steward,
  ...desk,
  ...terms,
  ...reasons,
  ...protection,
  ...ledgerFigures,
  contractForm,
  network,
  ...policy,
  name: 'My Health My Data',
  skip: 'Skip to the page',
  navigation: 'Pages',
  language: 'Italiano',
  you: 'You',
  signOut: 'Sign out',
  loading: 'Loading …',
  problem: 'Something went wrong',
  leave: 'Leave it as it is',
  again: 'Try again',
  missed: { title: 'This page could not be loaded', text: 'The node does not answer, or the connection broke off.' },
  lost: 'The node does not answer right now. What stands here is from before; it goes on by itself as soon as the node is back.',
  stale: 'This could not be refreshed; what stands here is older.',
  notFound: 'There is no such page',
  notFoundText: 'It may belong to another role, or the address is mistyped.',
  signIn: { title: 'Staff sign-in', lead: 'Your passkey for {{host}} gives the key that is registered for you here. A session of at most eight hours follows; it ends after fifteen idle minutes.', submit: 'Sign in with passkey', none: 'No passkey here yet? An administrator sends you an invitation.', numeric: 'Passkeys belong to names. Open these pages at:' },
  invited: { title: 'You are invited', lead: 'A passkey is made on this device. Its key is registered at {{host}} with the roles of the invitation. The invitation works once.', submit: 'Make a passkey and sign in', taken: 'I have taken it already: sign in', numeric: 'Passkeys belong to names: open the invitation’s link as it was sent.' },
  roles: { admin: 'administrator', steward: 'steward', desk: 'desk', dpo: 'data protection officer', researcher: 'researcher', officer: 'officer of the access body', auditor: 'auditor' },
  areas: { steward: 'Steward', desk: 'Desk', dpo: 'Data protection', researcher: 'Researcher', officer: 'Officer', auditor: 'Auditor', operator: 'Operator', administrator: 'Administrator' },
  pages: {
    steward: { requests: 'Requests to decide', imports: 'Imports', profiles: 'Profiles', datasets: 'Datasets', releases: 'Releases', late: 'Who is late', figures: 'Figures of the ledger' },
    desk: { 'link-code': 'Code for a patient', merges: 'Patients under two numbers', 'wrong-link': 'Key on the wrong patient' },
    dpo: { erasure: 'Erase a patient’s records' },
    researcher: { requests: 'My requests', new: 'New request', catalogue: 'Catalogue', holdings: 'Tables held', figures: 'Figures of the ledger' },
    officer: { applications: 'Applications', deliveries: 'Who delivered', figures: 'Figures of the ledger' },
    auditor: { blocks: 'Blocks and transactions', access: 'Access log', overdue: 'Overdue receipts', checkpoints: 'Checkpoints', playground: 'Playground', figures: 'Questions to the ledger' },
    operator: { health: 'Health', jobs: 'Jobs', members: 'Members', network: 'Network', figures: 'How the ledger runs' },
    administrator: { colleagues: 'Colleagues' },
  },
  palette: { open: 'Go to', title: 'Go to a page', found: 'Pages found', none: 'No page of that name.' },
  list: { filter: 'Filter', count: '{{some}} of {{count}}', more: '{{count}} more; type to narrow the list.', all_one: '{{count}} row', all_other: '{{count}} rows', first_one: 'the first row', first_other: 'the first {{count}} rows', next: 'Show more', nothing: 'Nothing here has all of these words.' },
  table: 'Show as a table',
  request: {
    title: 'Title', requester: 'Requester', purpose: 'Purpose', basis: 'Basis', form: 'Form', data: 'Data', dataset: 'Dataset', uses: 'Other uses', safeguards: 'Safeguards', returns: 'In return', time: 'From, until', none: 'none', received: 'Received', state: 'State', open: 'to decide', accepted: 'accepted', refused: 'refused',
    emptyInbox: 'No organisation has asked this holder yet.', emptyOut: 'Nothing has been asked yet.', what: 'What is asked', course: 'Course', ends: 'The use ends', id: 'Id', filed: 'Filed', acceptedBy: 'Accepted by', refusedBy: 'Refused by',
    decide: 'This holder’s decision', decideError: 'Choose one of the two.', accept: 'Accept', refuse: 'Refuse', reason: 'Why it is refused', reasonHint: 'It goes on the ledger and to the requester. Say more in a message.',
    reasons: { WITHIN_TERMS: 'It keeps to this holder’s terms', NOT_AGREED: 'This holder does not agree to it', NOT_ETHICAL: 'An ethics committee objects, or was not asked', DATA_NOT_HELD: 'The data it needs are not held here', DATA_NOT_NECESSARY: 'It asks for more than the purpose needs', SAFEGUARDS_TOO_WEAK: 'The safeguards are too weak' },
    record: 'Record the decision',
  },
} as const

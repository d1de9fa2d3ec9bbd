// The researcher's pages in English, and what researcher and steward write to each other.
export const researcher = {
  answers: { title: 'Answers', none: 'No answer has come yet.', holder: 'Holder', figure: 'People', rounded: '{{count}} ± 4', withheld: 'withheld: the figure could give people away', at: 'Came', ask_one: 'Ask {{count}} holder', ask_other: 'Ask {{count}} holders', notYet: 'No holder has accepted yet.', table: 'A table is released under an agreement, and then stands with the tables held.' },
  new: {
    holders: 'Holders', title: 'Title', summary: 'Summary', summaryHint: 'In words a citizen understands: it is shown to her.', class: 'Class of this organisation', system: 'Code system', code: 'Code', days: 'Days', file: 'File the request',
    missing: { holders: 'Choose at least one holder.', title: 'Give it a title.', summary: 'Say what it is for: citizens are shown it.', days: 'A whole number of days, 1 to 3650.', variables: 'Choose at least one column.', form: 'Choose a form.', basis: 'Choose the ground.' },
    count: 'This asks for a count: people for whom all criteria hold.', table: 'Ask for a table instead: choose a dataset', tableTitle: 'New request for a table', tableOf: 'Ask for a table: {{title}}', tableLead: '{{name}} decides. A table leaves under an agreement, after its gate has measured the very bytes.',
    variables: 'Columns', variablesHint: 'Ask for what the purpose needs and no more (GDPR Art. 5(1)(c)).', identifying: 'What identifies stays with the holder: {{names}}.', safeguardsHint: 'What this organisation promises. Consents may depend on it.', returnsHint: 'What people get back. Some consents ask for it.',
    basis: { consent: 'Consent', consentHint: 'GDPR Art. 9(2)(a): people whose consent covers this use are included.', permit: 'Data permit of {{name}}', permitHint: 'EHDS Art. 68: the access body decides; those who opted out before are left out.' },
    look: 'Something is missing: see the marked fields above.',
  },
  cohort: {
    title: 'Cohort', hint: 'People for whom all of these hold.', hintTable: 'People for whom all of these hold. With none, everybody in the dataset who may be used.', add: 'Add a criterion', remove: 'Remove criterion', kind: 'Criterion', sex: 'Sex', from: 'Age from', to: 'Age to',
    kinds: { condition: 'Condition', observation: 'Observation', procedure: 'Procedure', medication: 'Medication', immunization: 'Immunisation', encounter: 'Encounter', allergy: 'Allergy', sex: 'Sex', age: 'Age today' },
    sexes: { female: 'female', male: 'male', other: 'other', unknown: 'unknown' },
    wrong: { code: 'Name a code.', system: 'Name its system by its address, such as http://snomed.info/sct.', age: 'Whole years from 0 to 150, the first no higher than the second.' },
  },
  catalogue: {
    none: 'No dataset is offered in this network yet.', title: 'Dataset', unread: 'The holder’s description has not come yet, or is not the one on the ledger.', summary: 'Summary', columns: 'Columns', since: 'Since', people: 'People', ask: 'Ask for a table', atLeast: '{{count}} or more', fewer: 'fewer than 10, or not said', countsOnly: 'This dataset gives counts and no table.', column: 'Column', role: 'Role', values: 'Values', missing: 'Missing',
  },
  formNames: { computation: 'Count', anonymised: 'Generalised table', pseudonymised: 'Pseudonymised table', identified: 'Records as they are' },
  formHints: { anonymised: 'Classes of several people each. Whether it is anonymous for you a person assesses (recital 26 GDPR); until then it is personal data.', pseudonymised: 'A row a person, under pseudonyms made for this agreement. Only under consent that names recipient and form; never under a permit (EHDS Art. 73).' },
  safeguardNames: { 'secure-processing-environment': 'Secure processing environment', 'ethics-approval': 'Approval by an ethics committee', 'named-persons-only': 'Access for named persons only', 'no-re-identification': 'No attempt to find out who people are', 'publication-of-results': 'Results made public within 18 months' },
  returnNames: { 'study-results': 'The results in plain words', 'own-findings': 'Findings that matter for a person’s own health', 'derived-data': 'Derived data, given back to the holder' },
  roleNames: { identifying: 'identifying', 'quasi-identifying': 'quasi-identifying', sensitive: 'sensitive', insensitive: 'insensitive' },
  valueNames: { text: 'text', number: 'number', date: 'date' },
  missingNames: { none: 'none', few: 'few', some: 'some', many: 'many' },
  clock: { left_one: '{{count}} day left', left_other: '{{count}} days left', over: 'over', answered: 'Answered', of: '{{some}} of {{all}}', waits_one: 'waits for {{count}} day', waits_other: 'waits for {{count}} days', ends: 'Ends', agreement: 'Agreement with {{name}}', agreementStates: { offered: 'offered by {{name}}: yours to accept', accepted: 'accepted by {{name}}', ended: 'ended by {{name}}' }, table: 'Table from {{name}}' },
  messages: {
    title: 'Messages', none: 'Nothing has been written about this request.', you: 'You', colleague: 'This organisation', to: 'To', write: 'Message', hint: 'Up to 4,000 characters, sealed to the other side. Write nothing about a person.', send: 'Send', empty: 'Write something first.', long: 'Characters too many: {{count}}.',
    delivery: { waiting: 'on its way', refused: 'refused by the other side', expired: 'given up: the other side could not be reached' },
  },
  holdings: {
    none: 'No table has been released to this organisation. Ask for one from the catalogue: once a holder accepts, its agreement stands here for you to accept.', offer: '{{name}} offers an agreement', offerText: 'Until {{date}}, for request', duties: 'With it this organisation promises:', accept: 'Accept the agreement', from: 'Table from {{name}} ({{form}})',
    dutyNames: { 'only-for-this-request': 'to use it for this request only', 'no-re-identification': 'not to find out who people are', 'no-onward-transfer': 'to give it to nobody', 'delete-at-the-end': 'to delete it at the end', 'answer-recalls': 'to answer each recall' },
    states: { offered: 'on its way', held: 'held', stopped: 'stopped: somebody withdrew', refused: 'refused: other bytes came', deleting: 'being deleted', deleted: 'deleted' }, agreement: 'Agreement', request: 'Request', fetch: 'Fetch', download: 'Download', delete: 'Delete with a receipt', sure: 'Delete it for good', end: 'End the agreement', endSure: 'End it, and delete the table', endText: 'This node deletes what it holds under it. Copies that you downloaded are yours to delete.', awaited: 'Agreed on {{date}}. {{name}} has not released a table yet; it comes by itself.', awaitedTitle: 'Agreement with {{name}}', ended: '{{name}} ended the agreement on {{date}}.', lapsed: 'The agreement ended on its day, {{date}}.',
    copies: 'This node deletes its own copy by itself. If you downloaded the table, delete every copy of yours too, backups and derived files with rows of people included, and then tell {{name}}.', declare: 'Tell that no copy is left', declareSure: 'Send it', declaration: 'Every copy that we downloaded of the table {{release}} is deleted, backups included.', declareText: 'This message goes to {{name}}, and stands with the messages of the request:', declared: 'You told {{name}} on {{date}} that no copy is left.', digest: 'SHA-256 of the bytes', verified: 'Verified, since', left: 'To be deleted by',
    assessed: 'Anonymous for this organisation until {{date}}, says the holder.', notAssessed: 'Nobody has assessed it as anonymous: treat it as personal data.', receipt: 'Receipt of the deletion', receiptText: 'Signed by this organisation; the holder has it, and a commitment to it stands on the ledger.', save: 'Save the receipt', duty: 'It is deleted by itself on that day. Delete your copies with it.',
  },
} as const

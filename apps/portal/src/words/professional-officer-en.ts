// Applications and permits in English: the officer's pages, and what applicant and holder see of them.
export const officer = {
  permit: {
    title: 'Permit', state: 'State', missing: 'What is missing', conditions: 'On condition of', noConditions: 'no condition', from: 'In force from', until: 'In force until', deliverBy: 'Holders deliver by', kind: 'Kind', held: 'How it is held', deliveries: 'Deliveries', id: 'Permit',
    states: { filed: 'to examine', complete: 'complete, to decide', incomplete: 'incomplete', closed: 'ended by its applicant', issued: 'permit in force', refused: 'refused', revoked: 'permit revoked', over: 'permit over' },
    steps: { filed: 'filed', amended: 'amended the application', complete: 'found it complete', incomplete: 'called it incomplete', closed: 'ended it', issued: 'issued a permit', refused: 'refused it', revoked: 'revoked the permit' },
    kinds: { 'data-permit': 'Data permit (EHDS Art. 68)', 'data-request': 'Approved request for statistics (EHDS Art. 69)' },
    form: { environment: 'In a secure processing environment alone (EHDS Art. 73)', assessed: 'At the data user, once a steward of the holder assessed it as anonymous', figure: 'At the data user, as a protected figure' },
    noEnvironment: 'This network has no secure processing environment: under this permit nothing leaves.',
    delivered: 'delivered {{date}}', due: 'not yet', late: 'late', asked: 'when it is asked', onLedger: 'Conditions come with the permit’s document; it has not arrived yet.',
    mustDeliver: '{{name}} decided. This holder has no answer to give: under its permit it delivers by {{date}} (EHDS Art. 60).', waits: '{{name}} decides on it. This holder is told; it has no answer to give (EHDS Art. 68).', isOver: '{{name}} decided: nothing is delivered (any more).',
  },
  officer: {
    none: 'No application has come yet. One comes by itself when a data user files a request under a permit and names this access body.', applicant: 'Applicant', holders: 'Holders', question: 'Who is asked about', everybody: 'Everybody in the dataset', received: 'Came',
    decide: 'Decision', decideLead: 'It goes on the ledger with its reason, and to everybody whom it names. You decide on the text above.', waiting: 'The applicant was told what is missing. An amended application comes up here by itself; you can also decide without waiting for it.', choose: 'What do you decide?', chooseError: 'Choose one of the three.', reasonError: 'Choose the reason.',
    acts: { issue: 'Issue a permit', incomplete: 'Call it incomplete', refuse: 'Refuse it' }, actHints: { issue: 'It is complete and meets the criteria (EHDS Art. 68(1)).', incomplete: 'The applicant is told what is missing and may amend it (EHDS Art. 68(4)).', refuse: 'It does not meet the criteria. A new application is possible.' },
    conditions: 'Conditions', conditionsHint: 'Marked are those that the applicant promises.', days: 'Days it holds', daysHint: 'At most until the use ends, on {{date}}.', deliver: 'Days holders have to deliver', deliverHint: 'At most three months (EHDS Art. 60(2)).', daysError: 'A whole number of days, 1 to {{most}}.', held: 'How what leaves is held', heldError: 'Choose one of the two.',
    because: 'Why, in your words', becauseHint: 'For the applicant and the holders. Write nothing about a person.', becauseError: 'Say why.', missing: 'What is missing', missingHint: 'For the applicant alone. Say what to add or to change.', missingError: 'Say what is missing.', reason: 'Reason',
    reasons: { PURPOSE_NOT_SHOWN: 'The purpose is not shown, or is none of Art. 53', DATA_NOT_NECESSARY: 'It asks for more than the purpose needs', SAFEGUARDS_TOO_WEAK: 'The safeguards are too weak', APPLICANT_NOT_ABLE: 'The applicant is not able to carry it out', PROHIBITED_PURPOSE: 'It is a prohibited use (Art. 54)' },
    revokeReasons: { CONDITIONS_BROKEN: 'The conditions were broken', PURPOSE_LEFT: 'The data were used for something else', NO_ANSWER_GIVEN: 'The user does not answer the access body', NO_LONGER_NEEDED: 'It is not needed any more' },
    submit: { issue: 'Issue the permit', incomplete: 'Send it back', refuse: 'Refuse the application' },
    revoke: 'Revoke the permit', revokeLead: 'Nothing leaves under it any more, from the moment the ledger has it. What was delivered stays with its recipient: tell it what to do (EHDS Art. 63).', revokeSure: 'Revoke it for good',
    lead: 'First those that wait for your decision, then those that went back to their applicant, then the rest.',
    lateLead: 'Holders deliver tables under your permits by the day that each permit names (EHDS Art. 60(2)). An answer to a count comes by itself when it is asked for.', late: 'Late', lateNone: 'No holder is late.', allPermits: 'All permits', permitsNone: 'No permit has been issued yet.',
  },
  amend: {
    title: 'Amend the application', lead: 'Change what is missing and send it again. Purpose, form, holders and end stand on the ledger: for others, file a new application.', link: 'Amend it', submit: 'Send the amended application', noneLeft: 'This application is not incomplete (any more).',
  },
} as const

// The errors of `consent`: a door that was asked to open without a decision that opens it.
import { defineErrors } from '@mhmd/base'

const askAgain = 'Resolve the request again; where the answer is no, it stays no.'

export const consentErrors = defineErrors('CONSENT', {
  NO_DECISION: {
    kind: 'forbidden',
    says: () => 'Personal data were asked for without a decision that this process made',
    remedy: 'Resolve the request against the decision engine in this process and pass on the very value it returned.',
  },
  OTHER_SUBJECT: { kind: 'forbidden', says: () => 'The decision does not cover this subject', remedy: askAgain },
  OTHER_FORM: { kind: 'forbidden', says: (d: { decided: string; asked: string }) => `The decision is for the form ${d.decided}, not ${d.asked}`, remedy: askAgain },
  OTHER_PURPOSE: { kind: 'forbidden', says: (d: { decided: string; asked: string }) => `The decision is for the purpose ${d.decided}, not ${d.asked}`, remedy: askAgain },
  DECISION_EXPIRED: { kind: 'forbidden', says: () => 'The decision is past its deadline, for this subject or as a whole', remedy: askAgain },
  DECISION_SUPERSEDED: { kind: 'forbidden', says: () => 'A withdrawal, an opt-out or doubt came after the decision', remedy: askAgain },
  BAD_TERM: { kind: 'invalid', says: (d: { what: string }) => `A decision can't be made: ${d.what} is not a moment or height in order`, remedy: 'Give the time of the decision, a later deadline, and the ledger height it holds for.' },
  NOT_A_DUTY: { kind: 'forbidden', says: () => 'Only a duty of the holder covers records of subjects not yet known', remedy: 'Resolve a cohort of named subjects.' },
})

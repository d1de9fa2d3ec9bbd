// The errors of `accounts`. They are shown to a citizen on her own device, so they say which group of a code to look at, and never what it should be.
import { defineErrors } from '@mhmd/base'

export const accountsErrors = defineErrors('ACCOUNTS', {
  BAD_SEED: { kind: 'invalid', says: () => 'An account seed has 32 bytes', remedy: 'Open the wrapped seed again with the recovery kit or the passkey.' },
  BAD_NAME: { kind: 'invalid', says: () => 'Not a member\'s id', remedy: 'A member\'s id is 2 to 31 lower-case letters, digits and hyphens, as in network.json.' },
  CODE_LENGTH: { kind: 'invalid', says: (d: { expected: number; given: number }) => `A recovery code has ${d.expected} characters; ${d.given} were typed`, remedy: 'Type all nine groups of four. Spaces and hyphens don\'t matter.' },
  CODE_CHARACTER: { kind: 'invalid', says: (d: { group: number }) => `Group ${d.group} holds a character that no recovery code has`, remedy: 'Codes hold the digits and the letters a to z without i, l, o and u; look at that group again.' },
  CODE_MISTYPED: { kind: 'invalid', says: () => 'The recovery code has a typing mistake somewhere', remedy: 'Compare each group with the paper; two characters may be swapped.' },
  BAD_WRAPPED_SEED: { kind: 'invalid', says: () => 'Not a wrapped seed', remedy: 'Fetch it from the account provider again.' },
  BAD_SECRET: { kind: 'invalid', says: (d: { kind: string; expected: number }) => `A ${d.kind} secret has ${d.expected} bytes`, remedy: 'Use the bytes of the recovery code, or the output of the passkey\'s PRF extension.' },
  WRONG_SECRET: { kind: 'forbidden', says: (d: { kind: string }) => `This ${d.kind} does not open this account`, remedy: 'Use the recovery kit or passkey that belongs to this account.' },
  NOT_ENROLLED: { kind: 'not-found', says: (d: { holder: string }) => `This device has no link with ${d.holder}`, remedy: 'Ask that holder for a link code and enrol first.' },
  ALREADY_ENROLLED: { kind: 'conflict', says: (d: { holder: string }) => `This device has a link with ${d.holder} already`, remedy: 'Use it, or replace its key.' },
  NOTHING_TO_WITHDRAW: { kind: 'conflict', says: (d: { holder: string }) => `Nothing stands at ${d.holder} that could be withdrawn`, remedy: 'Look at the present state first.' },
  BAD_STATEMENT: { kind: 'forbidden', says: (d: { member: string }) => `This statement was not signed by ${d.member}'s node`, remedy: 'Keep it, and tell the data protection officer of that member: somebody altered or invented it, or the member\'s key changed.' },
  TOO_LARGE_TO_RELAY: { kind: 'invalid', says: (d: { limit: number }) => `A decision of more than ${d.limit} bytes is not relayed`, remedy: 'Send it to the holder directly, or say the same in fewer terms.' },
  BAD_RELAYED: { kind: 'invalid', says: () => 'What was sealed is not a decision', remedy: 'Sign and seal it again with an up-to-date program.' },
})

// The errors of `client`: what can go wrong between a person's device and a node, beside what the node itself says.
import { defineErrors } from '@mhmd/base'

export const clientErrors = defineErrors('CLIENT', {
  UNREACHABLE: { kind: 'unavailable', says: (d: { address: string; name?: string | undefined }) => `${d.name === undefined ? d.address : `${d.name} (${d.address})`} cannot be reached`, remedy: 'Check the address and that the node runs; then try again. Nothing is lost: what was signed is kept on this device.' },
  ABORTED: { kind: 'unavailable', says: (d: { address: string }) => `The request to ${d.address} was given up`, remedy: 'Try again.' },
  BAD_ANSWER: { kind: 'unavailable', says: (d: { address: string; status: number }) => `${d.address} answered ${d.status} with something that is not the agreed form`, remedy: 'Check that the address is a node\'s people port, and its version.' },
  OTHER_NODE: { kind: 'forbidden', says: (d: { expected: string }) => `The node is not ${d.expected} of the network that this device has pinned`, remedy: 'Nothing was signed. Check the address, and compare the network\'s hash on both sides.' },
  OTHER_STATEMENT: { kind: 'forbidden', says: () => 'The node answered with another statement than the one that was signed', remedy: 'Nothing was sent on. Tell the holder; don\'t use the link code again.' },
  TERMS_OVER: { kind: 'invalid', says: () => 'The terms end before they begin, or have ended already', remedy: 'Nothing was signed. Set `until` to a later time (milliseconds since 1970).' },
  EARLIER_FIRST: { kind: 'unavailable', says: (d: { holder: string }) => `An earlier decision for ${d.holder} has to arrive first`, remedy: 'Send again once the other side can be reached.' },
  NOTHING_WRAPPED: { kind: 'not-found', says: () => 'The provider keeps no wrapped seed for this secret', remedy: 'Check the provider\'s address and the recovery code.' },
  NO_SUCH_MEMBER: { kind: 'not-found', says: (d: { member: string }) => `The directory lists no ${d.member}`, remedy: 'Check the name. The directory is fetched anew at each sign-in; the organisation may have left the network.' },
  BAD_NOTICE: { kind: 'forbidden', says: () => 'The notice\'s text does not have the hash that is named for it', remedy: 'Don\'t decide on it. Tell the holder.' },
})

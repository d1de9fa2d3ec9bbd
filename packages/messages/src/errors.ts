// The errors of `messages`. A refused signature never says more than which rule it broke.
import { defineErrors } from '@mhmd/base'

const signAgain = 'Sign the request again with a fresh nonce and the present time; check this device\'s clock.'

export const messagesErrors = defineErrors('MESSAGES', {
  REQUEST_NOT_SIGNED: { kind: 'unauthenticated', says: () => 'The request carries no signature', remedy: 'Sign it: Content-Digest, Signature-Input and Signature, as docs of packages/messages say.' },
  REQUEST_SIGNATURE_MALFORMED: { kind: 'unauthenticated', says: () => 'The signature headers are not of the profile used here', remedy: 'Cover "@method" "@authority" "@path" "@query" "content-digest", in this order, with created, expires, nonce, keyid and alg="ed25519".' },
  REQUEST_OUTSIDE_WINDOW: { kind: 'unauthenticated', says: () => 'The signature is too old, too far ahead, or lives too long', remedy: signAgain },
  REQUEST_DIGEST_MISMATCH: { kind: 'unauthenticated', says: () => 'The body is not the one that was signed', remedy: signAgain },
  REQUEST_WRONG_AUTHORITY: { kind: 'unauthenticated', says: () => 'The request was signed for another server', remedy: 'Sign for the address this server is known by.' },
  REQUEST_BAD_SIGNATURE: { kind: 'unauthenticated', says: () => 'The signature is not the named key\'s over this request', remedy: signAgain },
  REQUEST_REPLAYED: { kind: 'unauthenticated', says: () => 'The same signed request came before', remedy: signAgain },

  UNREADABLE: { kind: 'invalid', says: () => 'The bytes are not an envelope in canonical form', remedy: 'Send the canonical JSON of schemas/messages: exactly its members, sorted, without white space.' },
  TOO_LARGE: { kind: 'invalid', says: (d: { limit: number }) => `The envelope is larger than ${d.limit} bytes`, remedy: 'Send large contents by transfer, and name them in the message by digest.' },
  WRONG_NETWORK: { kind: 'invalid', says: () => 'The envelope belongs to another network', remedy: 'Compare the hash of network.json on both sides.' },
  WRONG_RECIPIENT: { kind: 'invalid', says: () => 'The envelope is addressed to another member', remedy: 'Send it to the member named in it.' },
  BAD_LIFE: { kind: 'invalid', says: (d: { limitDays: number }) => `An envelope lives for more than no time and at most ${d.limitDays} days`, remedy: 'Create the message anew with a shorter life.' },
  NOT_YET: { kind: 'unavailable', says: () => 'The envelope was created in this node\'s future', remedy: 'Compare the clocks of both nodes.' },
  EXPIRED: { kind: 'invalid', says: () => 'The envelope has expired', remedy: 'If it is still wanted, create the message anew.' },
  UNKNOWN_SENDER: { kind: 'forbidden', says: () => 'The sender is not an active member with a valid key', remedy: 'The sender must be admitted, and this node\'s ledger must be up to date.' },
  SENDER_MISMATCH: { kind: 'forbidden', says: () => 'The connection belongs to another member than the envelope', remedy: 'Each member delivers its own messages.' },
  BAD_SIGNATURE: { kind: 'forbidden', says: () => 'The envelope\'s signature is not its sender\'s', remedy: 'Check that the sender\'s signing key is the one on the ledger.' },
  ID_REUSED: { kind: 'conflict', says: () => 'Another message of the same sender has this id', remedy: 'Give each message an id of its own.' },
  UNKNOWN_KIND: { kind: 'not-found', says: (d: { kind: string }) => `Messages of kind ${d.kind} are not handled here`, remedy: 'Check the recipient\'s roles and version.' },
  BAD_ACKNOWLEDGEMENT: { kind: 'unavailable', says: () => 'The recipient\'s acknowledgement is not of this message', remedy: 'It is sent again; check the recipient\'s version.' },
})

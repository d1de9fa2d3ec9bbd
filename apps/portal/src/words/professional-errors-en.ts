// What went wrong, in English: each code that a page of staff can meet, what happened and what to do; others by their kind.
export const errors = {
  kinds: {
    unavailable: 'It could not be reached, or has no time now. Nothing is lost: try again.', unauthenticated: 'Your key is not known here. Sign in again.', forbidden: 'It was refused. Nothing was changed.', 'not-found': 'It is not there, or not for you to see.',
    conflict: 'Something else came first. Look at its present state.', invalid: 'Something in what was entered is not right. Nothing was changed.', bug: 'Something went wrong. Nothing was changed by this.',
  },
  codes: {
    NODE_STAFF_UNKNOWN: 'Your key belongs to nobody who works here. An administrator can invite you.', NODE_STAFF_ROLE: 'This needs a role that you don’t have. An administrator can give it to you.',
    NODE_BLIND: 'This node has not heard from the ledger, so its doors are closed. They open by themselves when it does.', NODE_BEHIND: 'Others hold more of the ledger than this node is shown, so its doors are closed.', NODE_FORKED: 'The ledger showed two histories. Doors are closed for good: an administrator has to look at both.',
    NODE_NOT_FOUND: 'It is not there, or not for you to see. Check the address.', NODE_BAD_INPUT: 'Something in what was entered is not right. Look at the fields again.', NODE_STATE: 'It is not in a state for this: it was moved meanwhile. Look at it again.',
    NODE_DRAFT_CHANGED: 'This draft was changed in another window since this one read it. Your last change is not kept: load the page again, then make it.',
    NODE_DATASET_CHANGED: 'This dataset has changed since the version that this draft began from, so nothing was offered and your draft is as it was. Look at the dataset as it is now, begin its next version from there and make your changes in it.',
    NODE_NO_AGREEMENT: 'No agreement is in force under which this table may leave. Offer one; the recipient accepts it.', NODE_PERMIT_NOT_IN_FORCE: 'No permit for this is in force: it is not decided, revoked or over. The access body issues permits.', NODE_CHANGED_MEANWHILE: 'Somebody decided otherwise meanwhile. Nothing left; it starts over without her.',
    NODE_FILE_EMPTY: 'This file holds no resource: it is white space, or bundles without entries. Export it again and look into it before it is sent.',
    NODE_BUSY: 'This node carries as much as it can just now. Try again in a minute.', NODE_TOO_MANY: 'That was too often. Wait a moment.', NODE_SESSION_OVER: 'Your session is over. Sign in again; nothing is lost.', NODE_SESSION_ELSEWHERE: 'A session holds for this node’s own pages alone.', NODE_CSRF: 'This page is old. Reload it and try again.', NODE_SIGNATURE_NEEDED: 'This needs your signature: use your passkey.',
    NODE_INVITATION: 'This invitation is unknown, used or over. Ask for a new one.', NODE_NOT_YET: 'It does not stand on the ledger yet, or something it needs is still to come. It is tried again by itself.', NODE_TRANSFER_BROKEN: 'The holder gave other bytes than it offered. Ask it.', NODE_DIGEST_MISMATCH: 'The bytes that came are not those that were offered. Nothing of them is kept.',
    NODE_LEDGER_REFUSED: 'The contracts refused it. Nothing was recorded: look at its present state.', NODE_RECORD_MISMATCH: 'What was signed does not fit any more. Reload the page and sign anew.', NODE_SUBJECT_UNKNOWN: 'There is no such person here. Check the number and its system.', NODE_NO_ANALYTICS: 'This node keeps no tables of the ledger. Its operator can switch them on.', NODE_LINK_CODE: 'This link code is unknown, used or over.',
  },
} as const

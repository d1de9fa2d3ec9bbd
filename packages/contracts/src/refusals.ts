// Every refusal a contract can give: its code, what it says, and what the reader can do. The engine's own codes are its own.
import { refused } from '@mhmd/base'

const table = {
  BAD_TRANSACTION: ['The transaction is not well-formed', 'Check its members against the schema TransactionShape.'],
  UNKNOWN: ['No contract has this name and version', 'Use one of contractsTable.'],
  OPERATION_UNKNOWN: ['The contract has no such operation', 'Look the operation up in the README of contracts.'],
  BAD_PAYLOAD: ['The payload does not have the shape of this operation', 'Check it against the schema of the operation in packages/schema.'],
  NO_NETWORK: ['The ledger holds no network yet', 'Submit genesis first.'],
  NETWORK_EXISTS: ['The ledger already holds a network', 'A ledger has one genesis; start another ledger for another network.'],
  WRONG_NETWORK: ['The transaction or a statement in it was made for another network', 'Sign it anew for this network’s id.'],
  OPERATION_DONE: ['This operation id has taken effect already', 'Nothing is left to do; ask for its receipt. A new act needs a new id.'],
  OTHER_OPERATION: ['The statement carries another operation id than the transaction', 'Submit a signed statement under its own operation id.'],
  BAD_SIGNATURE: ['A signature does not hold', 'Sign the canonical bytes of exactly this statement with the key it names.'],
  NOT_A_MEMBER: ['The member is not a member of the network', 'Apply and be admitted first.'],
  MEMBER_SUSPENDED: ['The member is suspended', 'Ask the members to reinstate it.'],
  KEY_NOT_VALID: ['The key is not the one on record, or its validity does not cover this time', 'Use the present key; rotate it before it runs out.'],
  ROLE_MISSING: ['The member does not have the role that this takes', 'Ask a member who has the role.'],
  NOT_YOURS: ['Only the member named may do this', 'Submit it as that member.'],
  OWN_CASE: ['A member has no vote in its own case', 'Other members decide.'],
  DUPLICATE: ['Something that must be distinct stands there twice', 'Name each once.'],
  BAD_QUORUM: ['The quorum is more than the founders there are', 'Choose a quorum that the founders can reach.'],
  BAD_VALIDITY: ['The validity is empty, or a new record does not begin as active at version 1', 'Correct validFrom, validUntil, state and version.'],
  MEMBER_EXISTS: ['The member id is taken', 'Apply under another id, or rotate the existing record.'],
  APPLICATION_UNKNOWN: ['No such application is proposed', 'Propose it first, and admit the digest as proposed.'],
  ALREADY_VOTED: ['The member has voted on this already', 'Wait for other members.'],
  NOT_SUSPENDED: ['The member is not suspended', 'There is nothing to reinstate.'],
  KEY_PROOF_MISSING: ['A new signing key comes without its own signature', 'Sign the rotation with the new key too.'],
  KEY_TAKEN: ['The key is or was another’s', 'Make a fresh key.'],
  VERSION_CONFLICT: ['The version is not the one after the present', 'Read the state, and sign the next version.'],
  STATEMENT_EXPIRED: ['The statement’s time is over', 'Sign a new one with a later expiry.'],
  SUBJECT_EXISTS: ['The subject has a key already', 'Replace the key, or enrol under a fresh subject.'],
  SUBJECT_UNKNOWN: ['The holder has no key for this subject', 'Enrol a key first, or declare at the holder’s desk.'],
  SUBJECT_CLOSED: ['The subject is closed', 'Enrol under a fresh subject; an opt-out can be declared at the desk.'],
  NOT_HER_KEY: ['The key is not the one that speaks for this subject', 'Sign with the key on record, or replace it by the recovery path.'],
  SUBJECT_DECIDED: ['She has decided this herself', 'A desk cannot change it; she can. An opt-out is taken at the desk unless hers stands.'],
  NOT_STAFF: ['A staff key is not registered and active at this holder', 'Register the key with participants staff.'],
  NOTHING_TO_WITHDRAW: ['There is no desk declaration in force to withdraw', 'Read the state first.'],
  BATCH_SAME_KEY: ['An earlier item of the batch is about the same subject', 'Submit it in the next batch.'],
  REQUEST_EXISTS: ['The request id is taken', 'Make a fresh id.'],
  REQUEST_UNKNOWN: ['There is no such request', 'Check the id.'],
  REQUEST_CLOSED: ['The request is closed, or its time is over', 'File a new one.'],
  NOT_ADDRESSED: ['The request does not name this holder', 'Ask the requester to file one that does.'],
  HOLDER_UNKNOWN: ['A holder named is not an active data holder', 'Name data holders of this network.'],
  NO_ACCEPTED_REQUEST: ['The holder has not accepted this request', 'Accept it before anything is released.'],
  FORM_MISMATCH: ['The release has another form than the request', 'Release in the form that was accepted.'],
  RELEASE_EXISTS: ['The release id is taken', 'Make a fresh id.'],
  AUTHORITY_MISMATCH: ['A request names an access body exactly where it rests on a permit', 'Name the access body for the basis permit, and none for any other.'],
  AUTHORITY_UNKNOWN: ['The access body named is not an active access body', 'Name an access body of this network.'],
  AUTHORITY_DECIDES: ['An access body decides on this request, not the holders', 'Deliver under its permit; a holder has no answer to give.'],
  CONTENT_CHANGED: ['The request was amended meanwhile', 'Read it again and decide on what it says now.'],
  NOT_INCOMPLETE: ['Nobody called the request incomplete, or a holder has accepted it as it is', 'File a new request for something else.'],
  NOT_COMPLETE: ['The access body has not found the request complete', 'Examine it first.'],
  PERMIT_DECIDED: ['The access body has decided on this request', 'A permit can be revoked; another decision takes a new request.'],
  PERMIT_PERIOD: ['The permit’s period is empty, over, or longer than the request', 'Correct from and until.'],
  PERMIT_NOT_IN_FORCE: ['No permit for this request is in force at this time', 'Wait for the access body’s permit, or for its period.'],
  AGREEMENT_STANDS: ['An agreement for this request stands', 'End it before another is offered.'],
  AGREEMENT_NOT_OFFERED: ['No such agreement is on offer', 'Read the state; the holder offers, within the request’s time.'],
  AGREEMENT_UNKNOWN: ['There is no such agreement, or it has ended', 'Check its id and its state.'],
  NO_AGREEMENT: ['Holder and requester have no agreement in force for what would leave', 'Offer one and have it accepted.'],
  FORM_NOT_UNDER_PERMIT: ['A permit lets no table under pseudonyms leave', 'Use a secure processing environment, or a form that exposes less.'],
  RELEASE_UNKNOWN: ['There is no such release', 'Check request, holder and release.'],
  OTHER_RECIPIENT: ['The assessment is for another recipient than the release', 'Assess it for the requester of the request.'],
  DELETION_RECORDED: ['The deletion stands on the ledger already', 'Nothing is left to do.'],
  PRIVATE_EXISTS: ['This private value was put already', 'Put a value that begins with fresh random bytes.'],
  PRIVATE_UNKNOWN: ['There is no such private value', 'Check the hash; a purged value stays purged.'],
} as const satisfies Record<string, readonly [says: string, remedy: string]>

export type RefusalName = keyof typeof table
export type RefusalCode = `CONTRACT_${RefusalName}`

/** A refusal with its code and nothing else: all a contract knows stands on the ledger for the members, and in no message. */
export const refuse = (name: RefusalName) => refused(`CONTRACT_${name}`)

/** Code, meaning and remedy of every refusal, for the error reference and for whoever shows one. */
export const refusalTable: Readonly<Record<RefusalCode, { readonly says: string; readonly remedy: string }>> = Object.fromEntries(
  Object.entries(table).map(([name, [says, remedy]]) => [`CONTRACT_${name}`, { says, remedy }]),
) as Record<RefusalCode, { says: string; remedy: string }>

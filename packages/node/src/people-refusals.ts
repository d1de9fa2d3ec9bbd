// Refusals of the people interface: those that follow from what a route declares, and the groups that routes name.

const signature = ['REQUEST_NOT_SIGNED', 'REQUEST_SIGNATURE_MALFORMED', 'REQUEST_OUTSIDE_WINDOW', 'REQUEST_DIGEST_MISMATCH', 'REQUEST_WRONG_AUTHORITY', 'REQUEST_BAD_SIGNATURE', 'REQUEST_REPLAYED'].map((code) => `MESSAGES_${code}`)
const input = ['SCHEMA_NOT_VALID']
const transport = ['BAD_JSON', 'TOO_DEEP', 'MEDIA_TYPE', 'BODY_TOO_LARGE', 'BAD_REQUEST'].map((code) => `TRANSPORT_${code}`)
const session = ['NODE_SESSION_OVER', 'NODE_SESSION_ELSEWHERE', 'NODE_CSRF', 'NODE_SIGNATURE_NEEDED']
const staff = ['NODE_STAFF_UNKNOWN', 'NODE_STAFF_ROLE']
/** Of what opens a door, which names the first: the holder must see the ledger. */
const sight = ['NODE_BLIND', 'NODE_BEHIND', 'NODE_FORKED']
/** What time mends. */
const outages = ['NODE_TOO_MANY', 'STORE_UNAVAILABLE', 'STORE_CONFLICT', 'STORE_CLOSED']

/** Of what goes on the ledger before it is answered. */
export const ledgerRefusals = ['NODE_LEDGER_REFUSED', ...['UNAVAILABLE', 'BUSY', 'NOT_YET', 'CLOSED', 'FORKED', 'FALSE_BLOCK', 'TIME_OUTSIDE_WINDOW', 'WRITE_CONFLICT', 'FORBIDDEN', 'BAD_TRANSACTION'].map((code) => `LEDGER_${code}`)]
/** Of what a citizen asks for with the key she is known by here. */
export const citizenRefusals = ['NODE_KEY_UNKNOWN']

/** Every code with which a route may refuse. */
export function refusalsOf({ roles, refusals, path, ...inputs }: { readonly roles: readonly string[]; readonly path: string; readonly body?: unknown; readonly query?: unknown; readonly headers?: unknown; readonly refusals: readonly string[] }): ReadonlySet<string> {
  const isPublic = roles.includes('public')
  const hasInput = [inputs.body, inputs.query, inputs.headers].some((document) => document !== undefined)
  return new Set([
    ...(isPublic ? [] : [...signature, ...session]), ...transport, ...outages,
    ...(hasInput ? input : []),
    ...(path.includes(':') ? ['NODE_NOT_FOUND'] : []),
    ...(roles.some((role) => ['public', 'anyone', 'citizen'].includes(role)) ? [] : staff),
    ...refusals, ...(refusals.includes('NODE_BLIND') ? sight : []),
  ])
}

// The errors of `transport-https`: what can go wrong between two processes before a handler sees a request.
import { defineErrors } from '@mhmd/base'

export const transportErrors = defineErrors('TRANSPORT', {
  PORT_TAKEN: { kind: 'conflict', says: (d: { host: string; port: number }) => `Another process listens on ${d.host}:${d.port}`, remedy: 'Stop that process, or give this one another port.' },
  CANNOT_LISTEN: { kind: 'unavailable', says: (d: { host: string; port: number; reason: string }) => `Listening on ${d.host}:${d.port} failed: ${d.reason}`, remedy: 'Check that the address belongs to this machine and that the port may be used by this account.' },
  PLAIN_HTTP_REFUSED: { kind: 'invalid', says: (d: { host: string }) => `Plain http is not served on ${d.host}`, remedy: 'Give the people port a certificate, or bind it to a loopback address behind a proxy that speaks TLS.' },
  BAD_CERTIFICATE_REQUEST: { kind: 'invalid', says: (d: { field: string }) => `A certificate cannot be made with this ${d.field}`, remedy: 'An organisation has 1 to 64 characters, a server name is a DNS name, a life is at least one day.' },
  BAD_CERTIFICATE: { kind: 'invalid', says: (d: { what: string }) => `Not a ${d.what} in PEM form`, remedy: 'Check that the file was copied whole, with its BEGIN and END lines.' },
  NO_SUCH_MEMBER: { kind: 'unavailable', says: (d: { member: string }) => `This node knows no active member ${d.member}`, remedy: 'Wait until the ledger shows it admitted, or check its id.' },
  PEER_NOT_LISTED: { kind: 'forbidden', says: (d: { pin: string }) => `No active member lists the certificate key ${d.pin}`, remedy: 'Register the key on the ledger with participants@1 rotate, or join the network first.' },
  PEER_CERTIFICATE_EXPIRED: { kind: 'unauthenticated', says: (d: { pin: string }) => `The certificate with the key ${d.pin} is outside its validity`, remedy: 'Issue a new node certificate from your own authority.' },
  PEER_REFUSED_US: { kind: 'forbidden', says: (d: { endpoint: string; reason: string }) => `${d.endpoint} refused this node's certificate (${d.reason})`, remedy: 'Check that this node was admitted, that its authority is the one on the ledger, and that its certificate has not expired.' },
  PEER_NOT_TRUSTED: { kind: 'forbidden', says: (d: { endpoint: string; reason: string }) => `${d.endpoint} did not show a certificate of the expected member (${d.reason})`, remedy: 'Nothing was sent. Check the endpoint and the TLS keys that the member has on the ledger.' },
  PEER_UNREACHABLE: { kind: 'unavailable', says: (d: { endpoint: string; reason: string }) => `${d.endpoint} cannot be reached (${d.reason})`, remedy: 'Try again; whether the request arrived is unknown, so repeat it with the same ids.' },
  ABORTED: { kind: 'unavailable', says: (d: { endpoint: string }) => `The request to ${d.endpoint} was given up by this side`, remedy: 'Try again; whether the request arrived is unknown, so repeat it with the same ids.' },
  BAD_ANSWER: { kind: 'unavailable', says: (d: { endpoint: string; status: number }) => `${d.endpoint} answered ${d.status} with something that is not the agreed form`, remedy: 'Check that the address is a node of this network, and its version.' },
  ANSWER_TOO_LARGE: { kind: 'unavailable', says: (d: { endpoint: string; limit: number }) => `${d.endpoint} answered more than ${d.limit} bytes`, remedy: 'Ask for less, or by stream.' },
  BODY_TOO_LARGE: { kind: 'invalid', says: (d: { limit: number }) => `The body is larger than ${d.limit} bytes`, remedy: 'Send less at once.' },
  BAD_JSON: { kind: 'invalid', says: () => 'The body is not JSON in UTF-8', remedy: 'Check the body and its encoding; an empty body is not JSON.' },
  TOO_DEEP: { kind: 'invalid', says: (d: { limit: number }) => `The body is nested more than ${d.limit} levels deep`, remedy: 'Send a flatter document.' },
  MEDIA_TYPE: { kind: 'invalid', says: () => 'The body has a media type that is not accepted here', remedy: 'Send application/json, application/x-ndjson or application/octet-stream.' },
  BAD_REQUEST: { kind: 'invalid', says: () => 'The request is not one this server understands', remedy: 'Check method, path and headers.' },
  NO_SUCH_PATH: { kind: 'not-found', says: () => 'There is nothing at this address', remedy: 'A node answers for its own roles only: a hospital takes no requests to file, a data user no records. Check the profile or holder you named against `mhmd member list`, then path and version.' },
})

// The errors of every ledger engine, its client, the follower and the replay.
import { defineErrors } from '@mhmd/base'

export const ledgerErrors = defineErrors('LEDGER', {
  UNAVAILABLE: { kind: 'unavailable', says: (d: { reason: string }) => `The ledger did not answer: ${d.reason}`, remedy: 'The outcome is unknown. Ask for it by the operation id, or submit the same operation id again: it takes effect once.' },
  BUSY: { kind: 'unavailable', says: (d: { waiting: number }) => `The ledger has ${d.waiting} transactions waiting and takes no more`, remedy: 'Submit the same operation id again a little later.' },
  WRITE_CONFLICT: { kind: 'conflict', says: (d: { operationId: string; attempts: number }) => `Operation ${d.operationId} met other writes to what it had read ${d.attempts} times`, remedy: 'Read the state again and resubmit.' },
  FORBIDDEN: { kind: 'forbidden', says: (d: { member: string }) => `Member ${d.member} may not do this on the ledger`, remedy: 'Submit as the member that the connection is authenticated as.' },
  TIME_OUTSIDE_WINDOW: { kind: 'invalid', says: (d: { operationId: string; skewSeconds: number }) => `The time of operation ${d.operationId} is ${d.skewSeconds} s away from the ledger's clock`, remedy: 'Set the clock of the machine, then sign the transaction again with the time of now.' },
  BAD_TRANSACTION: { kind: 'invalid', says: (d: { why: string }) => `Not a transaction: ${d.why}`, remedy: 'Build it with `signTransaction` of @mhmd/contracts.' },
  BAD_REQUEST: { kind: 'invalid', says: (d: { what: string }) => `The request's ${d.what} is not of the agreed form`, remedy: 'Use the ledger client of the same version.' },
  BAD_PRIVATE_VALUE: { kind: 'invalid', says: (d: { why: string }) => `The private value does not go with its transaction: ${d.why}`, remedy: 'Submit it with the `private@1 put` transaction that names its hashes, and start it with 16 fresh random bytes.' },
  FOLDER_IN_USE: { kind: 'conflict', says: (d: { folder: string }) => `Another process runs the ledger in ${d.folder}`, remedy: 'Stop the other process, or give this one a folder of its own.' },
  FOLDER_UNUSABLE: { kind: 'unavailable', says: (d: { folder: string; reason: string }) => `The ledger's folder ${d.folder} cannot be used: ${d.reason}`, remedy: 'Check that the folder exists, is writable and the disk has room; with damaged files, run `mhmd ledger repair`.' },
  OTHER_NETWORK: { kind: 'conflict', says: (d: { expected: string; found: string }) => `The folder holds the ledger of network ${d.found}, not ${d.expected}`, remedy: 'Start it with the network.json it was made with.' },
  CORRUPT_BLOCK: { kind: 'unavailable', says: (d: { height: number; why: string }) => `Block ${d.height} is damaged: ${d.why}`, remedy: 'Stop the ledger and run `mhmd ledger repair`, with `--blocks` and an export of a copy where one is damaged; followers keep what they have already checked.' },
  CORRUPT_STATE: { kind: 'unavailable', says: (d: { why: string }) => `The ledger's state is damaged: ${d.why}`, remedy: 'Stop the ledger, then rebuild the state from the blocks with `mhmd ledger repair`.' },
  BLOCKS_LOST: { kind: 'unavailable', says: (d: { height: number }) => `Block ${d.height} is damaged or missing, here and in what else was given`, remedy: 'Nothing was changed. Export the blocks of a copy of the folder with `mhmd ledger export`, and give the file to `mhmd ledger repair --blocks`.' },
  CLOSED: { kind: 'unavailable', says: () => 'The ledger is closed', remedy: 'Start it again; nothing that was acknowledged is lost.' },
  FORKED: { kind: 'conflict', says: (d: { height: number; expected: string; found: string }) => `The ledger shows another history: at height ${d.height} this node holds ${d.expected} and was given ${d.found}`, remedy: 'Doors stay closed. Both versions are kept: show them to the other members, who compare their checkpoints, and settle which ledger goes on.' },
  FALSE_BLOCK: { kind: 'conflict', says: (d: { height: number; finding: string }) => `Block ${d.height} claims effects that the contracts do not give (${d.finding})`, remedy: 'Doors stay closed. The block is kept as evidence: show it to the other members; whoever orders the blocks made it up, or its software is another version.' },
  NOT_YET: { kind: 'unavailable', says: (d: { awaited: string; timeoutMs: number }) => `${d.awaited} was not reached within ${d.timeoutMs} ms`, remedy: 'Check that the ledger runs and is reachable, then wait again.' },
  NOT_IN_LOG: { kind: 'not-found', says: (d: { what: string }) => `The derived log holds no ${d.what}`, remedy: 'Check the id, and that the follower has reached its height.' },
})

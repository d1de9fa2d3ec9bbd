// The errors of the Fabric engine: its programs, its network, its client.
import { defineErrors } from '@mhmd/base'

export const fabricErrors = defineErrors('FABRIC', {
  NO_GO: { kind: 'unavailable', says: () => 'Go is not installed, and the programs of Hyperledger Fabric are built with it', remedy: 'Install Go 1.24 or newer and run the same command again, or use the embedded ledger (the default), which needs nothing.' },
  BUILD_FAILED: { kind: 'unavailable', says: (d: { why: string }) => `The programs of Hyperledger Fabric could not be built: ${d.why}`, remedy: 'Check that the Go module proxy can be reached and that the disk has 2 GB of room, then run the same command again.' },
  PROGRAM_FAILED: { kind: 'unavailable', says: (d: { program: string; why: string }) => `${d.program} failed: ${d.why}`, remedy: 'The program\'s own log in the network\'s folder says more. Mend the cause and start again on the same folder.' },
  NOT_READY: { kind: 'unavailable', says: (d: { what: string; seconds: number }) => `${d.what} was not ready within ${d.seconds} s`, remedy: 'See its log in the network\'s folder; a port that another program holds is the commonest cause.' },
  NO_NETWORK: { kind: 'not-found', says: (d: { folder: string }) => `${d.folder} holds no Fabric network`, remedy: 'Name the folder in which plan.json lies: with npm start it is the folder fabric of the network\'s.' },
  NO_MEMBER: { kind: 'not-found', says: (d: { member: string; what: string }) => `${d.member} has no ${d.what} on this network`, remedy: 'See who has with: mhmd network status.' },
  ALREADY_MEMBER: { kind: 'conflict', says: (d: { member: string }) => `${d.member} takes part already`, remedy: 'Nothing has to be done. See who takes part with: mhmd network status.' },
  RUNNING: { kind: 'conflict', says: (d: { folder: string }) => `The network in ${d.folder} is running`, remedy: 'Stop the program that runs it, then run the same command again: it starts the network, makes the change and stops it.' },
  NOT_RUNNING: { kind: 'unavailable', says: (d: { folder: string }) => `No peer of the network in ${d.folder} answers`, remedy: 'Start it (npm start -- --ledger fabric), then ask again.' },
  PORT_TAKEN: { kind: 'unavailable', says: (d: { port: number; what: string }) => `Port ${d.port}, which ${d.what} needs, is held by another program`, remedy: 'Stop that program, or wait until it has ended, then run the same command again.' },
  BAD_NAME: { kind: 'invalid', says: (d: { member: string }) => `${JSON.stringify(d.member)} is no member's id`, remedy: 'Take the id that the organisation has in the participants contract: small letters, digits and hyphens, at most 31.' },
  TOO_FEW_PEERS: { kind: 'conflict', says: (d: { left: number }) => `Only ${d.left} organisation with a peer would be left, and its word alone would be law`, remedy: 'Add another organisation first with: mhmd network add-organisation.' },
  TOO_FEW_ORDERERS: { kind: 'conflict', says: (d: { left: number }) => `${d.left} orderers would be left, and fewer than four can't bear that one of them fails or lies`, remedy: 'Add another organisation\'s orderer first with: mhmd network add-orderer.' },
  ORDERERS_AWAY: { kind: 'unavailable', says: (d: { ready: number; needed: number }) => `Of the orderers that would be left ${d.ready} are there, and ${d.needed} must be to sign a block`, remedy: 'Start the others and wait until mhmd network status shows no lag, then run the same command again.' },
  FOLDER_TAKEN: { kind: 'conflict', says: (d: { folder: string }) => `${d.folder} is there already`, remedy: 'Name a folder that isn\'t there yet; copies are never overwritten.' },
  NO_COPY: { kind: 'not-found', says: (d: { folder: string; what: string }) => `${d.folder} holds no ${d.what}`, remedy: 'Name the folder that mhmd network backup wrote, or that mhmd network snapshot printed.' },
  TIME_OUTSIDE_WINDOW: { kind: 'invalid', says: () => 'The transaction\'s time lies more than five minutes from the proposal\'s', remedy: 'Set the clock of the machine, then sign the transaction again with the time of now.' },
})

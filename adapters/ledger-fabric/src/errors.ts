// The errors of the Fabric engine: its programs, its network, its client.
import { defineErrors } from '@mhmd/base'

export const fabricErrors = defineErrors('FABRIC', {
  NO_GO: { kind: 'unavailable', says: () => 'Go is not installed, and the programs of Hyperledger Fabric are built with it', remedy: 'Install Go 1.24 or newer and run the same command again, or use the embedded ledger (the default), which needs nothing.' },
  BUILD_FAILED: { kind: 'unavailable', says: (d: { why: string }) => `The programs of Hyperledger Fabric could not be built: ${d.why}`, remedy: 'Check that the Go module proxy can be reached and that the disk has 2 GB of room, then run the same command again.' },
  PROGRAM_FAILED: { kind: 'unavailable', says: (d: { program: string; why: string }) => `${d.program} failed: ${d.why}`, remedy: 'The program\'s own log in the network\'s folder says more. Mend the cause and start again on the same folder.' },
  NOT_READY: { kind: 'unavailable', says: (d: { what: string; seconds: number }) => `${d.what} was not ready within ${d.seconds} s`, remedy: 'See its log in the network\'s folder; a port that another program holds is the commonest cause.' },
  TIME_OUTSIDE_WINDOW: { kind: 'invalid', says: () => 'The transaction\'s time lies more than five minutes from the proposal\'s', remedy: 'Set the clock of the machine, then sign the transaction again with the time of now.' },
})

// The errors of a witness: what a request can lack, by the answers of C2SP tlog-witness, and what its folder can.
import { defineErrors } from '@mhmd/base'

export const witnessErrors = defineErrors('WITNESS', {
  BAD_REQUEST: { kind: 'invalid', says: (d: { what: string }) => `This is no request to add a checkpoint: ${d.what}`, remedy: 'Send it as C2SP tlog-witness says: old size, proof, an empty line, the checkpoint\'s note.' },
  UNKNOWN_LOG: { kind: 'not-found', says: () => 'This witness does not know the log that the checkpoint names', remedy: 'Whoever runs the witness adds the log with `mhmd-witness trust`.' },
  NOT_SIGNED: { kind: 'forbidden', says: (d: { valid: number; quorum: number }) => `${d.valid} of the ${d.quorum} signatures that this witness asks for are there, or one of them does not hold`, remedy: 'Gather the signatures of more members over this checkpoint, and send it again.' },
  STALE: { kind: 'conflict', says: (d: { size: number }) => `This witness cosigned size ${d.size} last, not the old size of the request`, remedy: 'Send the consistency proof from that size.' },
  INCONSISTENT: { kind: 'conflict', says: (d: { size: number }) => `The checkpoint does not continue the log of size ${d.size} that this witness cosigned`, remedy: 'Check the proof. If it is right, there are two histories: compare with the checkpoint that this witness shows, and tell the other members.' },
  FOLDER_EXISTS: { kind: 'conflict', says: (d: { home: string }) => `There is a witness in ${d.home} already`, remedy: 'Use another folder; keys are never overwritten.' },
  FOLDER_MISSING: { kind: 'invalid', says: (d: { home: string }) => `There is no witness in ${d.home}`, remedy: 'Make one with `mhmd-witness init`.' },
  FOLDER_UNUSABLE: { kind: 'unavailable', says: (d: { home: string; what: string }) => `The witness in ${d.home} can't be used: ${d.what}`, remedy: 'Check that the disk has room and that the files are whole. Never start it from an older copy: it would cosign what it must not.' },
  BAD_ROOTS: { kind: 'invalid', says: (d: { why: string }) => `The log can't be added: ${d.why}`, remedy: 'Give the network\'s network.json, or a file of trust roots made by `mhmd roots`.' },
  BAD_OPTION: { kind: 'invalid', says: (d: { why: string }) => d.why, remedy: 'See `mhmd-witness --help`.' },
  PORT_TAKEN: { kind: 'unavailable', says: (d: { port: number }) => `Port ${d.port} is in use`, remedy: 'Stop what uses it, or change `port` in witness.json.' },
})

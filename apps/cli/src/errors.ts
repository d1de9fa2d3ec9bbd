// The errors of the command line: what can be wrong before anything is sent.
import { defineErrors } from '@mhmd/base'

export const cliErrors = defineErrors('CLI', {
  FILE_MISSING: { kind: 'invalid', says: (d: { file: string }) => `The file ${d.file} is not there or can't be read`, remedy: 'Check the path.' },
  FILE_UNUSABLE: { kind: 'invalid', says: (d: { file: string; why: string }) => `${d.file} can't be used (${d.why})`, remedy: 'Name a file where a file is wanted, in a folder that is there, that you may write to and whose disk has room.' },
  SAME_FILE: { kind: 'conflict', says: (d: { option: string; file: string; other: string }) => `${d.option} names ${d.file}, which ${d.other}`, remedy: 'Name another file; nothing was written.' },
  FILE_EXISTS: { kind: 'conflict', says: (d: { file: string }) => `The file ${d.file} is there already`, remedy: 'Choose another name; keys are never overwritten.' },
  NOT_JSON: { kind: 'invalid', says: (d: { file: string }) => `The file ${d.file} is not JSON`, remedy: 'Check that it was copied whole.' },
  BAD_KEY_FILE: { kind: 'invalid', says: (d: { file: string }) => `The file ${d.file} holds no key`, remedy: 'Make one with `mhmd key new --out FILE`.' },
  BAD_OPTION: { kind: 'invalid', says: (d: { option: string; why: string }) => `${d.option}: ${d.why}`, remedy: 'See `mhmd COMMAND --help`.' },
  USAGE: { kind: 'invalid', says: (d: { why: string }) => d.why, remedy: 'See `mhmd COMMAND --help`.' },
  NO_PROFILE: { kind: 'invalid', says: () => 'Nobody to act as was named', remedy: 'Give `--profile FILE` (a JSON file with `node` and `keyFile`), or set MHMD_PROFILE.' },
  LEDGER_REFUSED: { kind: 'conflict', says: (d: { refusal: string }) => `The ledger refused it (${d.refusal})`, remedy: 'It has no effect on the ledger. See the code in docs/reference/errors.md.' },
  NOT_PROVEN: { kind: 'forbidden', says: (d: { refusal: string; says: string }) => `NOT PROVEN (${d.refusal}): ${d.says}`, remedy: 'Do not rely on it. The code is explained in docs/reference/errors.md; ask another member for a proof of the same operation.' },
  BAD_ROOTS: { kind: 'invalid', says: (d: { file: string; why: string }) => `${d.file} can't be believed by: ${d.why}`, remedy: 'Give the network.json that you got from somebody you trust, or a file made of it by `mhmd roots`.' },
  BAD_POLICY: { kind: 'invalid', says: (d: { file: string; why: string }) => `${d.file} is no policy of witnesses: ${d.why}`, remedy: 'Write it as C2SP tlog-policy says: witness and group lines, then one quorum line. `mhmd-witness init` prints the line of a witness.' },
  NOT_WITNESSED: { kind: 'unavailable', says: (d: { operation: string; seconds: number }) => `Within ${d.seconds} s no quorum of witnesses cosigned a checkpoint that holds operation ${d.operation}`, remedy: 'Nothing was written. Ask again later, or with a longer --wait; if it stays so, ask another member whether the ledger shows it the same history.' },
  JOB_CANCELLED: { kind: 'conflict', says: (d: { job: string }) => `The job ${d.job} was cancelled before its end`, remedy: 'What it had made durable stays. Give the command again to start over.' },
  IMPORT_FAILED: { kind: 'invalid', says: (d: { file: string; outcome: string }) => `The import of ${d.file} ended before its end: ${d.outcome}`, remedy: 'Mend what is named and import the file again: what is held already stays as it is.' },
  NO_SCENARIO: { kind: 'invalid', says: (d: { file: string }) => `${d.file} doesn't say at /scenario/text who might attack, knowing what`, remedy: 'Write one sentence there, or draft anew with --scenario TEXT: the columns\' roles are decided against it.' },
  PARTS_UNREADABLE: { kind: 'invalid', says: (d: { parts: number }) => `${d.parts} parts of the files could not be read as FHIR; the table holds the rest`, remedy: 'Check the files: import them at a node to see each place and code.' },
  NO_DEVICE: { kind: 'invalid', says: (d: { folder: string }) => `There is no account on this device in ${d.folder}`, remedy: 'Make one with `mhmd citizen new`, or get yours back with `mhmd citizen recover`.' },
})

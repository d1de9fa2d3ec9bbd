// The errors of the command line: what can be wrong before anything is sent.
import { defineErrors } from '@mhmd/base'

export const cliErrors = defineErrors('CLI', {
  FILE_MISSING: { kind: 'invalid', says: (d: { file: string }) => `The file ${d.file} is not there or can't be read`, remedy: 'Check the path.' },
  FILE_UNUSABLE: { kind: 'invalid', says: (d: { file: string; why: string }) => `${d.file} can't be used (${d.why})`, remedy: 'Name a file where a file is wanted, in a folder that is there and that you may write to.' },
  FILE_EXISTS: { kind: 'conflict', says: (d: { file: string }) => `The file ${d.file} is there already`, remedy: 'Choose another name; keys are never overwritten.' },
  NOT_JSON: { kind: 'invalid', says: (d: { file: string }) => `The file ${d.file} is not JSON`, remedy: 'Check that it was copied whole.' },
  BAD_KEY_FILE: { kind: 'invalid', says: (d: { file: string }) => `The file ${d.file} holds no key`, remedy: 'Make one with `mhmd key new --out FILE`.' },
  BAD_OPTION: { kind: 'invalid', says: (d: { option: string; why: string }) => `${d.option}: ${d.why}`, remedy: 'See `mhmd COMMAND --help`.' },
  NO_PROFILE: { kind: 'invalid', says: () => 'Nobody to act as was named', remedy: 'Give `--profile FILE` (a JSON file with `node` and `keyFile`), or set MHMD_PROFILE.' },
  LEDGER_REFUSED: { kind: 'conflict', says: (d: { refusal: string }) => `The ledger refused it (${d.refusal})`, remedy: 'It has no effect on the ledger. See the code in docs/reference/errors.md.' },
  NOT_PROVEN: { kind: 'forbidden', says: (d: { refusal: string; says: string }) => `NOT PROVEN (${d.refusal}): ${d.says}`, remedy: 'Do not rely on it. The code is explained in docs/reference/errors.md; ask another member for a proof of the same operation.' },
  JOB_FAILED: { kind: 'conflict', says: (d: { job: string; outcome: string }) => `The job ${d.job} did not come to its end: ${d.outcome}`, remedy: 'See `mhmd job show --job ID` for its log, and the code in docs/reference/errors.md.' },
  PARTS_UNREADABLE: { kind: 'invalid', says: (d: { parts: number }) => `${d.parts} parts of the files could not be read as FHIR; the table holds the rest`, remedy: 'Check the files: import them at a node to see each place and code.' },
  NO_DEVICE: { kind: 'invalid', says: (d: { folder: string }) => `There is no account on this device in ${d.folder}`, remedy: 'Make one with `mhmd citizen new`, or get yours back with `mhmd citizen recover`.' },
})

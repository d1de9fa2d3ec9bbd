// The errors of the devnet's launcher.
import { defineErrors } from '@mhmd/base'

export const devnetErrors = defineErrors('DEVNET', {
  RUNNING: { kind: 'conflict', says: (d: { folder: string; pid: number }) => `A network is running in ${d.folder} already (process ${d.pid})`, remedy: 'Use it, or stop it with Ctrl-C in its terminal; after that its processes may take half a minute to end. Another network needs another folder and ports (`-- --folder DIR --port N`).' },
  PORT_TAKEN: { kind: 'conflict', says: (d: { port: number }) => `Port ${d.port} is in use by another program`, remedy: 'Stop that program, or choose other ports: `npm start -- --port N` uses N to N + 149.' },
  PROCESS_ENDED: { kind: 'unavailable', says: (d: { name: string; how: string; last: string; log: string }) => `${d.name} did not start (${d.how}).${d.last === '' ? '' : ` It last said: ${d.last}.`} Its log file is ${d.log}`, remedy: 'Read its log file, mend the cause (on a busy machine there may be none), and start again; what was recorded before is kept.' },
  COMMAND_FAILED: { kind: 'unavailable', says: (d: { command: string; code: number; said: string }) => `mhmd ${d.command} ended with ${d.code}: ${d.said}`, remedy: 'See the code it names in docs/reference/errors.md.' },
  BAD_FOLDER: { kind: 'invalid', says: (d: { folder: string; why: string }) => `${d.folder} can't be used as a folder (${d.why})`, remedy: 'Choose an empty folder that you may write to.' },
  FOREIGN_FOLDER: { kind: 'conflict', says: (d: { folder: string }) => `${d.folder} holds something that is not a devnet`, remedy: 'Choose an empty folder; nothing was deleted.' },
  OTHER_PLAN: { kind: 'conflict', says: (d: { folder: string; port: number }) => `The network in ${d.folder} has other organisations, another ledger, or other ports (from ${d.port})`, remedy: 'Leave `--port` and `--ledger` out to start it as it is, name another folder, or make it anew with `--fresh`.' },
  BAD_OPTION: { kind: 'invalid', says: (d: { why: string }) => `Wrong option: ${d.why}`, remedy: 'Options: --fresh, --folder DIR, --port N, --ledger KIND, --patients N, --data DIR. See npm start -- --help.' },
  NO_PATIENTS: { kind: 'invalid', says: (d: { folder: string }) => `There are no patients in ${d.folder}`, remedy: 'Name a folder of Synthea R4 bundles (.json or .json.gz), or leave `--data` out.' },
})

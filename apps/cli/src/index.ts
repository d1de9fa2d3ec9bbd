// The command line's parts that the devnet's seeding uses too: a citizen's device folder, and profiles of staff.
export { keep, newDevice, openDevice } from './device.ts'
export { newKeyFile, readProfile } from './files.ts'

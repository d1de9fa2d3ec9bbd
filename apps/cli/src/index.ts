// The command line's parts that the devnet's seeding uses too: a citizen's device folder, profiles of staff, what an exit code means.
export { keep, newDevice, openDevice } from './device.ts'
export { newKeyFile, readProfile } from './files.ts'
export { NOT_ALL } from './output.ts'

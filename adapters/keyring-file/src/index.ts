// The vault's keyring port on files: one key a file, in a folder outside the store and outside every backup.
export { fileKeyring } from './file-keyring.ts'

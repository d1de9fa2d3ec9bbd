// Whether bytes stand anywhere in the files of a folder.
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'

export async function folderHolds(folder: string, bytes: Uint8Array): Promise<boolean> {
  for (const file of await readdir(folder)) if ((await readFile(join(folder, file))).includes(Buffer.from(bytes))) return true
  return false
}

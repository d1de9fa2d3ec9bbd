// Epoch keys as files `EPOCH.key` of 32 bytes, readable by their owner only; each change is synced before it is acknowledged.
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isId } from '@mhmd/base'
import { vaultErrors } from '@mhmd/vault'
import type { Keyring } from '@mhmd/vault'

const KEY_BYTES = 32
const SUFFIX = '.key'

/** Opens (or makes) the folder. What overwriting can't reach (a copy-on-write file system, a drive's spare cells) is said in docs/limits.md. */
export async function fileKeyring(folder: string): Promise<Keyring> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  // What a kill left half made was never a key of anything.
  for (const name of await readdir(folder)) if (name.endsWith(`${SUFFIX}.new`)) await rm(join(folder, name))
  const path = (epoch: string): string => {
    if (!isId(epoch)) throw vaultErrors.KEY_DAMAGED({ epoch: 'of a malformed name' })
    return join(folder, epoch + SUFFIX)
  }
  return {
    list: async () => (await readdir(folder)).filter((name) => name.endsWith(SUFFIX) && isId(name.slice(0, -SUFFIX.length))).map((name) => name.slice(0, -SUFFIX.length)),
    read: async (epoch) => {
      const key = await readIfThere(path(epoch))
      if (key !== undefined && key.length !== KEY_BYTES) throw vaultErrors.KEY_DAMAGED({ epoch })
      return key
    },
    // Written beside and renamed: a key file is whole or not there.
    create: async (epoch, key) => {
      await writeSynced(`${path(epoch)}.new`, key)
      await rename(`${path(epoch)}.new`, path(epoch))
      await syncFolder(folder)
    },
    destroy: async (epoch) => {
      const file = path(epoch)
      if (await readIfThere(file) === undefined) return
      await overwrite(file)
      await rm(file)
      await syncFolder(folder)
    },
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined
    throw error
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** In place, with random bytes of the same length. */
async function overwrite(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.write(randomBytes(KEY_BYTES), 0, KEY_BYTES, 0)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

// A process that erases a subject and kills itself at a named step. Usage: killed-erasure.ts FOLDER SUBJECT 'before|after create|write|destroy|purge'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileKeyring } from '@mhmd/keyring-file'
import { openSqliteStore } from '@mhmd/store-sqlite'
import { openVault } from '../src/index.ts'
import { testTime } from './decisions.ts'

const [folder = '', subject = '', step = ''] = process.argv.slice(2)
let armed = false
let writes = 0

/** Wraps a method so that the process dies just before or just after it. */
function deadly<A extends unknown[], R>(name: string, method: (...given: A) => Promise<R>): (...given: A) => Promise<R> {
  return async (...given) => {
    if (armed && step === `before ${name}`) process.kill(process.pid, 'SIGKILL')
    const result = await method(...given)
    if (armed && step === `after ${name}`) process.kill(process.pid, 'SIGKILL')
    return result
  }
}

const store = await openSqliteStore(join(folder, 'node.db'))
const keyring = await fileKeyring(join(folder, 'keys'))
const vault = await openVault({
  store: {
    read: (work) => store.read(work),
    // The first write of an erasure names the next key, the second erases.
    write: (work) => armed && ++writes === 2 ? deadly('write', () => store.write(work))() : store.write(work),
    purgeFreeSpace: deadly('purge', () => store.purgeFreeSpace()),
    close: () => store.close(),
  },
  keyring: { list: () => keyring.list(), read: (epoch) => keyring.read(epoch), create: deadly('create', (epoch, key) => keyring.create(epoch, key)), destroy: deadly('destroy', (epoch) => keyring.destroy(epoch)) },
  clock: { now: () => testTime },
  randomness: { bytes: (length) => randomBytes(length) },
})
armed = true
await vault.erase([subject])

// One program at a time runs the network of a folder: a file names the process and when it started, so that one left by a process that was killed holds nobody up.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fabricErrors } from '../errors.ts'

/** Gives its release. Throws FABRIC_RUNNING. */
export function lock(folder: string): () => void {
  const file = join(folder, 'running')
  const self = `${process.pid} ${startOf(process.pid) ?? ''}`
  mkdirSync(folder, { recursive: true })
  if (!taken(file, self)) {
    const [pid = '', started = ''] = readFileSync(file, 'utf8').split(' ')
    if (startOf(Number(pid)) !== undefined && startOf(Number(pid)) === started) throw fabricErrors.RUNNING({ folder })
    rmSync(file, { force: true })
    if (!taken(file, self)) throw fabricErrors.RUNNING({ folder })
  }
  return () => rmSync(file, { force: true })
}

function taken(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' })
    return true
  } catch {
    return false
  }
}

/** When a process started, in ticks since the machine did (Linux, proc(5)); elsewhere whether it is there. */
function startOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19]
    process.kill(pid, 0)
    return 'there'
  } catch {
    return undefined
  }
}

// Processes of the Fabric network on this machine: started with a log each, stopped together; and programs that run to their end.
import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { fabricErrors } from '../errors.ts'

const execute = promisify(execFile)

export interface Started {
  readonly name: string
  readonly pid: number
  kill(signal: NodeJS.Signals): Promise<void>
  readonly isAlive: () => boolean
}

export function start(name: string, command: readonly [string, ...string[]], { env, log, cwd }: { readonly env: NodeJS.ProcessEnv; readonly log: string; readonly cwd: string }): Started {
  const out = openSync(log, 'a')
  const [file, ...args] = command
  const child: ChildProcess = spawn(file, args, { cwd, env, stdio: ['ignore', out, out] })
  closeSync(out)
  let alive = true
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => { alive = false; resolve() })
    child.once('exit', () => { alive = false; resolve() })
  })
  return {
    name, pid: child.pid ?? 0, isAlive: () => alive,
    kill: async (signal) => {
      if (alive) child.kill(signal)
      const forced = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(forced)
    },
  }
}

/** Runs a program to its end and gives its output. Throws FABRIC_PROGRAM_FAILED. */
export async function run(command: readonly [string, ...string[]], env: NodeJS.ProcessEnv): Promise<string> {
  const [file, ...args] = command
  try {
    const { stdout } = await execute(file, args, { env, timeout: 120_000, maxBuffer: 16 * 1024 * 1024 })
    return stdout
  } catch (error) {
    const { stderr = '', stdout = '' } = error as { stderr?: string; stdout?: string }
    throw fabricErrors.PROGRAM_FAILED({ program: `${file.split('/').at(-1)} ${args.slice(0, 3).join(' ')}`, why: (stderr || stdout).trim().split('\n').slice(-2).join(' ').slice(0, 600) }, { cause: error })
  }
}

/** Tries until it succeeds. Throws FABRIC_NOT_READY with the last failure as cause. */
export async function until<T>(what: string, seconds: number, attempt: () => Promise<T>): Promise<T> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    try {
      return await attempt()
    } catch (cause) {
      if (Date.now() > end) throw fabricErrors.NOT_READY({ what, seconds }, { cause })
      await sleep(100)
    }
  }
}

/** A port whose health check answers. */
export const healthy = async (port: number): Promise<void> => {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2000) })
  if (!answer.ok) throw new Error(`health ${answer.status}`)
}

/** A port that takes connections. */
export const listening = (port: number): Promise<void> => new Promise((resolve, reject) => {
  const socket = connect(port, '127.0.0.1', () => {
    socket.destroy()
    resolve()
  })
  socket.once('error', reject)
})

// Processes of the Fabric network on this machine: started with a log each, stopped together, and with the program that started them; and programs that run to their end.
import { execFile, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
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
  /** Resolves with the exit code or signal name once the process has ended. */
  readonly ended: Promise<number | string>
  /** The file of its log. */
  readonly log: string
  /** The last line of its log. */
  lastWords(): string
}

/** Fabric's programs don't notice that their launcher is gone; Linux tells them (util-linux, prctl PR_SET_PDEATHSIG). */
const endsWithParent = (group: number | undefined): readonly [string, ...string[]] => ['setpriv', '--pdeathsig', 'TERM', ...(group === undefined ? [] : ['--regid', String(group), '--clear-groups']), '--']

export function start(name: string, command: readonly [string, ...string[]], { env, log, cwd, group }: { readonly env: NodeJS.ProcessEnv; readonly log: string; readonly cwd: string; readonly group?: number | undefined }): Started {
  const out = openSync(log, 'a')
  const [file, ...args] = process.platform === 'linux' ? [...endsWithParent(group), ...command] as const : command
  // In a group of its own: Ctrl-C reaches the launcher alone, which stops the members' nodes first.
  const child: ChildProcess = spawn(file, args, { cwd, env, stdio: ['ignore', out, out], detached: true })
  closeSync(out)
  let alive = true
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => { alive = false; resolve(error.message) })
    child.once('exit', (code, signal) => { alive = false; resolve(code ?? signal ?? 'unknown') })
  })
  return {
    name, pid: child.pid ?? 0, isAlive: () => alive, ended, log,
    lastWords: () => readFileSync(log, 'utf8').trim().split('\n').at(-1)?.slice(0, 300) ?? '',
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
    throw fabricErrors.PROGRAM_FAILED({ program: `${file.split('/').at(-1)} ${args.slice(0, 3).join(' ')}`, why: complaintIn((stderr || stdout).trim().split('\n')).slice(0, 600) }, { cause: error })
  }
}

/** Fabric's programs print how they are used after what is wrong. */
const complaintIn = (lines: readonly string[]): string => lines.find((line) => line.startsWith('Error: ')) ?? lines.slice(-2).join(' ')

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

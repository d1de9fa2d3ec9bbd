// Starts, watches and stops the network's processes; each has its own folder and its own log file.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { devnetErrors } from './errors.ts'

const mhmd = fileURLToPath(new URL('../../cli/bin/mhmd.mjs', import.meta.url))

export interface Running {
  readonly name: string
  readonly pid: number
  /** Resolves with the exit code or signal name once the process has ended. */
  readonly ended: Promise<number | string>
  kill(signal: NodeJS.Signals): void
  /** Asks the process to stop, and ends it after ten seconds. */
  stop(): Promise<void>
}

/**
 * Starts `mhmd ARGS…`, or another program, and waits for its line `{"event":"ready"}`. The process is in a group of its own, so that Ctrl-C reaches the
 * launcher alone, and holds a pipe to the launcher, so that it stops where the launcher is gone. Throws DEVNET_PROCESS_ENDED with the last thing it said.
 */
export async function startProcess(name: string, args: readonly string[], options: { log: string; program?: string; readySeconds?: number; signal?: AbortSignal | undefined }): Promise<Running> {
  const child = spawn(process.execPath, [options.program ?? mhmd, ...args, '--until-input-ends'], { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  const log = createWriteStream(options.log, { flags: 'a', mode: 0o600 })
  const ended = new Promise<number | string>((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal ?? 'unknown')))
  let last = ''
  const ready = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        log.write(`${line}\n`)
        if (line.includes('"event":"ready"')) resolve()
        else last = line
      })
    }
  })
  const seconds = options.readySeconds ?? 120
  const verdict = await Promise.race([ready.then(() => 'ready' as const), ended, timeout(seconds * 1000), aborted(options.signal)])
  if (verdict !== 'ready') {
    child.kill('SIGKILL')
    throw devnetErrors.PROCESS_ENDED({ name, how: verdict === 'timeout' ? `not ready after ${seconds} s` : `ended with ${verdict}`, last: last.slice(0, 500), log: options.log })
  }
  return running(name, child, ended)
}

const aborted = (signal: AbortSignal | undefined): Promise<'stopping'> => new Promise((resolve) => {
  if (signal?.aborted === true) resolve('stopping')
  signal?.addEventListener('abort', () => resolve('stopping'), { once: true })
})

function running(name: string, child: ChildProcess, ended: Promise<number | string>): Running {
  return {
    name,
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGTERM')
      if (await Promise.race([ended, timeout(10_000)]) === 'timeout') child.kill('SIGKILL')
      await ended
    },
  }
}

/** Runs `mhmd ARGS…` to its end, as a person would, and gives what it printed; `alsoDone` are exit codes beside 0 that are no failure. Throws DEVNET_COMMAND_FAILED with what it said. */
export function runCommand(args: readonly string[], options: { signal?: AbortSignal | undefined; progress?: (line: string) => void; alsoDone?: readonly number[] } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [mhmd, ...args], { stdio: ['ignore', 'pipe', 'pipe'], ...(options.signal === undefined ? {} : { signal: options.signal }) })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => { out += chunk.toString() })
    child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString() })
    createInterface({ input: child.stderr }).on('line', (line) => options.progress?.(line))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0 || options.alsoDone?.includes(code ?? -1) === true) resolve(out)
      else reject(devnetErrors.COMMAND_FAILED({ command: args.slice(0, 3).join(' '), code: code ?? -1, said: err.trim().slice(-800) }))
    })
  })
}

/** `mhmd ARGS… --json`, parsed. */
export async function runJson<T>(args: readonly string[], options: { alsoDone?: readonly number[] } = {}): Promise<T> {
  return JSON.parse(await runCommand([...args, '--json'], options)) as T
}

const PORT_PATIENCE_MILLISECONDS = 5000

/**
 * Waits until every port is free on loopback: the processes of a launcher that was killed stop by themselves within moments.
 * Throws DEVNET_PORT_TAKEN.
 */
export async function freePorts(ports: readonly number[], say: (line: string) => void): Promise<void> {
  const until = performance.now() + PORT_PATIENCE_MILLISECONDS
  for (const port of ports) {
    for (let tries = 0; !(await isFree(port)); tries++) {
      if (tries === 0) say(`Port ${port} is in use; waiting a moment …`)
      if (performance.now() > until) throw devnetErrors.PORT_TAKEN({ port })
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

const isFree = (port: number): Promise<boolean> => new Promise((resolve) => {
  const probe = createServer()
  probe.once('error', () => resolve(false))
  probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
})

const timeout = (milliseconds: number): Promise<'timeout'> => new Promise((resolve) => setTimeout(() => resolve('timeout'), milliseconds).unref())

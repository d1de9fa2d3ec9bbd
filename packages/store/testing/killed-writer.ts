// A process that writes to a store until it is killed, and tells its parent of each acknowledged write.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Store } from '../src/index.ts'

interface Opener {
  readonly module: string
  readonly name: string
  readonly argument: string
}

/** Runs the writer, kills it with SIGKILL after about `killAfter` acknowledgements, and gives the last number it acknowledged. */
export async function killedWhileWriting(opener: Opener, { from, killAfter }: { from: number; killAfter: number }): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), opener.module, opener.name, opener.argument, String(from)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((resolve) => child.on('exit', resolve))
  let last = from
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line)
    if (last >= from + killAfter) child.kill('SIGKILL')
  }
  await ended
  if (last === from) throw new Error('the writer ended before its first acknowledgement')
  return last
}

async function writeForEver([module = '', name = '', argument = '', from = '0']: string[]): Promise<void> {
  const opened = await import(module) as Record<string, (argument: string) => Promise<Store>>
  const store = await (opened[name] as (argument: string) => Promise<Store>)(argument)
  for (let n = Number(from) + 1; ; n++) {
    await store.write(async (tx) => {
      await tx.put('pair-left', ['n'], Buffer.from(String(n)))
      await tx.put('pair-log', [String(n)], Buffer.alloc(2000, 7))
      await tx.put('pair-right', ['n'], Buffer.from(String(n)))
    })
    process.stdout.write(`${n}\n`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeForEver(process.argv.slice(2))

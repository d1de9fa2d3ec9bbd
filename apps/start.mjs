// Starts a program of ours on a Node that can run it. Plain JavaScript on purpose: `npx` may come here on any Node there is.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const WANTED_MAJOR = 24
const modules = join(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules')

/** Runs `entry` in this process, or where this Node is too old in the one that came with the project. */
export async function start(program, entry) {
  if (Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR) {
    // What was compiled once is read next time: a command starts in half the time.
    module.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? join(modules, '.cache', 'compiled'))
    await import(entry)
    return
  }
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const own = join(modules, `node-${platform}-${process.arch}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (!existsSync(own)) {
    process.stderr.write(`SETUP_NO_NODE_24: ${program} needs Node ${WANTED_MAJOR} or newer, this is ${process.versions.node}, and none came with the project.\n  → Run npm ci in the repository, or install Node ${WANTED_MAJOR}.\n`)
    process.exit(2)
  }
  const child = spawn(own, [fileURLToPath(entry), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))
}

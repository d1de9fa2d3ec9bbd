// Runs a TypeScript entry point on the project's own Node 24, installing from the lockfile first where needed.
// Plain JavaScript on purpose: on a new machine this file runs on whatever Node is there (18 or newer).
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const WANTED_MAJOR = 24

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

if (Number(process.versions.node.split('.')[0]) < 18) {
  fail(`SETUP_NODE_TOO_OLD: this is Node ${process.versions.node}. Install Node 18 or newer (any system package will do); the project brings its own Node ${WANTED_MAJOR} for everything else.`)
}

/** The lockfile's digest is kept beside the installed tree, so that a changed lockfile installs again and an unchanged one costs nothing. */
function install() {
  const digest = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
  const stamp = join(root, 'node_modules', '.cache', 'installed-lockfile')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  process.stderr.write('Installing the packages of the lockfile (once; about 20 s) …\n')
  const started = Date.now()
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (done.status !== 0) fail('SETUP_INSTALL_FAILED: npm ci did not finish. Its message is above; with the network back, run the same command again. Nothing is half-installed: it starts over.')
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, digest)
  process.stderr.write(`Installed in ${((Date.now() - started) / 1000).toFixed(1)} s.\n`)
}

function nodeBinary() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const own = join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(own)) return own
  if (Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR) return process.execPath
  return fail(`SETUP_NO_NODE_24: no Node ${WANTED_MAJOR} comes with the project for ${process.platform}/${process.arch}. Install Node ${WANTED_MAJOR} or newer and run the same command with it.`)
}

const [entry, ...args] = process.argv.slice(2)
if (entry === undefined) fail('SETUP_NO_ENTRY: usage: node tools/run.mjs FILE.ts [ARG …]')
if (!existsSync(join(root, entry))) fail(`SETUP_ENTRY_UNKNOWN: there is no ${entry} in this checkout. The project's commands are listed by npm run.`)
install()
const node = nodeBinary()
const child = spawn(node, [join(root, entry), ...args], {
  stdio: 'inherit',
  // What was compiled once is read next time, by every process below this one.
  env: { NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'), ...process.env, PATH: `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}` },
})
// The child ends by itself on a signal to the process group; this process waits for it and passes its verdict on.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)))

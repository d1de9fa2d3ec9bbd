// Prevents tracked files from carrying traces of the machine they were written on: its folders, its package host, addresses in the lockfile.
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { dirname } from 'node:path'
import { root } from './imports.ts'

const LARGEST = 4 * 1024 * 1024

/** The folders above this checkout and the user's own, and the host that packages come from, whatever they are here. */
function tracesOfThisMachine(): string[] {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  const above = dirname(root.replace(/\/$/, ''))
  const folders = [above, homedir()].filter((folder) => folder !== '/' && !tmpdir().startsWith(folder)).map((folder) => `${folder}/`)
  return [...folders, ...(URL.canParse(registry) ? [new URL(registry).host] : [])]
}

/** Line numbers and traces; folders of any user's home count too, wherever the check runs. */
export function tracesIn(text: string, traces: readonly string[]): string[] {
  return text.split('\n').flatMap((line, index) => {
    const found = traces.filter((trace) => line.includes(trace))
    const home = /\/(?:home|Users)\/[a-z][\w-]*\//i.exec(line)?.[0]
    const resolved = /"resolved": "https?:/.exec(line)?.[0]
    return [...found, home, resolved].filter((trace) => trace !== undefined).map((trace) => `${index + 1}: ${trace}`)
  })
}

if (import.meta.main) {
  const traces = tracesOfThisMachine()
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0').filter((path) => path !== '' && path !== 'tools/check-traces.test.ts')
  for (const path of files) {
    const stat = statSync(root + path, { throwIfNoEntry: false })
    if (stat === undefined || !stat.isFile() || stat.size > LARGEST) continue
    for (const trace of tracesIn(readFileSync(root + path, 'latin1'), traces)) {
      console.log(`${path}:${trace}`)
      process.exitCode = 1
    }
  }
}

// The programs of Hyperledger Fabric (tag v3.1.1): built once from the Go module proxy, kept outside the repository under the digest of what they are built from.
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fabricErrors } from '../errors.ts'

const source = new URL('../../programs/', import.meta.url).pathname
const programs = ['peer', 'orderer', 'configtxgen', 'osnadmin', 'configtxlator'] as const
export type Program = typeof programs[number]

/** The folder with the programs; builds them where they aren't there. Throws FABRIC_NO_GO, FABRIC_BUILD_FAILED. */
export async function fabricPrograms({ say, environment }: { readonly say: (line: string) => void; readonly environment: NodeJS.ProcessEnv }): Promise<string> {
  const version = spawnSync('go', ['version'], { encoding: 'utf8', env: environment })
  const digest = createHash('sha256').update(readFileSync(join(source, 'go.mod'))).update(readFileSync(join(source, 'go.sum'))).digest('hex').slice(0, 16)
  const cache = join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mhmd', 'fabric')
  const folder = join(cache, digest)
  if (programs.every((program) => existsSync(join(folder, program)))) return folder
  if (version.status !== 0) throw fabricErrors.NO_GO()
  say('Building the programs of Hyperledger Fabric (once; one to six minutes) …')
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, 'build-'))
  try {
    cpSync(source, work, { recursive: true })
    await build(work, { say, environment })
    // Another start may have been faster: what it made is the same.
    if (!existsSync(folder)) renameSync(join(work, 'bin'), folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return folder
}

function build(work: string, { say, environment }: { readonly say: (line: string) => void; readonly environment: NodeJS.ProcessEnv }): Promise<void> {
  const began = Date.now()
  const child = spawn('go', ['build', '-trimpath', '-ldflags', '-s -w', '-o', 'bin/', 'tool'], { cwd: work, env: { ...environment, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOFLAGS: '-buildvcs=false' }, stdio: ['ignore', 'ignore', 'pipe'] })
  let last = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => { last = (last + text).slice(-2000) })
  const timer = setInterval(() => say(`  still building after ${Math.round((Date.now() - began) / 1000)} s`), 15_000)
  return new Promise<void>((resolve, reject) => {
    child.on('error', () => reject(fabricErrors.NO_GO()))
    child.on('close', (code) => code === 0 ? resolve() : reject(fabricErrors.BUILD_FAILED({ why: last.trim().split('\n').at(-1) ?? 'no message' })))
  }).finally(() => clearInterval(timer))
}

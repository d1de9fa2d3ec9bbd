// What each process has open and mapped, as the kernel tells it: looked at again and again during a run, sorted by whose it is.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Watched {
  readonly id: string
  readonly pid: () => number
  readonly home: string
}

export interface OpenFiles {
  /** How often each process was looked at. */
  readonly looks: number
  /** By process and category, the distinct paths seen. */
  readonly seen: ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>
  stop(): void
}

const program = [fileURLToPath(new URL('../../..', import.meta.url)), ...resolvedModules()]
const LOOK_MILLISECONDS = 50

export const FOREIGN = 'a folder of another process'

/** Looks every 50 ms until stopped. `folder` holds everything of the network; what is below it and not a process's own home is foreign to it. */
export function watchOpenFiles(folder: string, watched: readonly Watched[]): OpenFiles {
  const seen = new Map(watched.map(({ id }) => [id, new Map<string, Set<string>>()]))
  const state = { looks: 0 }
  const look = (): void => {
    state.looks++
    for (const { id, pid, home } of watched) {
      for (const path of pathsOf(pid())) {
        const category = categoryOf(path, { folder, home })
        const paths = seen.get(id)?.get(category) ?? new Set()
        paths.add(path.replace(/\d{4,}/g, 'N'))
        seen.get(id)?.set(category, paths)
      }
    }
  }
  const timer = setInterval(look, LOOK_MILLISECONDS).unref()
  return { get looks() { return state.looks }, seen, stop: () => clearInterval(timer) }
}

/** Descriptors and mappings; nothing where the process has just ended. */
export function pathsOf(pid: number): string[] {
  try {
    const descriptors = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/${pid}/fd/${fd}`)]
      } catch {
        return []
      }
    })
    const mapped = readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n').flatMap((line) => /\s(\/.*)$/.exec(line)?.[1] ?? [])
    return [...new Set([...descriptors, ...mapped])].map((path) => path.replace(/ \(deleted\)$/, ''))
  } catch {
    return []
  }
}

export function categoryOf(path: string, { folder, home }: { folder: string; home: string }): string {
  if (path.startsWith(join(home, 'keys'))) return 'own keys'
  if (path === home || path.startsWith(`${home}/`)) return 'own data'
  if (path === folder || path.startsWith(`${folder}/`)) return FOREIGN
  if (/^(socket|pipe|anon_inode|\/memfd|\/dev\/|\/proc\/)/.test(path)) return 'sockets, pipes and devices'
  if (program.some((root) => path.startsWith(root))) return 'the program'
  if (/^\/(usr|lib|lib64|etc|sys)\//.test(path)) return 'the system'
  return 'elsewhere'
}

/** Where modules really are, should the tree link to them. */
function resolvedModules(): string[] {
  return [fileURLToPath(import.meta.resolve('undici')).replace(/node_modules\/.*$/, 'node_modules/'), process.execPath]
}

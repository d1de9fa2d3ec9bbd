// Prevents pages that send a reader nowhere: every file, heading and command that a tracked Markdown page names must exist.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { root } from './imports.ts'

/** What a clone of this checkout would hold: an empty or ignored folder is not there. */
const filesOfClone = (): string[] => execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\0').filter((path) => path !== '' && existsSync(root + path))
const withFolders = (files: readonly string[]): ReadonlySet<string> => new Set(files.flatMap((file) => file.split('/').map((_, depth, parts) => parts.slice(0, depth + 1).join('/'))))
const scripts = (): ReadonlySet<string> => new Set(Object.keys((JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: object }).scripts))

/** The anchor a heading gets on the usual hosts. */
const anchor = (heading: string): string => heading.trim().toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')
const anchors = (page: string): ReadonlySet<string> => new Set([...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading)))

const withoutBlocks = (page: string): string => page.replace(/^```[\s\S]*?^```/gm, '')

/** Targets of links; those to other sites are not looked up. */
const links = (page: string): string[] => [...page.replace(/`[^`\n]*`(?!\])/g, '').matchAll(/\]\(([^()\s]+(?:\([^()]*\))?)\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target))

/** Code spans that read as a path from the repository's root, without a placeholder. */
const paths = (page: string): string[] =>
  [...page.matchAll(/`((?:packages|adapters|apps|tools|docs|schemas|vectors|tests|bench|conformance|\.ci)\/[\w./-]+)`/g)].map(([, path = '']) => path).filter((path) => !/(^|\/)[A-Z]+(\/|$|-)/.test(path))

const commands = (page: string): string[] => [...page.matchAll(/\bnpm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name)

export interface Place {
  /** Whether a path from the root exists. */
  readonly has: (path: string) => boolean
  readonly read: (path: string) => string
  readonly scripts: ReadonlySet<string>
}

/** What the page at `path` names and is not there. */
export function brokenLinks(path: string, place: Place): string[] {
  const page = place.read(path)
  const prose = withoutBlocks(page)
  const brokenLink = (target: string): boolean => {
    const [file = '', fragment] = target.split('#')
    const at = file === '' ? path : normalize(file.startsWith('/') ? file.slice(1) : join(dirname(path), file))
    if (at.startsWith('..') || !place.has(at)) return true
    return fragment !== undefined && at.endsWith('.md') && !anchors(place.read(at)).has(fragment)
  }
  return [
    ...links(prose).filter(brokenLink).map((target) => `${path}: the link to ${target} leads nowhere`),
    ...paths(prose).filter((target) => !place.has(target)).map((target) => `${path}: names ${target}, which does not exist`),
    ...commands(page).filter((name) => !place.scripts.has(name)).map((name) => `${path}: names npm run ${name}, which does not exist`),
  ]
}

if (import.meta.main) {
  const files = filesOfClone()
  const there = withFolders(files)
  const place: Place = { has: (path) => there.has(path.replace(/\/$/, '')), read: (path) => readFileSync(root + path, 'utf8'), scripts: scripts() }
  const problems = files.filter((path) => path.endsWith('.md')).flatMap((path) => brokenLinks(path, place))
  for (const problem of problems) console.log(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}

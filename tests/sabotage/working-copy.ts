// A copy of the working tree in a temporary folder, in which a protection can be taken away: packages of this repository resolve to the copy, all others to what is installed.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const OWN_SCOPE = '@mhmd'

export interface WorkingCopy {
  readonly root: string
  /** Puts another text in place of one that stands exactly once, and gives back how to undo it; undefined where it does not stand once. */
  replace(file: string, text: string, replacement: string): (() => void) | undefined
  remove(): void
}

export function copyOf(root: string): WorkingCopy {
  // Its real path: a test runner compares the paths of files, and the temporary folder may be a link.
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'mhmd-sabotage-')))
  for (const file of filesOf(root)) {
    mkdirSync(dirname(join(copy, file)), { recursive: true })
    copyFileSync(join(root, file), join(copy, file))
  }
  for (const folder of ['.', ...workspacesOf(root)]) linkPackages(join(root, folder, 'node_modules'), join(copy, folder, 'node_modules'))
  return {
    root: copy,
    replace: (file, text, replacement) => {
      const path = join(copy, file)
      const whole = existsSync(path) ? readFileSync(path, 'utf8') : ''
      const [before, after, ...more] = whole.split(text)
      if (before === undefined || after === undefined || more.length > 0) return undefined
      writeFileSync(path, before + replacement + after)
      return () => writeFileSync(path, whole)
    },
    remove: () => rmSync(copy, { recursive: true, force: true }),
  }
}

/** What is tracked, and what is new and not ignored; without what was deleted. */
function filesOf(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  return listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)) && lstatSync(join(root, file)).isFile())
}

const workspacesOf = (root: string): string[] => ['packages', 'adapters', 'apps'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name)))

/** The links of this repository's packages are relative: copied as they are, they lead into the copy. */
function linkPackages(from: string, to: string): void {
  if (!existsSync(from)) return
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) {
    if (name !== OWN_SCOPE) symlinkSync(join(from, name), join(to, name))
  }
  if (!existsSync(join(from, OWN_SCOPE))) return
  mkdirSync(join(to, OWN_SCOPE))
  for (const name of readdirSync(join(from, OWN_SCOPE))) symlinkSync(readlinkSync(join(from, OWN_SCOPE, name)), join(to, OWN_SCOPE, name))
}

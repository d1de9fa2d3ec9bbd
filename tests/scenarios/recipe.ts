// Follows docs/recipes/new-transaction.md word for word on a copy of the tree, as somebody would who didn't write the contracts: a step that no longer fits fails here.
// Usage: npm run scenario -- recipe
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transcript } from './support/transcript.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const RECIPE = 'docs/recipes/new-transaction.md'

interface Step {
  readonly file: string
  readonly how: 'new' | 'after' | 'instead of'
  readonly place: string
  readonly text: string
}

const recipe = readFileSync(join(root, RECIPE), 'utf8')
const steps: readonly Step[] = [...recipe.matchAll(/^(?:New file `([^`]+)` in `([^`]+)`|In `([^`]+)`, (after|instead of) `(.+)`):\n\n```ts\n([\s\S]*?)\n```$/gm)]
  .map(([, fresh, place = '', file = '', how, line = '', text = '']) => (fresh === undefined ? { file, how: how as Step['how'], place: line, text } : { file: `${place}/${fresh}`, how: 'new', place: '', text }))
const [before = '', afterwards = ''] = [...recipe.matchAll(/^```sh\n([\s\S]*?)\n```$/gm)].map(([, lines = '']) => lines)
const commands = (lines: string): string[] => lines.split('\n').filter((line) => line !== '')

const folder = mkdtempSync(join(tmpdir(), 'mhmd-recipe-'))
const { say, check, finish } = transcript('recipe')

/** The tree with what is not committed yet, and packages that are installed where the original has them; its own workspaces are its own. */
function copyTree(): void {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' }).stdout.split('\0').filter((file) => file !== '' && existsSync(join(root, file)))
  for (const file of listed) cpSync(join(root, file), join(folder, file))
  const installed = listed.filter((file) => file.endsWith('package.json')).map((file) => join(dirname(file), 'node_modules')).filter((modules) => existsSync(join(root, modules)))
  for (const modules of installed) {
    mkdirSync(join(folder, modules), { recursive: true })
    for (const name of readdirSync(join(root, modules))) if (name !== '@mhmd' && name !== '.cache') symlinkSync(join(root, modules, name), join(folder, modules, name))
  }
  mkdirSync(join(folder, 'node_modules/@mhmd'), { recursive: true })
  for (const file of listed.filter((one) => /^(?:packages|adapters|apps)\/[^/]+\/package\.json$/.test(one))) {
    const { name } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { name: string }
    symlinkSync(join(folder, dirname(file)), join(folder, 'node_modules', name), 'dir')
  }
}

function perform({ file, how, place, text }: Step): void {
  const path = join(folder, file)
  if (how === 'new') {
    assert.ok(!existsSync(path), `${file} is there already`)
    writeFileSync(path, `${text}\n`)
    return
  }
  const there = readFileSync(path, 'utf8')
  assert.equal(there.split(place).length, 2, `${file} has the place of the recipe once: ${place}`)
  writeFileSync(path, how === 'instead of' ? there.replace(place, () => text) : there.split('\n').map((line) => (line.includes(place) ? `${line}\n${text}` : line)).join('\n'))
}

/** One line of a shell: a file of ours, or a script of package.json, by this very Node. */
function run(line: string): { readonly status: number | null; readonly said: string } {
  const [program = '', ...words] = line.split(' ')
  const script = words[0] === 'run' ? words[1] ?? '' : words[0] ?? ''
  const scripts = (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { scripts: Readonly<Record<string, string>> }).scripts
  const file = program === 'npm' ? scripts[script]?.split(' ').at(-1) : words[0]
  assert.ok(file !== undefined, `${line}: package.json has no such script`)
  const args = program === 'npm' ? words.slice(words.indexOf('--') + 1, words.includes('--') ? undefined : 0) : words.slice(1)
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', NODE_TEST_CONTEXT: undefined } })
  return { status, said: `${line}\n${stdout}${stderr}` }
}

function succeeds(line: string): string {
  const { status, said } = run(line)
  if (status !== 0) say(said.slice(-4000))
  check(line, status === 0)
  return said
}
/** What the generator says is out of step; nothing where all is in step. */
const stale = (): string => {
  const { status, said } = run('node tools/generate-contract-model.ts --check')
  return status === 0 ? '' : said
}

/** Types of what the recipe touches; the whole tree's are `npm run verify`'s. */
function typesHold(): void {
  writeFileSync(join(folder, 'tsconfig.recipe.json'), JSON.stringify({ extends: './tsconfig.json', include: ['packages/schema/src', 'packages/contracts/src', 'packages/contracts/testing'] }))
  succeeds(`node ${join('node_modules', 'typescript', 'bin', 'tsc')} -p tsconfig.recipe.json --noEmit`)
}

function follow(): void {
  check(`each block of the recipe is one of ${steps.length} steps, or one of two lists of commands`, steps.length >= 12 && [...recipe.matchAll(/^```/gm)].length / 2 === steps.length + 2)
  copyTree()
  check('the copy is in step before anything is changed', stale() === '')
  for (const step of steps) perform(step)
  const [produce = '', ...generate] = commands(before)
  check('a transaction that no case accepts is noticed', /no vector accepts datasets@1 cite/.test(stale()))
  succeeds(produce)
  check('files out of step are noticed, each by its name', /OUT_OF_STEP: schemas\/contracts\.json[\s\S]*OUT_OF_STEP: docs\/reference\/contracts\.md/.test(stale()))
  generate.map(succeeds)
  check('generated anew, all is in step', stale() === '')
  typesHold()
  const [tested = '', , tried = '', queried = ''] = commands(afterwards).map(succeeds)
  check('its tests ran, and none failed', /[1-9][0-9]* passed, 0 failed/.test(tested))
  check('the transaction is accepted on a scratch ledger', tried.includes('datasets@1 cite: accepted'))
  check('what it wrote is found by a query', /dataset-citation \/ rome \/ [0-9a-z]{26} \/ institute/.test(queried))
}

try {
  follow()
} catch (error) {
  say(error instanceof Error ? error.message : 'unknown')
  check('the recipe can be followed to its end', false)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
finish()

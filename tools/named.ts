// Runs one named thing of a kind: a scenario, an outside judge, a benchmark or a soak; without a name, lists them.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const folders: Record<string, string> = { scenario: 'tests/scenarios', conformance: 'conformance', bench: 'bench', soak: 'tests/soak' }
const root = new URL('..', import.meta.url).pathname
const [kind = '', name, ...rest] = process.argv.slice(2)
const folder = folders[kind]
if (folder === undefined) throw new Error(`unknown kind ${kind}`)
const available = existsSync(join(root, folder))
  ? readdirSync(join(root, folder)).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts')).map((file) => file.slice(0, -3)).sort()
  : []
if (name === undefined || !available.includes(name)) {
  console.error(`${name === undefined ? 'Name one' : `NAMED_UNKNOWN: there is no ${kind} called ${name}; choose one`} of: ${available.join(', ')}`)
  console.error(`Usage: npm run ${kind} -- NAME [ARG …]`)
  process.exit(2)
}
process.argv = [process.argv[0] ?? '', join(root, folder, `${name}.ts`), ...rest]
await import(pathToFileURL(join(root, folder, `${name}.ts`)).href)

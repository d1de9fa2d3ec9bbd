// Builds the pages with vite where their sources are newer than what was built, and says where they are.
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'vite'
import { writeFirstViews } from './first-views.ts'
import { writeVerifyPage } from './verify-page.ts'

const portal = new URL('..', import.meta.url).pathname
const repository = join(portal, '../..')
const BUILT_FROM = 'built-from.txt'

/** Where the built pages are: a node serves this folder. */
export const pagesFolder = join(portal, 'dist')

/** Every file that the pages are made of: their own, the packages that run in a browser, and the versions of the libraries. */
const sources = ['apps/portal/{src,pro,verify,build}/**/*', 'apps/portal/*.{html,json,ts}', 'packages/{base,schema,crypto,contracts,consent,accounts,messages,client,proof}/src/**/*.ts', 'package-lock.json']

function digestOfSources(): string {
  const digest = createHash('sha256')
  for (const file of globSync(sources, { cwd: repository, exclude: ['**/*.test.ts'] }).sort().filter((name) => /\.[a-z]+$/.test(name))) digest.update(file).update('\n').update(readFileSync(join(repository, file)))
  return digest.digest('hex')
}

/** A node sends the compressed file where the browser takes it. */
function compress(pages: string): void {
  for (const file of globSync('**/*.{html,js,css,svg}', { cwd: pages })) writeFileSync(join(pages, `${file}.br`), brotliCompressSync(readFileSync(join(pages, file))))
}

/** Gives the folder of the built pages, after building them where they are missing or made of something else. */
export async function buildPages(): Promise<string> {
  const digest = digestOfSources()
  const stamp = join(pagesFolder, BUILT_FROM)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return pagesFolder
  // Built aside and put in place whole: two builds at once, or a node that serves meanwhile, never meet half of one.
  const fresh = join(repository, 'node_modules/.cache', `pages-${process.pid}`)
  await build({ root: portal, configFile: join(portal, 'vite.config.ts'), logLevel: 'warn', build: { outDir: fresh, emptyOutDir: true } })
  await writeFirstViews({ portal, pages: fresh })
  await writeVerifyPage({ portal, pages: fresh })
  compress(fresh)
  writeFileSync(join(fresh, BUILT_FROM), digest)
  rmSync(pagesFolder, { recursive: true, force: true })
  renameSync(fresh, pagesFolder)
  return pagesFolder
}

if (import.meta.main) console.log(await buildPages())

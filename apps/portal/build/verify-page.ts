// Builds verify.html: one file with its script and styles inside, which opens from a disk and may load nothing, by its own policy.
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export async function writeVerifyPage({ portal, pages }: { readonly portal: string; readonly pages: string }): Promise<void> {
  const built = await build({
    root: portal, configFile: false, publicDir: false, logLevel: 'error',
    build: { write: false, target: 'es2022', lib: { entry: join(portal, 'verify/page.ts'), formats: ['iife'], name: 'verify' } },
  })
  const [output] = [built].flat()
  const code = output !== undefined && 'output' in output ? output.output.map((part) => part.type === 'chunk' ? part.code : '').join('') : ''
  // An end tag inside would end the script.
  const script = code.replaceAll('</', '<\\/')
  const style = readFileSync(join(portal, 'verify/page.css'), 'utf8')
  const policy = `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; base-uri 'none'; form-action 'none'`
  const filled: Readonly<Record<string, string>> = { POLICY: policy, STYLE: style, SCRIPT: script }
  writeFileSync(join(pages, 'verify.html'), readFileSync(join(portal, 'verify/page.html'), 'utf8').replaceAll(/POLICY|STYLE|SCRIPT/g, (name) => filled[name] ?? name))
}

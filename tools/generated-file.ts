// Writes a generated file, or with `--check` only says whether it is in step with the code it is made from.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { root } from './imports.ts'

export function writeGenerated(path: string, text: string): void {
  const there = existsSync(root + path) ? readFileSync(root + path, 'utf8') : undefined
  if (there === text) return
  if (process.argv.includes('--check')) {
    console.error(`GENERATED_OUT_OF_STEP: ${path} differs from what the code says. Run npm run generate, look at the difference, and commit it.`)
    process.exitCode = 1
    return
  }
  mkdirSync(dirname(root + path), { recursive: true })
  writeFileSync(root + path, text)
  console.log(`written: ${path}`)
}

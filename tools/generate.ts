// Writes every generated file of the repository anew, by running each tools/generate-*.ts.
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { root } from './imports.ts'

for (const file of globSync('tools/generate-*.ts', { cwd: root, exclude: ['**/*.test.ts'] }).sort()) {
  const { status } = spawnSync(process.execPath, [root + file], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}

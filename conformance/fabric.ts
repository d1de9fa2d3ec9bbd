// The suites of ledger and contracts on a real Hyperledger Fabric network of plain processes; their names are those of the embedded engine's, in the same order.
// Usage: npm run conformance -- fabric [--only-port | --only-contracts]
import { run } from 'node:test'
import { fabricPrograms } from '@mhmd/ledger-fabric'

const folder = new URL('../adapters/', import.meta.url).pathname
const counts = { passed: 0, failed: 0, skipped: 0 }
const check = (what: string, holds: boolean): void => {
  counts[holds ? 'passed' : 'failed']++
  if (!holds) console.log(`✘ FAILED: ${what}`)
}

/** Runs one file and gives the names of the tests inside the suites that `isWanted` names. */
async function names(file: string, isWanted: (suite: string) => boolean, counted: boolean): Promise<string[]> {
  const found: string[] = []
  const suites: string[] = []
  const stream = run({ files: [file], isolation: 'process', timeout: 600_000 })
  stream.on('test:start', ({ name, nesting }) => { suites[nesting] = name })
  stream.on('test:pass', ({ name, nesting, skip, todo, details }) => {
    if (details.type === 'suite') return
    if (counted && (skip !== undefined || todo !== undefined)) counts.skipped++
    else if (counted) counts.passed++
    if (suites.slice(0, nesting).some(isWanted)) found.push(name)
  })
  stream.on('test:fail', ({ name, details }) => {
    if (details.type === 'suite') return
    if (counted) check(`${name}: ${String(details.error.cause ?? details.error).slice(0, 600)}`, false)
    found.push(name)
  })
  for await (const _ of stream);
  return found
}

try {
  await fabricPrograms({ say: console.log, environment: process.env })
  const only = process.argv.find((argument) => argument.startsWith('--only-'))
  for (const [what, ours, theirs] of [
    ['port', 'ledger-embedded/src/client.test.ts', 'ledger-fabric/testing/port-suite.ts'],
    ['contracts', 'ledger-embedded/src/contracts.test.ts', 'ledger-fabric/testing/contract-suite.ts'],
  ] as const) {
    if (only !== undefined && only !== `--only-${what}`) continue
    const onFabric = await names(folder + theirs, (suite) => suite === 'Fabric' || suite === 'contracts on Fabric', true)
    const embedded = await names(folder + ours, (suite) => suite.startsWith('embedded engine') || suite.startsWith('contracts on'), false)
    console.log(`${what}: on Fabric and on the embedded engine\n${onFabric.map((name) => `  ${name}`).join('\n')}`)
    check(`${what}: ${onFabric.length} tests on Fabric, at least one`, onFabric.length > 0)
    check(`${what}: the same names on both engines (${embedded.length} and ${onFabric.length})`, JSON.stringify(embedded) === JSON.stringify(onFabric))
  }
} catch (error) {
  check(`it runs to its end (${error instanceof Error ? error.message : String(error)})`, false)
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`)
process.exitCode = counts.failed > 0 || counts.skipped > 0 || counts.passed === 0 ? 1 : 0

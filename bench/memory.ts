// Memory of each process of a network: at rest, and its peak while patients are imported and people choose, at growing sizes. Prints the machine.
// Usage: npm run bench -- memory [SIZE …]   SIZE: patients, by default 3, 30 and 300; needs Linux (/proc).
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { defaultPatients, patientsOf, rosters, seedPeople, startNetwork } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'

const given = process.argv.slice(2).map(Number)
const sizes = given.length > 0 ? given : [3, 30, 300]
const REST_MILLISECONDS = 3000
const basePort = 40_100 + 100 * (process.pid % 8)

interface Memory {
  readonly rest: number
  readonly seeding: number
  readonly after: number
}

/** One line of /proc/PID/status, in MiB. */
function mebibytes(pid: number, name: 'VmRSS' | 'VmHWM'): number {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(found?.[1] ?? Number.NaN) / 1024
}

/** The peak counts from here on. */
const forgetPeak = (pid: number): void => writeFileSync(`/proc/${pid}/clear_refs`, '5')
const rest = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, REST_MILLISECONDS))

async function measure(network: DevNetwork, patients: number): Promise<Map<string, Memory>> {
  await rest()
  const before = new Map(network.processes().map(({ name, pid }) => [name, mebibytes(pid, 'VmRSS')]))
  for (const { pid } of network.processes()) forgetPeak(pid)
  await seedPeople(network, { patients, data: defaultPatients(), say: () => undefined })
  const peak = new Map(network.processes().map(({ name, pid }) => [name, mebibytes(pid, 'VmHWM')]))
  await rest()
  return new Map(network.processes().map(({ name, pid }) => [name, { rest: before.get(name) ?? 0, seeding: peak.get(name) ?? 0, after: mebibytes(pid, 'VmRSS') }]))
}

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, load ${loadavg()[0]?.toFixed(1) ?? '?'}`)
console.log('Resident memory in MiB: at rest, peak while seeding, and at rest afterwards.\n')
const results = new Map<number, Map<string, Memory>>()
for (const size of sizes) {
  const patients = patientsOf(defaultPatients(), size).length
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-memory-'))
  const network = await startNetwork({ folder: join(folder, 'net'), basePort, organisations: rosters.thread }, () => undefined)
  try {
    results.set(patients, await measure(network, patients))
  } finally {
    await network.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
const names = [...(results.values().next().value?.keys() ?? [])].sort()
console.log(`| process | ${[...results.keys()].map((size) => `${size} patients`).join(' | ')} |\n| --- | ${[...results.keys()].map(() => '---').join(' | ')} |`)
for (const name of names) console.log(`| ${name} | ${[...results.values()].map((of) => of.get(name)).map((memory) => memory === undefined ? '' : `${memory.rest.toFixed(0)} · ${memory.seeding.toFixed(0)} · ${memory.after.toFixed(0)}`).join(' | ')} |`)

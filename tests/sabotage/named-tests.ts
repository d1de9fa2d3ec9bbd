// Runs some tests of one file by their names, and says of each whether it passed, failed and why, or never ran.
import { run } from 'node:test'
import type { EventData } from 'node:test'
import { join } from 'node:path'

export type Verdict = { readonly state: 'passed' } | { readonly state: 'failed'; readonly why: string } | { readonly state: 'missing'; readonly why: string }

export interface NamedTests {
  readonly root: string
  readonly file: string
  readonly names: readonly string[]
  readonly seconds: number
}

export async function runTests({ root, file, names, seconds }: NamedTests): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>()
  const limit = AbortSignal.timeout(seconds * 1000)
  // What else failed explains why a test is missing: the file could not be loaded, or the time ran out.
  let otherFailure = 'no such test'
  const stream = run({
    files: [join(root, file)], cwd: root, isolation: 'process', signal: limit,
    testNamePatterns: names.map((name) => new RegExp(`${name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}$`)),
    execArgv: ['--import', join(root, 'tools/test-setup.ts')],
  })
  stream.on('test:pass', ({ name, skip, todo, details }: EventData.TestPass) => {
    if (names.includes(name) && details.type !== 'suite' && skip === undefined && todo === undefined && !verdicts.has(name)) verdicts.set(name, { state: 'passed' })
  })
  stream.on('test:fail', ({ name, details }: EventData.TestFail) => {
    if (names.includes(name) && !limit.aborted) verdicts.set(name, { state: 'failed', why: firstLine(details.error) })
    else otherFailure = firstLine(details.error)
  })
  stream.resume()
  await new Promise<void>((resolve) => { stream.on('end', resolve).on('error', () => { resolve() }) })
  if (limit.aborted) otherFailure = `still running after ${seconds} s`
  return new Map(names.map((name) => [name, verdicts.get(name) ?? { state: 'missing', why: otherFailure }]))
}

function firstLine(error: Error): string {
  const cause = error.cause instanceof Error ? error.cause : error
  const text = `${cause.name}: ${cause.message}`.replace(/\s+/g, ' ').trim()
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}

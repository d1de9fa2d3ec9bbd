// How long every question and every dashboard takes over a database's tables: the median of three, in seconds, by a line to print.
import { ask } from '@mhmd/analytics'
import type { Database } from '@mhmd/analytics'
import { dashboards, questions } from '@mhmd/analytics/questions'

const RUNS = 3

/** Questions that can be asked without a parameter. */
export const asked = questions.filter(({ parameters }) => !Object.values(parameters).some(({ required }) => required)).map(({ name }) => name)

export async function answerTimes(database: Database): Promise<[line: string, seconds: string][]> {
  const lines: [string, string][] = []
  for (const name of asked) lines.push([`question ${name}, s`, await timed(() => ask(database, { name }))])
  // As a page asks: all at once.
  for (const [role, names] of Object.entries(dashboards)) lines.push([`dashboard of the ${role}, ${names.length} questions at once, s (bar: 1)`, await timed(() => Promise.all(names.filter((name) => asked.includes(name)).map((name) => ask(database, { name }))))])
  return lines
}

async function timed(act: () => Promise<unknown>): Promise<string> {
  const runs: number[] = []
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now()
    await act()
    runs.push((performance.now() - started) / 1000)
  }
  return (runs.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? 0).toFixed(3)
}

// A scenario's transcript: what happened when, each check with its verdict, and the closing line of counts.
export interface Transcript {
  say(line: string): void
  check(what: string, holds: boolean): void
  finish(): void
}

export function transcript(name: string): Transcript {
  const started = performance.now()
  let passed = 0
  let failed = 0
  const say = (line: string): void => void process.stdout.write(`[${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s] ${line}\n`)
  say(`Scenario ${name}`)
  return {
    say,
    check: (what, holds) => {
      if (holds) passed++
      else failed++
      say(`${holds ? '✔' : '✘ FAILED:'} ${what}`)
    },
    finish: () => {
      process.stdout.write(`${passed} passed, ${failed} failed, 0 skipped\n`)
      process.exitCode = failed > 0 || passed === 0 ? 1 : 0
    },
  }
}

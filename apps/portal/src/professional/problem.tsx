// Why a job failed, or what it waits for: in the reader's words, with what to do and the code to quote.
import type { ReactNode } from 'react'
import { Note } from '../design/state.tsx'
import { inWords } from '../words/error-words.ts'
import type { Job } from './operator/jobs.tsx'

export function Problem({ job: { problem, state } }: { readonly job: { readonly problem?: Job['problem'] | undefined; readonly state: Job['state'] } }): ReactNode {
  if (problem === undefined) return null
  const { what, remedy } = inWords(problem)
  return <Note kind={state === 'failed' ? 'no' : 'wait'}><p><strong>{what}</strong></p>{remedy === '' ? null : <p>{remedy}</p>}<p className="small"><code>{problem.code}</code></p></Note>
}

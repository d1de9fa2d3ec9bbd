// Her answers while she is asked: in memory only, gone when the pages are locked or she has signed.
import { useSyncExternalStore } from 'react'
import { noAnswers } from './answers.ts'
import type { Answers } from './answers.ts'
import { current, watch as watchOpened } from './opened.ts'

export const matterNames = ['help', 'hide', 'profit', 'near', 'back'] as const
export type Matter = (typeof matterNames)[number]

export interface Asked {
  readonly answers: Answers
  /** What she said matters to her: for her eyes, here and now. */
  readonly matters: readonly Matter[]
}

const nothing: Asked = { answers: noAnswers, matters: [] }
let asked = nothing
const watching = new Set<() => void>()

function become(next: Asked): void {
  asked = next
  for (const tell of watching) tell()
}

watchOpened(() => {
  if (current() === undefined) become(nothing)
})

export const answer = (part: Partial<Answers>): void => become({ ...asked, answers: { ...asked.answers, ...part } })
export const matter = (matters: readonly Matter[]): void => become({ ...asked, matters })
export const askAfresh = (): void => become(nothing)

export const useAsked = (): Asked => useSyncExternalStore((tell) => {
  watching.add(tell)
  return () => void watching.delete(tell)
}, () => asked)

// What changes at the node, told to open pages as it happens (server-sent events); where the stream breaks, pages ask by themselves until it is back.
import { useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../design/state.tsx'
import { useStaff } from './staff-context.ts'

const hints = ['job', 'message', 'ledger'] as const
/** What the node tells of: a job went on, a message of another member came, the ledger grew. */
export type Hint = (typeof hints)[number]

declare module '@tanstack/react-query' {
  interface Register {
    readonly queryMeta: { readonly on?: readonly Hint[] }
  }
}

/** Hints of so long are one. */
const GATHER_MILLISECONDS = 400
/** A stream that the node refused is tried anew after this. */
const AGAIN_MILLISECONDS = 10_000
/** Whoever has done nothing for so long is away: what is only refreshed for her must not keep her session open. */
const AWAY_MILLISECONDS = 10 * 60_000

interface Listener {
  readonly heard: (told: readonly Hint[]) => void
  readonly live: (isLive: boolean) => void
  /** The node answered, and gave no stream. */
  readonly refused: () => void
}

/** Gives the end of it. */
function listen({ heard, live, refused }: Listener): () => void {
  const waiting = new Set<Hint>()
  let acted = Date.now()
  let source: EventSource | undefined
  let gathering: number | undefined
  let again: number | undefined
  let wasOpen = false
  const flush = (): void => {
    gathering = undefined
    if (waiting.size === 0 || document.hidden || Date.now() - acted > AWAY_MILLISECONDS) return
    heard([...waiting])
    waiting.clear()
  }
  const hint = (...told: readonly Hint[]): void => {
    for (const one of told) waiting.add(one)
    gathering ??= window.setTimeout(flush, GATHER_MILLISECONDS)
  }
  const open = (): void => {
    source = new EventSource('/staff/1/events')
    for (const kind of hints) source.addEventListener(kind, () => hint(kind))
    source.addEventListener('reset', () => hint(...hints))
    source.addEventListener('open', () => {
      live(true)
      if (wasOpen) hint(...hints)
      wasOpen = true
    })
    source.addEventListener('error', () => {
      live(false)
      if (source?.readyState !== EventSource.CLOSED) return
      again = window.setTimeout(open, AGAIN_MILLISECONDS)
      refused()
    })
  }
  const back = (): void => {
    acted = Date.now()
    if (waiting.size > 0) hint()
  }
  open()
  for (const act of ['pointerdown', 'keydown', 'visibilitychange']) document.addEventListener(act, back)
  return () => {
    for (const act of ['pointerdown', 'keydown', 'visibilitychange']) document.removeEventListener(act, back)
    clearTimeout(gathering)
    clearTimeout(again)
    source?.close()
  }
}

/** `lost` once it was open and is not: a stream that never opened is nothing that the reader had. */
const LiveContext = createContext<'opening' | 'open' | 'lost' | 'paused'>('opening')

/** Whether pages need not ask by themselves: the node's stream is open, or nobody is signed in who may ask. */
export const useIsLive = (): boolean => ['open', 'paused'].includes(useContext(LiveContext))

/** A break so short is not worth a word. */
const WORTH_SAYING_MILLISECONDS = 3000

/** Says that what stands on the page is no longer kept up to date. */
export function Lost(): ReactNode {
  const { t } = useTranslation('professional')
  const isLost = useContext(LiveContext) === 'lost'
  const [isSaid, say] = useState(false)
  useEffect(() => {
    const timer = isLost ? window.setTimeout(() => say(true), WORTH_SAYING_MILLISECONDS) : undefined
    return () => {
      clearTimeout(timer)
      say(false)
    }
  }, [isLost])
  return isSaid ? <Note kind="wait" alert><p>{t('lost')}</p></Note> : null
}

export function Live({ isPaused, children }: { readonly isPaused: boolean; readonly children: ReactNode }): ReactNode {
  const queries = useQueryClient()
  const { node } = useStaff()
  const [state, become] = useState<'opening' | 'open' | 'lost'>('opening')
  useEffect(() => isPaused ? undefined : listen({
    heard: (told) => void queries.invalidateQueries({ predicate: ({ meta }) => meta?.on?.some((one) => told.includes(one)) === true }),
    live: (isLive) => become((before) => isLive ? 'open' : before === 'opening' ? 'opening' : 'lost'),
    // Most often her session ended: asking says so.
    refused: () => void queries.fetchQuery({ queryKey: ['session'], queryFn: ({ signal }) => node.get('/session/1', signal), retry: false, staleTime: 0 }).catch(() => undefined),
  }), [isPaused, node, queries])
  return <LiveContext value={isPaused ? 'paused' : state}>{children}</LiveContext>
}

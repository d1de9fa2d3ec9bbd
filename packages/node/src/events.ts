// What changes at this node while staff's pages are open (server-sent events, HTML Living Standard §9.2): hints to read again, never the data themselves.
import { PassThrough } from 'node:stream'
import { newId } from '@mhmd/base'
import type { Clock, Randomness } from '@mhmd/base'
import { documentType } from '@mhmd/schema'
import Type from 'typebox'
import { nodeErrors } from './errors.ts'
import { Exactly } from './people-answers.ts'
import { Reply, route } from './people.ts'
import type { PeopleRoute } from './people.ts'

/** Ids, codes and counts only. */
type Told = Readonly<Record<string, string | number>>

interface Event {
  readonly number: number
  readonly kind: 'ledger' | 'job' | 'message'
  readonly data: Told
}

export interface Events {
  tell(kind: Event['kind'], data: Told): void
  readonly route: PeopleRoute
}

/** Events that are kept for whoever was cut off. */
const KEPT = 500
const STREAMS = 200
const STREAMS_PER_KEY = 8
/** A reader that falls so far behind is cut off, and reads anew. */
const BEHIND_BYTES = 262_144
const HEARTBEAT_MILLISECONDS = 15_000
const LIFE_MILLISECONDS = 15 * 60_000

const query = documentType('events-query', Exactly({ seconds: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })) }))
/** One event of the stream. */
const EventShown = Exactly({ id: Type.Optional(Type.String()), event: Type.Enum(['hello', 'reset', 'ledger', 'job', 'message']), data: Type.String(), retry: Type.Optional(Type.Integer()) })
const headers = documentType('events-headers', Exactly({ 'last-event-id': Type.Optional(Type.String({ maxLength: 80 })) }))

export function createEvents({ clock, randomness }: { readonly clock: Clock; readonly randomness: Randomness }): Events {
  /** Names this run of the process: what it told is forgotten with it. */
  const run = newId(randomness)
  const kept: Event[] = []
  const open = new Map<PassThrough, string>()
  let last = 0
  const textOf = ({ number, kind, data }: Event): string => `id: ${run}-${number}\nevent: ${kind}\ndata: ${JSON.stringify(data)}\n\n`

  function write(stream: PassThrough, text: string): void {
    if (stream.writableLength > BEHIND_BYTES) stream.destroy()
    else stream.write(text)
  }

  /** Where a reader is from now on: at the present, after what it missed, or at the present with everything to be read again. */
  function greeting(lastId: string | undefined): string {
    const present = `id: ${run}-${last}\n`
    if (lastId === undefined) return `${present}event: hello\ndata: {}\n\n`
    const [ofRun, number] = [lastId.slice(0, run.length), Number(lastId.slice(run.length + 1))]
    const isKnown = ofRun === run && number <= last && number >= last - kept.length
    const after = isKnown ? kept.filter((event) => event.number > number).map(textOf).join('') : `${present}event: reset\ndata: {}\n\n`
    return `event: hello\ndata: {}\n\n${after}`
  }

  function begin(key: string, lastId: string | undefined, until: number): PassThrough {
    const isFull = open.size >= STREAMS || [...open.values()].filter((one) => one === key).length >= STREAMS_PER_KEY
    if (isFull) throw nodeErrors.BUSY()
    const stream = new PassThrough()
    open.set(stream, key)
    const heartbeat = setInterval(() => write(stream, ': still here\n\n'), HEARTBEAT_MILLISECONDS)
    const end = setTimeout(() => stream.end(), Math.max(0, until - clock.now()))
    stream.on('close', () => {
      clearInterval(heartbeat)
      clearTimeout(end)
      open.delete(stream)
    })
    stream.write(`retry: 3000\n${greeting(lastId)}`)
    return stream
  }

  return {
    tell: (kind, data) => {
      const event = { number: ++last, kind, data }
      kept.push(event)
      if (kept.length > KEPT) kept.shift()
      for (const stream of open.keys()) write(stream, textOf(event))
    },
    route: route({
      method: 'GET', path: '/staff/1/events', roles: ['staff'], query, headers, answerType: 'text/event-stream', answer: EventShown, refusals: ['NODE_BUSY'],
      summary: 'Tells, as it happens, that a job went on, a message came or the ledger grew; goes on after `Last-Event-ID`, or says `reset` where it can\'t.',
      handle: async ({ key, session, query: { seconds }, headers: { 'last-event-id': lastId } }) => {
        // An open stream is no use of a session, so it lasts no longer than the session would without one.
        const life = seconds === undefined ? LIFE_MILLISECONDS : Number(seconds) * 1000
        return new Reply({ stream: begin(key, lastId, Math.min(clock.now() + life, session?.idleUntil ?? Infinity)), headers: { 'x-accel-buffering': 'no' } })
      },
    }),
  }
}

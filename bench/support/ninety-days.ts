// Transactions of ninety days through an engine, for benches that need a large ledger: enrolments, decisions, datasets, requests with answers, agreements and releases.
// The clock is real within a day and jumps to the next between two of them, where the ledger takes its time from it; all that leaves here was signed, checked and committed by the engine.
import { setTimeout as pause } from 'node:timers/promises'
import { toBase64Url, utf8 } from '@mhmd/base'
import type { Canonical, Clock } from '@mhmd/base'
import type { Transaction } from '@mhmd/contracts'
import { sha256 } from '@mhmd/crypto'
import type { Ledger, Receipt } from '@mhmd/ledger'
import { sampleId, sampleNetwork } from '@mhmd/ledger/testing'
import type { SampleMember, SampleNetwork } from '@mhmd/ledger/testing'

const DAYS = 90
const DAY = 86_400_000
/** How a ledger's transactions divide: of a thousand so many enrolments, datasets, and requests, of which each makes five transactions. The rest are decisions. */
const [ENROLMENTS, DATASETS, REQUESTS] = [60, 2, 8]
const purposes = ['health-research', 'public-health', 'education', 'official-statistics', 'care-improvement']
const digestOf = (label: string): string => toBase64Url(sha256(utf8(label)))

interface NinetyDays {
  readonly network: SampleNetwork
  readonly clock: Clock
  /** Submits so many transactions; `committed` is told each receipt. */
  submit(open: (member: SampleMember) => Ledger, about: { readonly transactions: number; readonly committed: (receipt: Extract<Receipt, { status: 'committed' }>) => void; readonly day: (day: number) => void }): Promise<void>
}

/** `jump`: from one day to the next; 0 for a ledger whose clock is the machine's. */
export function ninetyDays({ jump = DAY, inFlight = 2000 } = {}): NinetyDays {
  let passed = 0
  const clock = { now: () => Date.now() + passed - DAYS * jump }
  const network = sampleNetwork({ now: clock.now })
  return {
    network, clock,
    submit: async (open, { transactions, committed, day }) => {
      let made = 0
      const ledgers = { rome: open('rome'), accounts: open('accounts'), institute: open('institute') }
      const submit = async (transaction: Transaction): Promise<void> => {
        const receipt = await ledgers[transaction.submitter as SampleMember].submit(transaction)
        if (receipt.status !== 'committed') throw new Error(`${transaction.contract} ${transaction.operation} was refused: ${receipt.refusal.code}`)
        made++
        committed(receipt)
      }
      await submit(network.genesis())
      const people = new People(network, Math.ceil(transactions * ENROLMENTS / 1000))
      for (let now = 0; now < DAYS; now++) {
        const share = (ofAll: number): number => Math.floor(transactions * ofAll / 1000 / DAYS)
        await inLanes(people.enrolling(now), inFlight, submit)
        const whole = [
          ...Array.from({ length: share(DATASETS) }, (_, n) => () => submit(dataset(network, now, n))),
          ...Array.from({ length: share(REQUESTS) }, (_, n) => () => request(network, `${now} ${n}`, { purpose: purposes[(n + now) % purposes.length] ?? '', day: now, clock, submit })),
        ]
        const apart = inLanes(whole, inFlight, (one) => one())
        await inLanes(people.deciding(Math.floor(transactions * (now + 1) / DAYS) - made - 5 * share(REQUESTS)), inFlight, submit)
        await apart
        if (now === DAYS - 1) await inLanes(people.deciding(transactions - made), inFlight, submit)
        day(now + 1)
        passed += jump
        // What waits for the ledger's clock in the feed sees one day end before the next begins.
        await pause(1)
      }
    },
  }
}

/** Two in five are there on the first day, the others come day by day; each decides in her turn, in most days at most once: consent, withdrawal, consent … */
class People {
  readonly #network: SampleNetwork
  readonly #count: number
  readonly #versions: number[] = []
  #turn = 0

  constructor(network: SampleNetwork, count: number) {
    this.#network = network
    this.#count = count
  }

  * enrolling(day: number): Generator<Transaction> {
    const until = Math.ceil(this.#count * (0.4 + 0.6 * day / (DAYS - 1)))
    while (this.#versions.length < until) {
      const n = this.#versions.push(0) - 1
      yield this.#network.enrol(n)
    }
  }

  * deciding(most: number): Generator<Transaction> {
    for (let n = 0; n < Math.min(most, this.#versions.length); n++) {
      const who = this.#turn++ % this.#versions.length
      const version = (this.#versions[who] ?? 0) + 1
      this.#versions[who] = version
      yield this.#network.decide(who, version, { operation: version % 4 === 2 ? 'withdraw' : 'set' })
    }
  }
}

const dataset = (network: SampleNetwork, day: number, n: number): Transaction => {
  const payload = { dataset: sampleId(`dataset ${day} ${n}`), categories: ['abefghm'[(day + n) % 7] ?? 'a'], description: digestOf(`dataset ${day} ${n}`), version: 1, state: 'offered' }
  return network.transaction('rome', { contract: 'datasets@1', operation: 'register', payload, operationId: sampleId(`register ${day} ${n}`) })
}

/** Filed, answered, and where it is accepted an agreement and a release. */
async function request(network: SampleNetwork, name: string, { purpose, day, clock, submit }: { purpose: string; day: number; clock: Clock; submit: (transaction: Transaction) => Promise<void> }): Promise<void> {
  const [asked, agreement, content] = [sampleId(`request ${name}`), sampleId(`agreement ${name}`), digestOf(`request ${name}`)]
  const send = (submitter: SampleMember, contract: string, operation: string, payload: Canonical): Promise<void> => submit(network.transaction(submitter, { contract, operation, payload, operationId: sampleId(`${operation} ${name}`) }))
  const until = clock.now() + 100 * DAY
  await send('institute', 'requests@2', 'file', { request: asked, holders: ['rome'], purpose, form: 'anonymised', basis: 'consent', content, until })
  const isRefused = (name.length + day) % 10 === 0
  await send('rome', 'requests@2', 'answer', { request: asked, content, state: isRefused ? 'refused' : 'accepted', reason: isRefused ? 'NOT_FOR_US' : 'WITHIN_TERMS', version: 1 })
  if (isRefused) return
  await send('rome', 'agreements@1', 'offer', { agreement, request: asked, content: digestOf(`agreement ${name}`), until: until - DAY, version: 1 })
  await send('institute', 'agreements@1', 'accept', { agreement, request: asked, holder: 'rome', version: 2 })
  await send('rome', 'releases@2', 'record', { release: sampleId(`release ${name}`), request: asked, form: 'anonymised', height: 1, content: digestOf(`manifest ${name}`), bytes: digestOf(`bytes ${name}`) })
}

async function inLanes<T>(work: Iterable<T>, lanes: number, run: (one: T) => Promise<void>): Promise<void> {
  const waiting = work[Symbol.iterator]()
  const lane = async (): Promise<void> => {
    for (let next = waiting.next(); next.done !== true; next = waiting.next()) await run(next.value)
  }
  await Promise.all(Array.from({ length: lanes }, lane))
}

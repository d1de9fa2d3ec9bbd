// Reads a JSON document: a Bundle of any type entry by entry in bounded memory, or a single resource.
import { BundleRules } from './bundle-rules.ts'
import { closes, COMMA, endOfString, isSpace, memberRanges, OPEN_LIST, OPEN_OBJECT, opens, QUOTE } from './json-scan.ts'
import { isProblem, parseResource, problem } from './source-items.ts'
import type { ReadLimits, SourceItem } from './source-items.ts'

/** Entries hold little beside their resource. */
const ENTRY_MARGIN = 1_000_000

/** Yields the items of each chunk together. What was complete before a break is given before the problem. */
export async function* readDocument(chunks: AsyncIterable<Uint8Array>, limits: ReadLimits): AsyncGenerator<SourceItem[]> {
  const scanner = new DocumentScanner(limits)
  for await (const chunk of chunks) {
    const items = scanner.push(chunk)
    if (items.length > 0) yield items
    if (scanner.broken) return
  }
  yield scanner.end()
}

/** The items of a document that is held whole. */
export function readWholeDocument(text: Uint8Array, limits: ReadLimits): SourceItem[] {
  const scanner = new DocumentScanner(limits)
  const items = scanner.push(text)
  return scanner.broken ? items : [...items, ...scanner.end()]
}

/**
 * Follows nesting and strings only. Text outside the list of entries is kept as the bundle's shell and parsed at the end;
 * each entry is cut out when its braces close. Entries are streamed once the shell so far says that this is a Bundle.
 */
class DocumentScanner {
  broken = false
  readonly #limits: ReadLimits
  /** Bytes not yet done with, in a store that grows by doubling; the first stands at `#base` in the source. */
  #store: Uint8Array = new Uint8Array(1 << 20)
  #buffer: Uint8Array = this.#store.subarray(0, 0)
  /** Where the search for a string's end goes on that the last chunk didn't hold. */
  #searched = 0
  #base = 0
  #at = 0
  #depth = 0
  #deepest = 0
  #inEntries = false
  #entryStart = -1
  #dropping = false
  /** Where the text begins that still has to go to the shell. */
  #shellStart = 0
  #shell: Uint8Array[] = []
  #shellBytes = 0
  #ended = false
  readonly #rules = new BundleRules()
  /** What the shell so far says the bundle is. */
  #kind: string | undefined

  constructor(limits: ReadLimits) {
    this.#limits = limits
  }

  push(chunk: Uint8Array): SourceItem[] {
    this.#append(chunk)
    const items: SourceItem[] = []
    while (this.#at < this.#buffer.length && !this.broken) {
      if (!this.#step(items)) break
    }
    this.#forget(items)
    return items
  }

  #append(chunk: Uint8Array): void {
    const length = this.#buffer.length + chunk.length
    if (length > this.#store.length) {
      const larger = new Uint8Array(2 * length)
      larger.set(this.#buffer)
      this.#store = larger
    }
    this.#store.set(chunk, this.#buffer.length)
    this.#buffer = this.#store.subarray(0, length)
  }

  /** One byte, or one string; false where the string goes on in the next chunk. */
  #step(items: SourceItem[]): boolean {
    const byte = this.#buffer[this.#at] as number
    if (byte === QUOTE) {
      const end = endOfString(this.#buffer, Math.max(this.#at, this.#searched))
      this.#searched = end < 0 ? this.#buffer.length - 1 : 0
      if (end < 0) return false
      if (this.#inEntries && this.#depth === 2) return this.#break(items)
      this.#at = end + 1
      return true
    }
    if (opens(byte)) this.#open(byte)
    else if (closes(byte)) this.#close(items)
    else if (this.#isMisplaced(byte)) return this.#break(items)
    this.#at++
    return true
  }

  #open(byte: number): void {
    this.#depth++
    this.#deepest = Math.max(this.#deepest, this.#depth)
    if (byte === OPEN_LIST && this.#depth === 2 && !this.#inEntries && this.#isEntryList()) {
      this.#toShell(this.#at + 1)
      this.#inEntries = true
    } else if (this.#inEntries && this.#depth === 3) {
      this.#entryStart = this.#at
      this.#deepest = 3
    }
  }

  #close(items: SourceItem[]): void {
    this.#depth--
    if (this.#inEntries && this.#depth === 2) {
      const item = this.#entry()
      items.push(item)
      this.broken ||= isProblem(item) && item.fatal
      this.#entryStart = -1
      this.#dropping = false
      this.#shellStart = this.#at + 1
    } else if (this.#inEntries && this.#depth === 1) {
      this.#inEntries = false
      this.#shellStart = this.#at
    } else if (this.#depth === 0) this.#ended = true
  }

  /** Between entries only commas and space may stand; outside the document only space. */
  #isMisplaced(byte: number): boolean {
    if (isSpace(byte)) return false
    return this.#depth === 0 || (this.#inEntries && this.#depth === 2 && byte !== COMMA)
  }

  #break(items: SourceItem[]): false {
    items.push(problem(this.#base + this.#at, 'FHIR_MALFORMED', true))
    this.broken = true
    return false
  }

  /** Whether the list opening here is a Bundle's `entry`: the shell so far names the type, as every writer of FHIR begins with it. */
  #isEntryList(): boolean {
    const before = Buffer.concat([...this.#shell, this.#buffer.subarray(this.#shellStart, this.#at)]).toString('latin1')
    this.#kind = /"type"\s*:\s*"([a-z-]+)"/.exec(before)?.[1]
    return /"entry"\s*:\s*$/.test(before) && /"resourceType"\s*:\s*"Bundle"/.test(before)
  }

  #entry(): SourceItem {
    const offset = this.#base + this.#entryStart
    if (this.#dropping) return problem(offset, 'FHIR_TOO_LARGE')
    if (this.#deepest > this.#limits.depth + 3) return problem(offset, 'FHIR_TOO_DEEP')
    return readEntry(this.#buffer.slice(this.#entryStart, this.#at + 1), { offset, limits: this.#limits, rules: this.#rules, kind: this.#kind })
  }

  #toShell(end: number): void {
    const part = this.#buffer.slice(this.#shellStart, end)
    this.#shell.push(part)
    this.#shellBytes += part.length
    this.#shellStart = end
  }

  /** Lets go of what has been used, so that memory stays within one entry and the shell. */
  #forget(items: SourceItem[]): void {
    if (!this.#inEntries) this.#toShell(this.#at)
    if (this.#shellBytes + (this.#inEntries ? 0 : this.#buffer.length - this.#at) > this.#limits.resourceBytes) {
      items.push(problem(0, 'FHIR_TOO_LARGE', true))
      this.broken = true
    }
    if (this.#entryStart >= 0 && this.#buffer.length - this.#entryStart > this.#limits.resourceBytes + ENTRY_MARGIN) this.#dropping = true
    const keepFrom = this.#entryStart >= 0 && !this.#dropping ? this.#entryStart : this.#at
    this.#store.copyWithin(0, keepFrom, this.#buffer.length)
    this.#buffer = this.#store.subarray(0, this.#buffer.length - keepFrom)
    this.#searched = Math.max(0, this.#searched - keepFrom)
    this.#base += keepFrom
    this.#at -= keepFrom
    if (this.#entryStart >= 0) this.#entryStart -= keepFrom
    this.#shellStart = Math.max(0, this.#shellStart - keepFrom)
  }

  end(): SourceItem[] {
    if (!this.#ended) return [problem(this.#base + Math.max(0, this.#entryStart), 'FHIR_TRUNCATED', true)]
    const shell = parseResource(Buffer.concat(this.#shell), { offset: 0, limits: this.#limits })
    if (isProblem(shell)) return [shell]
    if (shell.resource['resourceType'] !== 'Bundle') return [shell]
    const kind = typeof shell.resource['type'] === 'string' ? shell.resource['type'] : undefined
    const late = this.#kind === undefined ? this.#rules.end(kind) : undefined
    return [...entriesOf(shell.resource, { offset: 0, limits: this.#limits, rules: this.#rules, kind }), ...(late === undefined ? [] : [problem(0, late.code, true)])]
  }
}

interface EntryPlace {
  readonly offset: number
  readonly limits: ReadLimits
  readonly rules: BundleRules
  readonly kind: string | undefined
}

/** A document whose `entry` came before its type was kept whole; in one that was streamed the list is empty by now. */
function entriesOf(bundle: Readonly<Record<string, unknown>>, place: EntryPlace): SourceItem[] {
  const entries = bundle['entry']
  if (!Array.isArray(entries)) return []
  const items: SourceItem[] = []
  for (const entry of entries) {
    const item = readEntry(Buffer.from(JSON.stringify(entry)), place)
    items.push(item)
    if (isProblem(item) && item.fatal) break
  }
  return items
}

/** The resource of an entry, with its text as written. An entry without a resource, or one that its bundle's kind doesn't allow, is a problem. */
function readEntry(entry: Uint8Array, { offset, limits, rules, kind }: EntryPlace): SourceItem {
  const members = memberRanges(entry)
  const text = members.get('resource')
  const fullUrl = textOf(members.get('fullUrl'))
  const item = entry[0] !== OPEN_OBJECT || text === undefined ? problem(offset, 'FHIR_MISSING') : parseResource(trim(text), { offset, fullUrl, limits })
  const found = rules.next(kind, { fullUrl, method: methodOf(members.get('request')), ...isProblem(item) ? { resourceType: undefined, versionId: undefined } : shapeOf(item.resource) })
  return found === undefined || isProblem(item) && item.code !== 'FHIR_MISSING' ? item : problem(offset, found.code, found.fatal)
}

function shapeOf(resource: Readonly<Record<string, unknown>>): { resourceType: string | undefined; versionId: string | undefined } {
  const versionId = (resource['meta'] as Readonly<Record<string, unknown>> | null | undefined)?.['versionId']
  return { resourceType: typeof resource['resourceType'] === 'string' ? resource['resourceType'] : undefined, versionId: typeof versionId === 'string' ? versionId : undefined }
}

const methodOf = (request: Uint8Array | undefined): string | undefined => request === undefined ? undefined : textOf(memberRanges(trim(request)).get('method')) ?? ''

const textOf = (bytes: Uint8Array | undefined): string | undefined => bytes === undefined ? undefined : parseText(bytes)

function parseText(bytes: Uint8Array): string | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString())
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

function trim(bytes: Uint8Array): Uint8Array {
  let start = 0
  let end = bytes.length
  while (start < end && isSpace(bytes[start] as number)) start++
  while (end > start && isSpace(bytes[end - 1] as number)) end--
  return bytes.subarray(start, end)
}

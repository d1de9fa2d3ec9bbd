// Which witnesses count and how many of them must have cosigned: C2SP tlog-policy, without its logs' part where the logs are known otherwise.
import { accepted, refused } from '@mhmd/base'
import type { Result } from '@mhmd/base'
import { parseVerifierKey } from './note.ts'
import type { NoteKey } from './note.ts'

export interface PolicyWitness {
  /** By this name the policy speaks of it; it has no meaning elsewhere. */
  readonly name: string
  readonly key: NoteKey
  /** The submission prefix (tlog-witness), where the policy tells one. */
  readonly url?: string
}

export interface WitnessPolicy {
  readonly witnesses: readonly PolicyWitness[]
  /** Whether cosignatures of these public keys meet the quorum. */
  readonly isMet: (publicKeys: ReadonlySet<string>) => boolean
}

type Met = (publicKeys: ReadonlySet<string>) => boolean

interface Reading {
  readonly witnesses: PolicyWitness[]
  /** What has been named so far: witnesses and groups. */
  readonly named: Map<string, Met>
  /** A name is a member of one group at most, so that a witness counts once. */
  readonly used: Set<string>
  quorum?: Met
}

/** Undefined where the line is in order, else what is wrong. */
type LineRule = (reading: Reading, items: readonly string[]) => string | undefined

const lineRules: Readonly<Record<string, LineRule>> = {
  log: (_reading, [key, , ...rest]) => key === undefined || rest.length > 0 ? 'a log line is: log VKEY [URL]' : undefined,
  witness: (reading, [name, text, url, ...rest]) => {
    const key = parseVerifierKey(text ?? '', 'cosignature')
    if (name === undefined || key === undefined || rest.length > 0) return 'a witness line is: witness NAME VKEY [URL], with a key of type 0x04'
    if (isTaken(reading, name)) return `the name ${name} is taken`
    if (reading.witnesses.some((witness) => witness.key.publicKey === key.publicKey)) return 'two witnesses have the same key'
    reading.witnesses.push({ name, key, ...(url === undefined ? {} : { url }) })
    reading.named.set(name, (keys) => keys.has(key.publicKey))
    return undefined
  },
  group: (reading, [name, threshold, ...members]) => {
    const k = threshold === 'any' ? 1 : threshold === 'all' ? members.length : /^[1-9][0-9]{0,2}$/.test(threshold ?? '') ? Number(threshold) : 0
    if (name === undefined || k < 1 || k > members.length) return 'a group line is: group NAME all|any|K NAME…, with K from 1 to the number of names'
    if (isTaken(reading, name)) return `the name ${name} is taken`
    const parts = members.map((member) => reading.named.get(member))
    if (!parts.every((part) => part !== undefined)) return 'a group names what no line before it defines'
    for (const member of members) {
      if (reading.used.has(member)) return `${member} is a member twice`
      reading.used.add(member)
    }
    reading.named.set(name, (keys) => parts.filter((part) => part(keys)).length >= k)
    return undefined
  },
  quorum: (reading, [name, ...rest]) => {
    if (reading.quorum !== undefined) return 'there are two quorum lines'
    const met = name === 'none' ? () => true : reading.named.get(name ?? '')
    if (met === undefined || rest.length > 0) return 'a quorum line is: quorum NAME, of a witness or group before it, or none'
    reading.quorum = met
    return undefined
  },
}

const isTaken = ({ named }: Reading, name: string): boolean => name === 'none' || named.has(name)

/** Refused with POLICY_MALFORMED, the line and what is wrong with it. */
export function parsePolicy(text: string): Result<WitnessPolicy> {
  const reading: Reading = { witnesses: [], named: new Map(), used: new Set() }
  if (/[^\t\n\u0020-\u007e\u0080-\u{10ffff}]/u.test(text)) return refused('POLICY_MALFORMED', { why: 'it holds control characters' })
  for (const [at, line] of text.split('\n').entries()) {
    const [kind, ...items] = line.split(/[ \t]+/).filter((item) => item !== '')
    if (kind === undefined || kind.startsWith('#')) continue
    const wrong = Object.hasOwn(lineRules, kind) ? lineRules[kind]?.(reading, items) : 'a line begins with log, witness, group or quorum'
    if (wrong !== undefined) return refused('POLICY_MALFORMED', { line: at + 1, why: wrong })
  }
  return reading.quorum === undefined ? refused('POLICY_MALFORMED', { why: 'there is no quorum line' }) : accepted({ witnesses: reading.witnesses, isMet: reading.quorum })
}

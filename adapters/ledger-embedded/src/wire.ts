// The wire form of the ledger's HTTP interface: paths, and the lines of its streams. Version 1.
import { canonicalText, fromBase64Url, toBase64Url } from '@mhmd/base'
import type { Canonical, Key } from '@mhmd/base'
import type { Transaction } from '@mhmd/contracts'
import type { Block, Head, PrivateValue, Receipt } from '@mhmd/ledger'
import type { ErrorBody } from '@mhmd/messages'

export const paths = {
  submit: '/ledger/1/submit',
  outcome: '/ledger/1/outcome/',
  state: '/ledger/1/state',
  range: '/ledger/1/range',
  head: '/ledger/1/head',
  blocks: '/ledger/1/blocks',
  privateGet: '/ledger/1/private/get',
  privatePurge: '/ledger/1/private/purge',
} as const

/** How often a quiet block stream says that it lives. */
export const HEARTBEAT_MS = 1000

/** One line of a submit: many members' worth of round trips are saved by sending what has gathered. */
export interface SubmitLine {
  readonly transaction: Transaction
  readonly privateValue?: { readonly key: Key; readonly value: string }
}

/** What became of one line, in the order of the lines. */
export type SubmitResult = { readonly receipt: Receipt } | ErrorBody

export interface SubmitAnswer { readonly results: readonly SubmitResult[] }
export interface OutcomeAnswer { readonly receipt: Receipt | null }
export interface StateAnswer { readonly value?: Canonical }
export interface RangeAnswer { readonly entries: readonly { readonly key: Key; readonly value: Canonical }[] }
export interface PrivateAnswer { readonly value: string | null }

/** A line of the block stream: a block, or the head as sign of life. */
export type BlockLine = Block | { readonly head: Head }

export function submitLine(transaction: Transaction, privateValue: PrivateValue | undefined): string {
  const line: SubmitLine = privateValue === undefined ? { transaction } : { transaction, privateValue: { key: privateValue.key, value: toBase64Url(privateValue.value) } }
  // In canonical order, so that the ledger need not sort again.
  return canonicalText(line as unknown as Canonical)
}

export function privateValueOf(line: SubmitLine): PrivateValue | undefined {
  return line.privateValue === undefined ? undefined : { key: line.privateValue.key, value: fromBase64Url(line.privateValue.value) }
}

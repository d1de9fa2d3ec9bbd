// What somebody has who took every file of some organisations: their keys, their staff's keys, their certificates, and through them the ledger as it stands.
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { canonicalText } from '@mhmd/base'
import type { Canonical } from '@mhmd/base'
import { readProfile } from '@mhmd/cli'
import { signTransaction } from '@mhmd/contracts'
import type { UnsignedTransaction } from '@mhmd/contracts'
import type { SigningKey } from '@mhmd/crypto'
import type { DevNetwork } from '@mhmd/devnet'
import type { Block, Receipt } from '@mhmd/ledger'
import { memberPortOf, signingKeyOf } from './bad-members.ts'
import { callMember, certificateOf } from './member-door.ts'

export interface Spoils {
  readonly network: string
  key(member: string): SigningKey
  /** The first administrator's key and her colleague's: both desk staff. */
  staff(member: string): readonly [SigningKey, SigningKey]
  /** Signs and submits as a member, over its own TLS connection; what became of it, by code. */
  submit(by: string, act: Pick<UnsignedTransaction, 'contract' | 'operation' | 'operationId' | 'payload'>): Promise<string>
  /** Every entry below a prefix of the ledger's state. */
  range(...prefix: string[]): Promise<readonly { readonly key: readonly string[]; readonly value: Canonical }[]>
  blocks(): Promise<readonly Block[]>
}

export function spoilsOf(network: DevNetwork, networkId: string, ledgerPort = memberPortOf(network.home('ledger'))): Spoils {
  const key = (member: string): SigningKey => signingKeyOf(network.home(member))
  const staffOf = (member: string, name: string): SigningKey => readProfile(join(network.profile(member), '..', name)).key
  const call = async (by: string, path: string, body?: Uint8Array): Promise<unknown> => {
    const answer = await callMember({ ...certificateOf(network.home(by)), port: ledgerPort, method: body === undefined ? 'GET' : 'POST', path, body })
    if (answer.status !== 200) throw new Error(`the ledger answered ${answer.status} ${answer.code}`)
    return JSON.parse(answer.text)
  }
  return {
    network: networkId,
    key,
    staff: (member) => [staffOf(member, 'admin.json'), staffOf(member, 'colleague.json')],
    submit: async (by, act) => {
      const transaction = signTransaction({ network: networkId, ...act, submitter: by, time: Date.now() }, key(by))
      const { results: [result] } = await call(by, '/ledger/1/submit', Buffer.from(`${canonicalText({ transaction } as unknown as Canonical)}\n`)) as { results: [{ receipt?: Receipt; error?: { code: string } }] }
      return result.receipt === undefined ? result.error?.code ?? 'NO CODE' : codeOf(result.receipt)
    },
    range: async (...prefix) => (await call('ledger', `/ledger/1/range?prefix=${encodeURIComponent(JSON.stringify(prefix))}`) as { entries: { key: string[]; value: Canonical }[] }).entries,
    blocks: () => blocksOf(ledgerPort, certificateOf(network.home('ledger'))),
  }
}

/** Of a batch, what became of its first item. */
function codeOf(receipt: Receipt): string {
  if (receipt.status === 'refused') return receipt.refusal.code
  const item = receipt.events.find((event) => event.name === 'item')
  return item === undefined ? receipt.code : (item.payload as { code: string }).code
}

/** The stream of blocks until its first sign of life, which stands after the last one. */
function blocksOf(port: number, certificate: { key: string; cert: string }): Promise<Block[]> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest({ host: '127.0.0.1', port, path: '/ledger/1/blocks?from=0', ...certificate, rejectUnauthorized: false, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString()
        const lines = text.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Block | { head: unknown })
        if (!lines.some((line) => 'head' in line)) return
        resolve(lines.filter((line): line is Block => !('head' in line)))
        request.destroy()
      })
    })
    request.on('error', reject)
    request.end()
  })
}

// The thread that tries alternatives of a dataset's protection. It has no store and no key.
import { parentPort } from 'node:worker_threads'
import { MhmdError } from '@mhmd/base'
import { sourceDigest as digestOf } from '../table/make-table.ts'
import { filesOf, protectionProposals, protectionStart, tried } from './alternatives.ts'
import type { ProtectionAnswer, ProtectionTask } from './try-in-thread.ts'

const answer = (one: ProtectionAnswer): void => parentPort?.postMessage(one)

parentPort?.once('message', ({ source, document, grid, ownOnly, isFilesOnly, secondsEach, before }: ProtectionTask) => {
  try {
    const sourceDigest = digestOf(source)
    const start = protectionStart(source, document)
    if (isFilesOnly === true) return answer({ files: { sourceDigest, hierarchies: filesOf(start) } })
    const all = protectionProposals({ job: start.job, policy: document.policy, ...(grid && { grid }) })
    const proposals = ownOnly === true ? all.slice(0, 1) : all
    const isAnew = before?.sourceDigest !== sourceDigest
    answer({ begun: { sourceDigest, isAnew, names: proposals.map(({ name }) => name), job: start.job, rows: source.table.rows, people: new Set(source.person.codes).size } })
    for (const proposal of proposals) {
      if (!isAnew && before.names.includes(proposal.name)) continue
      const deadline = performance.now() + 1000 * secondsEach
      answer({ tried: tried(start, proposal, { before: document.policy, isOutOfTime: () => performance.now() > deadline }) })
    }
    answer({ ended: true })
  } catch (error) {
    if (!MhmdError.isInstance(error)) throw error
    answer({ error: error.toJSON() })
  }
})

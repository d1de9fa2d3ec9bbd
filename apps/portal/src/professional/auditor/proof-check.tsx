// A proof fetched from the node and checked here, by the code that `mhmd verify` runs: against the founders' keys of a network.json that the reader brings.
import { networkId } from '@mhmd/contracts'
import { checkpointOrigin, memberKeyName, proofRefusals, verifyProof } from '@mhmd/ledger'
import type { TrustRoots } from '@mhmd/ledger'
import { NetworkDocument, documentType } from '@mhmd/schema'
import { useId, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../design/state.tsx'
import { Failed } from '../asked.tsx'
import { useStaff } from '../staff-context.ts'

const networkDocument = documentType('network', NetworkDocument)

function rootsOf(text: string): TrustRoots {
  const network = networkDocument.parse(JSON.parse(text))
  const id = networkId(network)
  return { origin: checkpointOrigin(id), keys: network.founders.map((member) => ({ name: memberKeyName(id, member.id), publicKey: member.signingKey })), quorum: network.admissionQuorum }
}

type Checked = { readonly proven: true; readonly signedBy: readonly string[]; readonly size: number } | { readonly proven: false; readonly code: string }

export function ProofCheck({ operationId }: { readonly operationId: string }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [state, setState] = useState<{ checked?: Checked; error?: unknown }>({})
  const id = useId()
  const check = async (file: File): Promise<Checked> => {
    const roots = rootsOf(await file.text())
    const result = verifyProof(await node.get(`/staff/1/proofs/${operationId}`), roots)
    if (!result.ok) return { proven: false, code: result.refusal.code }
    const isAbout = result.value.leaf.operationId === operationId || result.value.writes.some(({ key }) => key[0] === 'operation' && key[1] === operationId)
    return isAbout ? { proven: true, signedBy: result.value.signedBy, size: result.value.checkpoint.size } : { proven: false, code: 'PROOF_OTHER_OPERATION' }
  }
  const chosen = (file: File | undefined): void => {
    setState({})
    if (file !== undefined) check(file).then((checked) => setState({ checked }), (error: unknown) => setState({ error }))
  }
  const { checked, error } = state
  return (
    <>
      <div className="field"><label className="label" htmlFor={id}>{t('proof.roots')}</label><span className="hint" id={`${id}-hint`}>{t('proof.rootsHint')}</span><input id={id} type="file" accept=".json" aria-describedby={`${id}-hint`} onChange={(event) => chosen(event.target.files?.[0])} /></div>
      {error === undefined ? null : <Failed error={error} />}
      {checked === undefined ? null : checked.proven
        ? <Note kind="yes"><p role="status"><strong>{t('proof.proven')}</strong> {t('proof.signed', { count: checked.signedBy.length, size: checked.size })}</p><ul>{checked.signedBy.map((name) => <li key={name}><code>{name}</code></li>)}</ul></Note>
        : <Note kind="no" alert><p><strong>{t('proof.not')}</strong> <code>{checked.code}</code></p><p lang="en">{proofRefusals[checked.code]?.says}. {proofRefusals[checked.code]?.remedy}</p></Note>}
    </>
  )
}

// A proof fetched from the node and checked here, by the code that `mhmd verify` runs: against the founders' keys of a network.json that the reader brings.
import { networkId } from '@mhmd/contracts'
import { checkpointOrigin, explainRefusal, memberKeyName, verifyProof } from '@mhmd/proof'
import type { TrustRoots } from '@mhmd/proof'
import { NetworkDocument, documentType } from '@mhmd/schema'
import { useId, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { saveFile } from '../../device/saved-file.ts'
import { Note } from '../../design/state.tsx'
import { spoken } from '../../words/language.ts'
import { Failed } from '../asked.tsx'
import { useStaff } from '../staff-context.ts'

const networkDocument = documentType('network', NetworkDocument)

/** Undefined where the file is another one. */
function networkIn(text: string): NetworkDocument | undefined {
  try {
    return networkDocument.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

function rootsOf(network: NetworkDocument): TrustRoots {
  const id = networkId(network)
  return { origin: checkpointOrigin(id), keys: network.founders.map((member) => ({ name: memberKeyName(id, member.id), publicKey: member.signingKey })), quorum: network.admissionQuorum }
}

/** No answer of the check: the reader brought another file. */
const NO_NETWORK = 'NO_NETWORK'

type Checked = { readonly proven: true; readonly signedBy: readonly string[]; readonly size: number } | { readonly proven: false; readonly code: string }

export function ProofCheck({ operationId }: { readonly operationId: string }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const [state, setState] = useState<{ checked?: Checked; error?: unknown }>({})
  const id = useId()
  const check = async (file: File): Promise<Checked> => {
    const network = networkIn(await file.text())
    if (network === undefined) return { proven: false, code: NO_NETWORK }
    const result = verifyProof(await node.get(`/staff/1/proofs/${operationId}`), rootsOf(network))
    if (!result.ok) return { proven: false, code: result.refusal.code }
    const isAbout = result.value.leaf.operationId === operationId || result.value.writes.some(({ key }) => key[0] === 'operation' && key[1] === operationId)
    return isAbout ? { proven: true, signedBy: result.value.signedBy, size: result.value.checkpoint.size } : { proven: false, code: 'PROOF_OTHER_OPERATION' }
  }
  const chosen = (file: File | undefined): void => {
    setState({})
    if (file !== undefined) check(file).then((checked) => setState({ checked }), (error: unknown) => setState({ error }))
  }
  const save = (): void => {
    setState({})
    node.get(`/staff/1/proofs/${operationId}`).then((proof) => saveFile(`proof-${operationId}.json`, proof), (failure: unknown) => setState({ error: failure }))
  }
  const { checked, error } = state
  return (
    <>
      <div className="field"><label className="label" htmlFor={id}>{t('proof.roots')}</label><span className="hint" id={`${id}-hint`}>{t('proof.rootsHint')}</span><input id={id} type="file" accept=".json" aria-describedby={`${id}-hint`} onChange={(event) => chosen(event.target.files?.[0])} /></div>
      {error === undefined ? null : <Failed error={error} />}
      {checked === undefined ? null : checked.proven
        ? <Note kind="yes"><p role="status"><strong>{t('proof.proven')}</strong> {t('proof.signed', { count: checked.signedBy.length, size: checked.size })}</p><ul>{checked.signedBy.map((name) => <li key={name}><code>{name}</code></li>)}</ul></Note>
        : <Note kind="no" alert><p><strong>{t('proof.not')}</strong> {checked.code === NO_NETWORK ? t('proof.noNetwork') : <code>{checked.code}</code>}</p><Why code={checked.code} /></Note>}
      <p>{t('proof.offline')} <a href="/verify.html" target="_blank" rel="noopener">{t('proof.page')}</a></p>
      <div className="actions"><button type="button" onClick={save}>{t('proof.save')}</button></div>
    </>
  )
}

function Why({ code }: { readonly code: string }): ReactNode {
  const refusal = explainRefusal(code, spoken())
  return refusal === undefined ? null : <p>{refusal.says}. {refusal.remedy}</p>
}

// Propose an organisation for membership, or vote for one that was proposed: with the application it signed, in this member's name, by a signature.
import { useId, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../design/state.tsx'
import { useDoing } from '../doing.tsx'
import { useStaff } from '../staff-context.ts'

interface Admitted {
  readonly member: string
  readonly height: number
  readonly active: boolean
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function Admit(): ReactNode {
  const { t } = useTranslation('professional')
  const { signed } = useStaff()
  const doing = useDoing()
  const [state, setState] = useState<{ application?: { readonly member?: { readonly id?: string; readonly name?: string } }; isWrong?: boolean; admitted?: Admitted }>({})
  const id = useId()
  const chosen = async (file: File | undefined): Promise<void> => {
    const application = file === undefined ? undefined : parsed(await file.text()) as NonNullable<typeof state.application> | undefined
    setState(typeof application?.member?.name === 'string' ? { application } : { isWrong: file !== undefined })
  }
  const admit = (): void => doing.run(async () => setState({ admitted: await (await signed()).post<Admitted>('/staff/1/members/admissions', state.application) }))
  return (
    <section>
      <h2>{t('admit.title')}</h2>
      <div className="field">
        <label className="label" htmlFor={id}>{t('admit.file')}</label>
        <span className="hint" id={`${id}-hint`}>{t('admit.hint')}</span>
        <input id={id} type="file" accept=".json" aria-describedby={`${id}-hint`} onChange={(event) => void chosen(event.target.files?.[0])} />
      </div>
      {state.isWrong === true ? <Note kind="no" alert><p>{t('admit.wrong')}</p></Note> : null}
      {state.admitted === undefined ? null : <Note kind="yes"><p role="status">{t(state.admitted.active ? 'admit.active' : 'admit.recorded', { name: state.admitted.member, height: state.admitted.height })}</p></Note>}
      {doing.error}
      {state.application === undefined ? null : <div className="actions"><button type="button" className="primary" disabled={doing.working} onClick={admit}>{t('admit.submit', { name: state.application.member?.name ?? '' })}</button></div>}
    </section>
  )
}

// Colleagues: who may act here by which key, and invitations: made, listed, taken back. What gives power takes a signature.
import type { MemberRole } from '@mhmd/schema'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Checks } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { moment } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { Page } from '../page.tsx'
import type { StaffRole } from '../session.ts'
import { useStaff } from '../staff-context.ts'
import { Sure } from '../sure.tsx'

interface Invitation {
  readonly id: string
  readonly roles: readonly StaffRole[]
  readonly expires: number
}

interface Made {
  readonly id: string
  readonly link: string
  readonly expires: number
}

const invited = ['steward', 'researcher', 'officer', 'auditor', 'desk', 'dpo', 'admin'] as const satisfies readonly StaffRole[]
/** Roles that have something to do at organisations of one kind alone. */
const onlyAt: Partial<Readonly<Record<(typeof invited)[number], MemberRole>>> = { officer: 'access-body' }

export function Colleagues(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('pages.administrator.colleagues')}>
      <Invite />
      <h2>{t('colleagues.open')}</h2>
      <Asked asked={useAsked<{ invitations: readonly Invitation[] }>('/staff/1/invitations', { every: 10_000 })}>{({ invitations }) => invitations.length === 0 ? <p>{t('colleagues.noneOpen')}</p> : <ul className="plain-rows">{invitations.map((one) => <Open key={one.id} invitation={one} />)}</ul>}</Asked>
      <h2>{t('colleagues.keys')}</h2>
      <Asked asked={useAsked<{ staff: readonly { readonly key: string; readonly roles: readonly StaffRole[] }[] }>('/staff/1/staff', { every: 10_000 })}>{({ staff }) => <ul className="plain-rows">{staff.map((one) => <Key key={one.key} member={one} />)}</ul>}</Asked>
    </Page>
  )
}

function Invite(): ReactNode {
  const { t } = useTranslation('professional')
  const { signed, directory } = useStaff()
  const doing = useDoing()
  const here = directory.members.find(({ id }) => id === directory.self)?.roles ?? []
  const offered = invited.filter((role) => onlyAt[role] === undefined || here.includes(onlyAt[role]))
  const [roles, setRoles] = useState<readonly (typeof invited)[number][]>([])
  const [state, setState] = useState<{ tried?: boolean; made?: Made; copied?: boolean }>({})
  const submit = (): void => {
    if (roles.length === 0) return setState({ tried: true })
    doing.run(async () => {
      const made = await (await signed()).post<Made>('/staff/1/invitations', { roles })
      setState({ made })
      setRoles([])
    })
  }
  const copy = (link: string): void => void navigator.clipboard.writeText(link).then(() => setState({ ...state, copied: true }), () => undefined)
  return (
    <section>
      <h2>{t('colleagues.invite')}</h2>
      <p>{t('colleagues.lead')}</p>
      {state.made === undefined ? null : (
        <Note kind="yes">
          <p role="status"><strong>{t('colleagues.made')}</strong> {t('colleagues.once', { date: moment(state.made.expires) })}</p>
          <p><code className="invitation-link">{state.made.link}</code></p>
          <p><button type="button" onClick={() => copy(state.made?.link ?? '')}>{t(state.copied === true ? 'colleagues.copied' : 'colleagues.copy')}</button></p>
        </Note>
      )}
      <form onSubmit={(event) => { event.preventDefault(); submit() }}>
        <Checks legend={t('colleagues.roles')} error={state.tried === true && roles.length === 0 ? t('colleagues.rolesError') : undefined} options={offered.map((role) => ({ value: role, label: t(`roles.${role}`), hint: t(`colleagues.does.${role}`) }))} chosen={roles} choose={setRoles} />
        {doing.error}
        <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('colleagues.submit')}</button></div>
      </form>
    </section>
  )
}

function Open({ invitation: { id, roles, expires } }: { readonly invitation: Invitation }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  return <li>{roles.map((role) => t(`roles.${role}`)).join(', ')} <span className="muted">{t('colleagues.until', { date: moment(expires) })}</span> {doing.error}<button type="button" disabled={doing.working} onClick={() => doing.run(() => node.delete(`/staff/1/invitations/${id}`))}>{t('colleagues.withdraw')}<span className="visually-hidden"> {id}</span></button></li>
}

function Key({ member: { key, roles } }: { readonly member: { readonly key: string; readonly roles: readonly StaffRole[] } }): ReactNode {
  const { t } = useTranslation('professional')
  const { signed, session } = useStaff()
  return (
    <li>
      <code>{key}</code> <span>{roles.map((role) => t(`roles.${role}`)).join(', ')}</span>
      {key === session.key ? <span className="muted">{t('colleagues.yours')}</span> : <Sure label={t('colleagues.remove')} sure={t('colleagues.sure')} of={key} act={async () => (await signed()).delete(`/staff/1/staff/${key}`)} />}
    </li>
  )
}

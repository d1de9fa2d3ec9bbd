// The shell of staff's pages: who is signed in, her rooms and pages, and the way in where nobody is. Addresses survive sign-in.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { ComponentType, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Redirect, Route, Switch, useRoute } from 'wouter'
import { later } from '../design/later.tsx'
import { Skeleton } from '../design/waiting.tsx'
import { areasOf } from './areas.ts'
import type { Area } from './areas.ts'
import { invitationNow } from './invitation-in-address.ts'
import { Live, Lost } from './live.tsx'
import { meanwhile } from './meanwhile.tsx'
import { NoPage } from './no-page.tsx'
import { Palette } from './palette.tsx'
import { resume, signOut } from './session.ts'
import type { Staff } from './session.ts'
import { SignIn } from './sign-in.tsx'
import { RefusedContext, StaffContext } from './staff-context.ts'
import { Invited } from './invited.tsx'
import { forgetTyped } from './typed.ts'
import { speakOther } from './words.ts'

export function App(): ReactNode {
  const { t } = useTranslation('professional')
  const queries = useQueryClient()
  const [staff, setStaff] = useState<Staff | 'asking' | 'nobody'>('asking')
  const [isOver, setOver] = useState(false)
  const [isInvited, setInvited] = useState(invitationNow() !== undefined)
  useEffect(() => {
    resume().then((resumed) => setStaff(resumed ?? 'nobody'), () => setStaff('nobody'))
  }, [])
  // A session that ended is noticed at the next question or act, and the page waits behind the sign-in, with what was typed in it.
  useEffect(() => queries.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'error' && isSessionOver(event.action.error)) setOver(true)
  }), [queries])
  const forget = (): void => {
    queries.clear()
    forgetTyped()
  }
  const enter = (next: Staff): void => {
    if (typeof staff === 'object' && staff.session.key === next.session.key) void queries.invalidateQueries()
    else forget()
    setInvited(false)
    setOver(false)
    setStaff(next)
  }
  const refused = (error: unknown): void => {
    if (isSessionOver(error)) setOver(true)
    // Another tab of hers signed in anew.
    else if ((error as { code?: string }).code === 'NODE_CSRF') resume().then((resumed) => resumed === undefined ? setOver(true) : setStaff(resumed), () => setOver(true))
  }
  if (isInvited) return <Invited enter={enter} leave={() => setInvited(false)} />
  if (staff === 'asking') return <main className="entry"><Skeleton label={t('loading')} /></main>
  if (staff === 'nobody') return <SignIn enter={enter} />
  return (
    <StaffContext value={staff}>
      <RefusedContext value={refused}>
        <Live isPaused={isOver}><div hidden={isOver}><Shell key={staff.session.key} staff={staff} leave={() => { forget(); setOver(false); setStaff('nobody') }} /></div></Live>
      </RefusedContext>
      {isOver ? <SignIn enter={enter} isAgain /> : null}
    </StaffContext>
  )
}

/** Without the cookie of one, which a browser drops when it is over, a request is only not signed. */
const isSessionOver = (error: unknown): boolean => ['NODE_SESSION_OVER', 'MESSAGES_REQUEST_NOT_SIGNED'].includes((error as { code?: string } | null)?.code ?? '')

function Shell({ staff, leave }: { readonly staff: Staff; readonly leave: () => void }): ReactNode {
  const { t } = useTranslation('professional')
  const mine = areasOf(staff)
  const { directory, session } = staff
  const self = directory.members.find(({ id }) => id === directory.self)
  const first = mine[0]
  const commands = mine.flatMap(({ name, pages }) => pages.map((page) => ({ label: t(`pages.${name}.${page}` as 'pages.operator.health'), group: t(`areas.${name}`), href: `/${name}/${page}` })))
  const out = (): void => void signOut(staff).then(leave, leave)
  return (
    <div className="shell">
      <a className="skip" href="#main">{t('skip')}</a>
      <nav aria-label={t('navigation')}>
        <div className="who"><strong>{self?.name ?? directory.self}</strong><span className="muted small">{session.roles.map((role) => t(`roles.${role}`)).join(', ')}</span></div>
        <div className="rooms">{mine.map((area) => <AreaLinks key={area.name} area={area} />)}</div>
        <h2>{t('you')}</h2>
        <div className="you"><Palette commands={commands} /><button type="button" className="plain" onClick={() => void speakOther()}>{t('language')}</button><button type="button" className="plain" onClick={out}>{t('signOut')}</button></div>
      </nav>
      <main id="main" tabIndex={-1}>
        <Lost />
        <Switch>
          {mine.map(({ name, pages }) => <Route key={name} path={`/${name}`}><Redirect to={`/${name}/${pages[0] ?? ''}`} replace /></Route>)}
          {mine.map((area) => <Route key={area.name} path={`/${area.name}`} nest><Room area={area} /></Route>)}
          <Route path="/">{first === undefined ? null : <Redirect to={`/${first.name}/${first.pages[0] ?? ''}`} replace />}</Route>
          <Route><NoPage /></Route>
        </Switch>
      </main>
    </div>
  )
}

const rooms = new Map<Area['load'], ComponentType>()

/** Its pages, loaded once, however often it is drawn. */
function Room({ area: { load } }: { readonly area: Area }): ReactNode {
  const Pages = rooms.get(load) ?? later(load, meanwhile)
  rooms.set(load, Pages)
  return <Pages />
}

function AreaLinks({ area: { name, pages } }: { readonly area: Area }): ReactNode {
  const { t } = useTranslation('professional')
  return <><h2>{t(`areas.${name}`)}</h2><ul>{pages.map((page) => <li key={page}><PageLink href={`/${name}/${page}`} label={t(`pages.${name}.${page}` as 'pages.operator.health')} /></li>)}</ul></>
}

function PageLink({ href, label }: { readonly href: string; readonly label: string }): ReactNode {
  const [isHere] = useRoute(`${href}/*?`)
  const link = useRef<HTMLAnchorElement>(null)
  // On a phone the rooms stand in one strip, which shows where she is.
  useEffect(() => {
    const place = link.current?.parentElement
    // With what stands before it, whole: its neighbour, or its area's name.
    const first = place?.previousElementSibling ?? place?.parentElement?.previousElementSibling
    if (isHere && first instanceof HTMLElement) first.closest('.rooms')?.scrollTo({ left: first.offsetLeft })
  }, [isHere])
  return <Link ref={link} href={href} aria-current={isHere ? 'page' : undefined}>{label}</Link>
}

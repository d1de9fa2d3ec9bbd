// The shell of staff's pages: who is signed in, her rooms and pages, and the way in where nobody is. Addresses survive sign-in.
import { useQueryClient } from '@tanstack/react-query'
import { Suspense, useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Redirect, Route, Switch, useRoute } from 'wouter'
import { Skeleton } from '../design/waiting.tsx'
import { areas } from './areas.ts'
import type { Area } from './areas.ts'
import { invitationNow } from './invitation-in-address.ts'
import { Page } from './page.tsx'
import { Palette } from './palette.tsx'
import { resume, signOut } from './session.ts'
import type { Staff } from './session.ts'
import { SignIn } from './sign-in.tsx'
import { StaffContext } from './staff-context.ts'
import { Invited } from './invited.tsx'
import { speakOther } from './words.ts'

export function App(): ReactNode {
  const { t } = useTranslation('professional')
  const queries = useQueryClient()
  const [staff, setStaff] = useState<Staff | 'asking' | 'nobody'>('asking')
  const [isInvited, setInvited] = useState(invitationNow() !== undefined)
  useEffect(() => {
    resume().then(setStaff, () => setStaff('nobody'))
  }, [])
  // A session that ended is noticed at the next question, and the page waits behind the sign-in.
  useEffect(() => queries.getQueryCache().subscribe(({ query }) => {
    if ((query.state.error as { code?: string } | null)?.code === 'NODE_SESSION_OVER') setStaff('nobody')
  }), [queries])
  const enter = (next: Staff): void => {
    queries.clear()
    setInvited(false)
    setStaff(next)
  }
  if (isInvited) return <Invited enter={enter} />
  if (staff === 'asking') return <main className="entry"><Skeleton label={t('loading')} /></main>
  if (staff === 'nobody') return <SignIn enter={enter} />
  return <StaffContext value={staff}><Shell staff={staff} leave={() => { queries.clear(); setStaff('nobody') }} /></StaffContext>
}

function Shell({ staff, leave }: { readonly staff: Staff; readonly leave: () => void }): ReactNode {
  const { t } = useTranslation('professional')
  const mine = areas.filter(({ isFor }) => isFor(staff))
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
        {mine.map((area) => <AreaLinks key={area.name} area={area} />)}
        <h2>{t('you')}</h2>
        <div className="you"><Palette commands={commands} /><button type="button" className="plain" onClick={() => void speakOther()}>{t('language')}</button><button type="button" className="plain" onClick={out}>{t('signOut')}</button></div>
      </nav>
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<Skeleton label={t('loading')} />}>
          <Switch>
            {mine.map(({ name, Pages }) => <Route key={name} path={`/${name}`} nest><Pages /></Route>)}
            <Route path="/">{first === undefined ? null : <Redirect to={`/${first.name}/${first.pages[0] ?? ''}`} replace />}</Route>
            <Route><Page title={t('notFound')}><p>{t('notFoundText')}</p></Page></Route>
          </Switch>
        </Suspense>
      </main>
    </div>
  )
}

function AreaLinks({ area: { name, pages } }: { readonly area: Area }): ReactNode {
  const { t } = useTranslation('professional')
  return <><h2>{t(`areas.${name}`)}</h2><ul>{pages.map((page) => <li key={page}><PageLink href={`/${name}/${page}`} label={t(`pages.${name}.${page}` as 'pages.operator.health')} /></li>)}</ul></>
}

function PageLink({ href, label }: { readonly href: string; readonly label: string }): ReactNode {
  const [isHere] = useRoute(`${href}/*?`)
  return <Link href={href} aria-current={isHere ? 'page' : undefined}>{label}</Link>
}

// The citizen's pages by address. What needs her keys shows the way in first, and itself after it.
import { useEffect, useState, useSyncExternalStore } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useRoute } from 'wouter'
import { Icon } from '../design/icons.tsx'
import type { IconName } from '../design/icons.tsx'
import { later } from '../design/later.tsx'
import { Skeleton } from '../design/waiting.tsx'
import { current, lock, stayAwake, watch } from './opened.ts'
import { Missed } from './page.tsx'
import { speakOther } from './words.ts'
import { Welcome } from './pages/welcome.tsx'

const meanwhile = { Waiting, Missed }
const Inside = later(() => import('./inside.tsx'), meanwhile)
const Entering = later(() => import('./entering.tsx'), meanwhile)
const Network = later(() => import('./pages/network.tsx'), meanwhile)

const places = [['data', '/data'], ['choices', '/choices'], ['used', '/used'], ['rights', '/rights']] as const satisfies readonly (readonly [IconName, string])[]

export function App(): ReactNode {
  const { t } = useTranslation()
  const opened = useSyncExternalStore(watch, current, current)
  const [isEntering] = useRoute('/enter/*?')
  const [isEnrolling] = useRoute('/enrol')
  const [isNetwork] = useRoute('/network')
  useEffect(() => {
    const events = ['pointerdown', 'keydown'] as const
    for (const event of events) addEventListener(event, stayAwake)
    return () => events.forEach((event) => removeEventListener(event, stayAwake))
  }, [])
  useEffect(() => {
    document.body.classList.toggle('has-places', opened !== undefined)
  }, [opened])
  return (
    <>
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.querySelector<HTMLElement>('main h1, main')?.focus() }}>{t('skip')}</a>
      <header className="top"><div>
        <Link className="brand" href="/"><Icon name="brand" />{t('name')}</Link>
        <div className="tools">
          <Language />
          {opened === undefined ? null : <button type="button" onClick={lock}>{t('lock')}</button>}
        </div>
      </div></header>
      {opened === undefined ? null : <Places />}
      {isEntering || isEnrolling ? <Entering /> : isNetwork ? <Network {...(opened === undefined ? {} : { opened })} /> : opened === undefined ? <Welcome /> : <Inside opened={opened} />}
    </>
  )
}

function Waiting(): ReactNode {
  const { t } = useTranslation()
  return <main id="main"><Skeleton label={t('loading')} /></main>
}

function Language(): ReactNode {
  const { t } = useTranslation()
  const [isChanging, setChanging] = useState(false)
  return <button type="button" lang={t('language') === 'Italiano' ? 'it' : 'en'} disabled={isChanging} onClick={() => { setChanging(true); void speakOther().finally(() => setChanging(false)) }}>{t('language')}</button>
}

function Places(): ReactNode {
  const { t } = useTranslation()
  return (
    <nav className="places" aria-label={t('places.label')}>
      <ul>{places.map(([name, path]) => <li key={name}><Place name={name} path={path} /></li>)}</ul>
    </nav>
  )
}

function Place({ name, path }: { readonly name: (typeof places)[number][0]; readonly path: string }): ReactNode {
  const { t } = useTranslation()
  const [isHere] = useRoute(`${path}/*?`)
  return <Link href={path} aria-current={isHere ? 'page' : undefined}><Icon name={name} />{t(`places.${name}`)}</Link>
}

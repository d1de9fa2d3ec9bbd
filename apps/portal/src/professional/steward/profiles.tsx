// Profiles that imports are held to: those kept here, what of each is not asked, a new one from a file, and the end of one.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { FileQuestion } from '../../design/questions.tsx'
import { Note } from '../../design/state.tsx'
import { day } from '../../words/language.ts'
import { Asked, useAsked } from '../asked.tsx'
import { useDoing } from '../doing.tsx'
import { List } from '../list.tsx'
import { Page } from '../page.tsx'
import { useStaff } from '../staff-context.ts'
import { Sure } from '../sure.tsx'

interface Profile {
  readonly id: string
  readonly url: string
  readonly type: string
  readonly unread: readonly string[]
  readonly added: number
}

export function Profiles(): ReactNode {
  const { t } = useTranslation('professional')
  return (
    <Page title={t('pages.steward.profiles')}>
      <p>{t('profiles.lead')} <Link href="/imports">{t('profiles.toImports')}</Link></p>
      <Add />
      <h2>{t('profiles.kept')}</h2>
      <Asked asked={useAsked<{ profiles: readonly Profile[] }>('/staff/1/profiles')}>{({ profiles }) => (
        <List caption={t('profiles.kept')} rows={profiles} keyOf={({ id }) => id} textOf={({ url, type }) => `${url} ${type}`} empty={<p>{t('profiles.none')}</p>} columns={[
          { name: t('profiles.address'), cell: ({ url }) => <code>{url}</code> },
          { name: t('profiles.type'), cell: ({ type }) => type },
          { name: t('profiles.unread'), cell: ({ unread }) => unread.length === 0 ? t('profiles.all') : <details className="small"><summary>{t('profiles.elements', { count: unread.length })}</summary><ul>{unread.map((path) => <li key={path}><code>{path}</code></li>)}</ul></details> },
          { name: t('profiles.since'), cell: ({ added }) => day(added) },
          { name: t('profiles.remove'), cell: (profile) => <Remove profile={profile} /> },
        ]} />
      )}</Asked>
    </Page>
  )
}

/** What is wrong with a file before it is sent; or what it holds. */
async function definitionIn(file: File): Promise<{ readonly definition?: object; readonly error?: 'notJson' | 'notProfile' }> {
  try {
    const definition = JSON.parse(await file.text()) as unknown
    return typeof definition === 'object' && definition !== null && 'resourceType' in definition && definition.resourceType === 'StructureDefinition' ? { definition } : { error: 'notProfile' }
  } catch {
    return { error: 'notJson' }
  }
}

function Add(): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const doing = useDoing()
  const [file, setFile] = useState<File>()
  const [wrong, setWrong] = useState<string>()
  const [kept, setKept] = useState<Profile>()
  const add = (): void => doing.run(async () => {
    setWrong(undefined)
    setKept(undefined)
    if (file === undefined) return setWrong(t('profiles.noFile'))
    const { definition, error } = await definitionIn(file)
    if (error !== undefined) return setWrong(t(`profiles.${error}`))
    setKept(await node.post<Profile>('/staff/1/profiles', { definition }))
  })
  return (
    <form onSubmit={(event) => { event.preventDefault(); add() }}>
      <FileQuestion label={t('profiles.file')} hint={t('profiles.fileHint')} error={wrong} accept=".json" choose={setFile} />
      {doing.error}
      {kept === undefined ? null : <Note kind="yes"><p role="status">{t('profiles.added', { url: kept.url, type: kept.type })} {kept.unread.length === 0 ? null : t('profiles.addedUnread', { count: kept.unread.length })}</p></Note>}
      <div className="actions"><button type="submit" className="primary" disabled={doing.working}>{t('profiles.add')}</button></div>
    </form>
  )
}

function Remove({ profile: { id, url } }: { readonly profile: Profile }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  return <Sure label={t('profiles.remove')} sure={t('profiles.removeSure')} of={url} act={() => node.delete(`/staff/1/profiles/${id}`)} />
}

// A professional's page: its heading, focused on arrival from another page, and what may be done with the thing as a whole.
import { useEffect, useRef } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

let isFirst = true

export function Page({ title, up, actions, children }: { readonly title: string; readonly up?: { readonly href: string; readonly label: string }; readonly actions?: ReactNode; readonly children: ReactNode }): ReactNode {
  const { t } = useTranslation('professional')
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · ${t('name')}`
    if (!isFirst) heading.current?.focus()
    isFirst = false
  }, [title, t])
  return (
    <>
      {up === undefined ? null : <p className="small"><Link href={up.href}>‹ {up.label}</Link></p>}
      <h1 tabIndex={-1} ref={heading}>{title}</h1>
      {actions === undefined ? null : <div className="actions">{actions}</div>}
      {children}
    </>
  )
}

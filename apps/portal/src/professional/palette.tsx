// The command palette (Ctrl or Cmd and K): every page of hers by a few letters, without the mouse.
import { useEffect, useId, useRef, useState } from 'react'
import type { KeyboardEvent, ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'

export interface Command {
  readonly label: string
  readonly group: string
  readonly href: string
}

export function Palette({ commands }: { readonly commands: readonly Command[] }): ReactNode {
  const { t } = useTranslation('professional')
  const dialog = useRef<HTMLDialogElement>(null)
  const [typed, setTyped] = useState('')
  const [at, setAt] = useState(0)
  const [, go] = useLocation()
  const id = useId()
  const found = commands.filter(({ label, group }) => typed.toLowerCase().split(/\s+/).every((word) => `${group} ${label}`.toLowerCase().includes(word)))
  const open = (): void => {
    setTyped('')
    setAt(0)
    dialog.current?.showModal()
  }
  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent): void => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault()
        open()
      }
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
  const choose = (command: Command | undefined): void => {
    if (command === undefined) return
    dialog.current?.close()
    go(command.href)
  }
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step !== undefined) {
      event.preventDefault()
      setAt((at + step + found.length) % Math.max(1, found.length))
    }
    if (event.key === 'Enter') choose(found[at])
  }
  return (
    <>
      <button type="button" onClick={open}>{t('palette.open')} <kbd>Ctrl K</kbd></button>
      <dialog ref={dialog} aria-label={t('palette.title')}>
        <label className="label" htmlFor={`${id}-typed`}>{t('palette.title')}</label>
        <input id={`${id}-typed`} type="search" role="combobox" aria-expanded="true" aria-controls={`${id}-found`} aria-activedescendant={found[at] === undefined ? undefined : `${id}-${at}`} autoComplete="off" value={typed} onChange={(event) => { setTyped(event.target.value); setAt(0) }} onKeyDown={onKey} autoFocus />
        <ul className="found" id={`${id}-found`} role="listbox" aria-label={t('palette.found')}>
          {found.map((command, index) => <li key={command.href} id={`${id}-${index}`} role="option" aria-selected={index === at} onClick={() => choose(command)}><span>{command.label}</span><span className="muted">{command.group}</span></li>)}
        </ul>
        {found.length === 0 ? <p className="muted">{t('palette.none')}</p> : null}
      </dialog>
    </>
  )
}

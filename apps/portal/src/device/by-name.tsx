// Where these pages should be opened instead: passkeys and other members' nodes know this node by the one name that the directory has for it.
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { Note } from '../design/state.tsx'

const isProvisional = (): boolean => /^[0-9.]+$|^\[|^localhost$/.test(location.hostname)

export function ByName({ words }: { readonly words: string }): ReactNode {
  const [address, setAddress] = useState<string>()
  useEffect(() => {
    if (!isProvisional()) return
    const look = async (): Promise<void> => {
      const { directoryHere } = await import('./directory.ts')
      const { members, self } = await directoryHere()
      setAddress(members.find(({ id }) => id === self)?.peopleEndpoint)
    }
    look().catch(() => undefined)
  }, [])
  if (address === undefined || address === location.origin) return null
  const here = `${address}${location.pathname}${location.search}${location.hash}`
  return <Note kind="wait"><p>{words} <a href={here}>{here}</a></p></Note>
}

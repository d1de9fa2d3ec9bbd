// A vote on another member's standing, in this member's name: a dialog says what follows before it leaves, by a signature (decision 0053).
import { useEffect, useId, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Note } from '../../design/state.tsx'
import { useDoing } from '../doing.tsx'
import { useNameOf, useStaff } from '../staff-context.ts'

export interface Standing {
  readonly id: string
  readonly name: string
  readonly roles: readonly string[]
  readonly state: string
  readonly version: number
  readonly votes: readonly string[]
}

const kinds = { suspend: { path: '/staff/1/members/suspensions', follows: ['refused', 'open', 'people', 'back'] }, reinstate: { path: '/staff/1/members/reinstatements', follows: ['again', 'lost'] } } as const
const kindOf = ({ state }: Standing): keyof typeof kinds => state === 'active' ? 'suspend' : 'reinstate'

interface VoteProps {
  readonly member: Standing
  readonly quorum: number | null
  readonly self: string
}

export function StandingVote({ member, quorum, self }: VoteProps): ReactNode {
  const { t } = useTranslation('professional')
  // The vote is about what she saw when she opened the dialog, whatever has come since.
  const [seen, setSeen] = useState<Standing>()
  const [isDone, setDone] = useState(false)
  const said = useRef<HTMLSpanElement>(null)
  const hasVoted = member.votes.includes(self)
  // The button is gone with the vote: who came by keyboard goes on from here.
  useEffect(() => {
    if (isDone && hasVoted) said.current?.focus()
  }, [isDone, hasVoted])
  if (member.id === self) return null
  // The ledger may tell of her vote before the node's answer is here: the dialog stands until it closes by itself.
  return (
    <>
      {hasVoted ? <span className="muted" tabIndex={-1} ref={said}>{t('network.standing.voted')}</span> : <button type="button" onClick={() => setSeen(member)}>{t(`network.standing.${kindOf(member)}`)}<span className="visually-hidden"> {member.name}</span></button>}
      {seen === undefined ? null : <VoteDialog seen={seen} quorum={quorum ?? 0} leave={(hasLeft) => { setSeen(undefined); setDone(hasLeft) }} />}
    </>
  )
}

interface DialogProps {
  readonly seen: Standing
  readonly quorum: number
  readonly leave: (hasVoted: boolean) => void
}

function VoteDialog({ seen, quorum, leave }: DialogProps): ReactNode {
  const { t } = useTranslation('professional')
  const { signed } = useStaff()
  const nameOf = useNameOf()
  const doing = useDoing()
  const dialog = useRef<HTMLDialogElement>(null)
  const title = useRef<HTMLHeadingElement>(null)
  const id = useId()
  // At its title: a second Enter by haste is no vote.
  useEffect(() => {
    dialog.current?.showModal()
    title.current?.focus()
  }, [])
  const kind = kindOf(seen)
  const missing = quorum - seen.votes.length - 1
  const vote = (): void => doing.run(async () => {
    await (await signed()).post(kinds[kind].path, { member: seen.id, version: seen.version })
    dialog.current?.close('voted')
  })
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={() => leave(dialog.current?.returnValue === 'voted')}>
      <h2 id={id} tabIndex={-1} ref={title}>{t(`network.standing.title.${kind}`, { name: seen.name })}</h2>
      <p>{t('network.standing.yours')} {t('network.standing.takes', { count: quorum })} {seen.votes.length === 0 ? t('network.standing.none') : t('network.standing.stand', { count: seen.votes.length, names: seen.votes.map(nameOf).join(', ') })}</p>
      <Note kind={missing > 0 ? 'info' : 'wait'}><p>{missing > 0 ? t('network.standing.missing', { count: missing }) : t('network.standing.last')}</p></Note>
      <h3>{t(`network.standing.then.${kind}`)}</h3>
      <ul>
        {kinds[kind].follows.map((what) => <li key={what}>{t(`network.standing.follows.${what}`)}</li>)}
        {kind === 'suspend' && seen.roles.includes('ledger-operator') ? <li>{t('network.standing.follows.operator')}</li> : null}
      </ul>
      {doing.error}
      <div className="actions">
        <button type="button" className={kind === 'suspend' ? 'grave' : 'primary'} disabled={doing.working} onClick={vote}>{t(`network.standing.vote.${kind}`)}</button>
        <button type="button" disabled={doing.working} onClick={() => dialog.current?.close()}>{t('leave')}</button>
      </div>
    </dialog>
  )
}

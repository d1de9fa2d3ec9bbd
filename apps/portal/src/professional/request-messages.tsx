// What requester and holder write to each other about one request, and a new message; each shows whether it has arrived.
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LongTextQuestion } from '../design/questions.tsx'
import { State } from '../design/state.tsx'
import { moment } from '../words/language.ts'
import { Asked, useAsked } from './asked.tsx'
import { useDoing } from './doing.tsx'
import { Select } from './select.tsx'
import { useNameOf, useStaff } from './staff-context.ts'

export interface Message {
  readonly id: string
  readonly with: string
  readonly from: string
  readonly by: string | null
  readonly at: number
  readonly text: string
  readonly delivery: 'waiting' | 'delivered' | 'refused' | 'expired' | null
}

interface RequestMessagesProps {
  readonly request: string
  /** Whom this side may write to about it. */
  readonly others: readonly string[]
}

export function RequestMessages({ request, others }: RequestMessagesProps): ReactNode {
  const { t } = useTranslation('professional')
  const path = `/staff/1/requests/${request}/messages`
  return (
    <section>
      <h2>{t('messages.title')}</h2>
      <Asked asked={useAsked<{ messages: readonly Message[] }>(path, { on: ['message'] })}>{({ messages }) => messages.length === 0 ? <p className="muted">{t('messages.none')}</p> : <ol className="messages">{messages.map((message) => <One key={message.id} message={message} others={others} />)}</ol>}</Asked>
      <Write path={path} others={others} />
    </section>
  )
}

function One({ message: { from, with: other, at, text, delivery, by }, others }: { readonly message: Message; readonly others: readonly string[] }): ReactNode {
  const { t } = useTranslation('professional')
  const { session } = useStaff()
  const nameOf = useNameOf()
  const isOwn = from !== other
  const who = isOwn ? t(by === session.key ? 'messages.you' : 'messages.colleague') : nameOf(from)
  return (
    <li className={isOwn ? 'own' : undefined}>
      <p className="small muted"><strong>{who}</strong>{isOwn && others.length > 1 ? ` → ${nameOf(other)}` : ''} · <time dateTime={new Date(at).toISOString()}>{moment(at)}</time></p>
      <p className="written">{text}</p>
      {delivery === null || delivery === 'delivered' ? null : <p className="small"><State kind={delivery === 'waiting' ? 'wait' : 'no'}>{t(`messages.delivery.${delivery}`)}</State></p>}
    </li>
  )
}

const MOST_CHARACTERS = 4000

function Write({ path, others }: { readonly path: string; readonly others: readonly string[] }): ReactNode {
  const { t } = useTranslation('professional')
  const { node } = useStaff()
  const nameOf = useNameOf()
  const doing = useDoing()
  const [text, setText] = useState('')
  const [to, setTo] = useState(others[0] ?? '')
  const [isTried, setTried] = useState(false)
  const wrong = text.trim() === '' ? t('messages.empty') : text.length > MOST_CHARACTERS ? t('messages.long', { count: text.length - MOST_CHARACTERS }) : undefined
  const submit = (): void => {
    setTried(true)
    if (wrong !== undefined) return
    doing.run(async () => {
      await node.post(path, { to, text: text.trim() })
      setText('')
      setTried(false)
    })
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); submit() }}>
      {others.length < 2 ? null : <Select label={t('messages.to')} value={to} options={others.map((id) => [id, nameOf(id)] as const)} change={setTo} />}
      <LongTextQuestion label={t('messages.write')} hint={t('messages.hint')} rows={3} value={text} change={setText} error={isTried ? wrong : undefined} />
      {doing.error}
      <div className="actions"><button type="submit" disabled={doing.working}>{t('messages.send')}</button></div>
    </form>
  )
}

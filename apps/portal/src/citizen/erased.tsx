// Where a hospital erased what it kept of her: said in one sentence wherever she would look for it, and nothing is offered there.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Note } from '../design/state.tsx'
import { day } from '../words/language.ts'
import type { HolderNow } from './views.ts'

export function Erased({ known, nameOf }: { readonly known: readonly HolderNow[]; readonly nameOf: (id: string) => string }): ReactNode {
  const { t } = useTranslation()
  return known.map(({ holder, erased }) => erased === null ? null : (
    <Note key={holder} kind={erased.done === null ? 'wait' : 'info'}>
      <p>{t(erased.done === null ? 'erased.asked' : 'erased.done', { name: nameOf(holder), date: day(erased.done ?? erased.asked) })} <Link href="/rights/statements">{t('erased.statement')}</Link></p>
    </Note>
  ))
}

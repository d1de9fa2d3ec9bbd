// A hospital's notice in her language, folded away until she wants it or open where she must see it.
import type { Notice } from '@mhmd/client'
import type { ReactNode } from 'react'
import { spoken } from '../words/language.ts'

export const noticeIn = (notices: readonly Notice[]): Notice | undefined => notices.find(({ language }) => language === spoken()) ?? notices[0]

export function NoticeText({ notices, label }: { readonly notices: readonly Notice[]; readonly label: string }): ReactNode {
  const notice = noticeIn(notices)
  return notice === undefined ? null : <details><summary>{label}</summary><p lang={notice.language}>{notice.text}</p></details>
}

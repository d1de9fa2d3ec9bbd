// The notice a citizen is shown before she decides (GDPR Art. 13): versioned text, named in her signed decision by its digest.
import { statementDigest } from '@mhmd/crypto'

export interface Notice {
  readonly version: number
  readonly language: 'en' | 'it'
  readonly text: string
  /** What her decision holds: SHA-256 over version, language and text. */
  readonly hash: string
}

const texts: Readonly<Record<Notice['language'], string>> = {
  en: 'You decide who may use your health records kept here. You choose which records, for whom, for what and for how long. If you say nothing, nobody may use them on the ground of your consent. You can change or end your choice at any time; what was counted before cannot be taken out of results already given. Your choice is signed by a key on your device. The shared ledger shows a random number in place of your name, the version and the time of your choice, and nothing about your health.',
  it: 'Decidi tu chi può usare i tuoi dati sanitari conservati qui. Scegli quali dati, per chi, per quale scopo e per quanto tempo. Se non dici nulla, nessuno può usarli sulla base del tuo consenso. Puoi cambiare o revocare la tua scelta in ogni momento; ciò che è già stato contato non può essere tolto dai risultati già dati. La tua scelta è firmata da una chiave sul tuo dispositivo. Il registro condiviso mostra un numero casuale al posto del tuo nome, la versione e l\'ora della tua scelta, e nulla sulla tua salute.',
}

const noticeOf = (language: Notice['language']): Notice => {
  const content = { version: 1, language, text: texts[language] }
  return { ...content, hash: statementDigest('notice', content) }
}

export const notices: readonly Notice[] = [noticeOf('en'), noticeOf('it')]

/** Whether a digest is that of a notice that was shown here. */
export const isKnownNotice = (hash: string): boolean => notices.some((notice) => notice.hash === hash)

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

/** For a person whose records were found under two numbers and put together (decision 0022): what a decision signed from now on covers. */
const mergedTexts: Readonly<Record<Notice['language'], string>> = {
  en: 'This hospital kept your records under two patient numbers and has put them together. What you forbade under either number counts for both. What you permitted before covers only the number you permitted it for; what you choose from now on covers the records of both. If one of the two is not yours, tell the hospital\'s desk: it takes them apart again. ',
  it: 'Questo ospedale conservava i tuoi dati sotto due numeri di paziente e li ha riuniti. Ciò che hai vietato sotto uno dei due vale per entrambi. Ciò che hai permesso prima riguarda soltanto il numero per cui l\'hai permesso; ciò che scegli da ora in poi riguarda i dati di entrambi. Se uno dei due non è tuo, dillo allo sportello dell\'ospedale: li separa di nuovo. ',
}

const noticeOf = (version: number, language: Notice['language'], text: string): Notice => {
  const content = { version, language, text }
  return { ...content, hash: statementDigest('notice', content) }
}

export const notices: readonly Notice[] = [noticeOf(1, 'en', texts.en), noticeOf(1, 'it', texts.it)]
export const mergedNotices: readonly Notice[] = [noticeOf(2, 'en', mergedTexts.en + texts.en), noticeOf(2, 'it', mergedTexts.it + texts.it)]

/** Whether a digest is that of a notice that was shown here. */
export const isKnownNotice = (hash: string): boolean => [...notices, ...mergedNotices].some((notice) => notice.hash === hash)

/** Whether who signed under this notice was told that her records here were merged. */
export const tellsOfMerge = (hash: string | undefined): boolean => mergedNotices.some((notice) => notice.hash === hash)

// Her words in both languages: English comes with the first page, which saves a round trip; Italian when it is spoken.
import { citizen } from '../words/citizen-en.ts'
import { speak, spoken } from '../words/language.ts'
import type { Catalogues } from '../words/language.ts'

export const catalogues: Catalogues = {
  en: async () => ({ citizen }),
  it: async () => ({ citizen: (await import('../words/citizen-it.ts')).citizen }),
}

export const speakOther = (): Promise<void> => speak(spoken() === 'en' ? 'it' : 'en', catalogues)

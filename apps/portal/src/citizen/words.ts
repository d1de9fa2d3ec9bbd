// Her words in both languages, each loaded when it is spoken.
import { speak, spoken } from '../words/language.ts'
import type { Catalogues } from '../words/language.ts'

export const catalogues: Catalogues = {
  en: async () => ({ citizen: (await import('../words/citizen-en.ts')).citizen }),
  it: async () => ({ citizen: (await import('../words/citizen-it.ts')).citizen }),
}

export const speakOther = (): Promise<void> => speak(spoken() === 'en' ? 'it' : 'en', catalogues)

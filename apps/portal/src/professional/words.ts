// Professionals' words in both languages.
import { speak, spoken } from '../words/language.ts'
import type { Catalogues } from '../words/language.ts'

export const catalogues: Catalogues = {
  en: async () => ({ professional: (await import('../words/professional-en.ts')).professional }),
  it: async () => ({ professional: (await import('../words/professional-it.ts')).professional, nodeCodes: (await import('../words/node-codes-it.ts')).nodeCodes, nodeReasons: (await import('../words/node-reasons-it.ts')).nodeReasons, nodeAlarms: (await import('../words/node-alarms-it.ts')).nodeAlarms, nodeViews: (await import('../words/node-views-it.ts')).nodeViews }),
}

export const speakOther = (): Promise<void> => speak(spoken() === 'en' ? 'it' : 'en', catalogues)

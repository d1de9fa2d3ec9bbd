// Which language the pages speak: the reader's choice on this device, or else her browser's; and dates and numbers as that language writes them.
import i18next from 'i18next'
import type { FormatterModule } from 'i18next'
import { initReactI18next } from 'react-i18next'

export const languages = ['en', 'it'] as const
export type Language = (typeof languages)[number]

const KEPT = 'language'
const isLanguage = (value: string | null | undefined): value is Language => languages.includes(value as Language)

/** Catalogues of one entry, loaded when they are spoken. */
export type Catalogues = Readonly<Record<Language, () => Promise<Record<string, object>>>>

const preferred = (): Language => {
  const kept = localStorage.getItem(KEPT)
  return isLanguage(kept) ? kept : navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'en'
}

/** In the reader's language, where none is given. */
export async function startWords(catalogues: Catalogues, given?: Language): Promise<void> {
  const language = given ?? preferred()
  if (given === undefined) document.documentElement.lang = language
  const words = await catalogues[language]()
  const ns = Object.keys(words)
  await i18next.use(initReactI18next).use(numbersInSentences).init({ lng: language, ns, defaultNS: ns[0] ?? 'citizen', resources: { [language]: words }, interpolation: { escapeValue: false, alwaysFormat: true }, returnNull: false })
}

export async function speak(language: Language, catalogues: Catalogues): Promise<void> {
  for (const [name, words] of Object.entries(await catalogues[language]())) i18next.addResourceBundle(language, name, words)
  localStorage.setItem(KEPT, language)
  document.documentElement.lang = language
  await i18next.changeLanguage(language)
}

export const spoken = (): Language => isLanguage(i18next.language) ? i18next.language : 'en'

/** How dates and numbers are written where these pages are read. */
const locale = (): string => ({ en: 'en-GB', it: 'it-IT' })[spoken()]

export const day = (time: number): string => new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(time)
export const moment = (time: number): string => new Intl.DateTimeFormat(locale(), { dateStyle: 'long', timeStyle: 'short' }).format(time)
export const tenths: Intl.NumberFormatOptions = { minimumFractionDigits: 1, maximumFractionDigits: 1 }
/** Making one takes longer than writing with it. */
const formats = new Map<string, Intl.NumberFormat>()

/** Whatever precision it has, unless the options say otherwise. */
export function number(value: number, options: Intl.NumberFormatOptions = {}): string {
  const key = `${locale()} ${JSON.stringify(options)}`
  const format = formats.get(key) ?? new Intl.NumberFormat(locale(), { maximumFractionDigits: 20, ...options })
  formats.set(key, format)
  return format.format(value)
}

const numbersInSentences: FormatterModule = { type: 'formatter', init: () => undefined, add: () => undefined, addCached: () => undefined, format: (value: unknown) => typeof value === 'number' ? number(value) : value as string }

export const listed = (items: readonly string[]): string => new Intl.ListFormat(spoken(), { type: 'conjunction' }).format(items)

// Members by name, in the device's copy of the directory, and countries in her language.
import { spoken } from '../words/language.ts'
import type { Opened } from './opened.ts'

export const nameIn = ({ directory }: Opened) => (id: string): string => directory.members.find((member) => member.id === id)?.name ?? id

/** The country of her account provider: what "at home" means. */
export const homeCountry = ({ directory }: Opened): string => directory.members.find(({ id }) => id === directory.self)?.country ?? 'IT'

export const countryName = (code: string): string => new Intl.DisplayNames([spoken()], { type: 'region' }).of(code) ?? code

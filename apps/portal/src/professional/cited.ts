// An article as staff know it, in a few letters: `EHDS Art. 71(3)`.
import { spoken } from '../words/language.ts'

/** `EHDS:71(3)`, as the vocabularies write it. */
export function cited(citation: string): string {
  const [instrument = '', ...place] = citation.split(':')
  return `${instrument} ${spoken() === 'it' ? 'art.' : 'Art.'} ${place.join(':')}`
}

// Keys of the catalogues, known to the compiler: a word that is missing is an error before a page shows it.
import type { citizen } from './citizen-en.ts'
import type { professional } from './professional-en.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    readonly defaultNS: 'citizen'
    readonly resources: { readonly citizen: typeof citizen; readonly professional: typeof professional }
  }
}

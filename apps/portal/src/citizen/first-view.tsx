// The first page as markup in each language, made when the pages are built: it stands before any script has run, and the script takes it over as it is.
import { QueryClient } from '@tanstack/react-query'
import { renderToString } from 'react-dom/server'
import { languages, startWords } from '../words/language.ts'
import { Pages } from './pages.tsx'
import { catalogues } from './words.ts'

export async function firstViews(): Promise<readonly { readonly language: string; readonly markup: string }[]> {
  const views: { language: string; markup: string }[] = []
  for (const language of languages) {
    await startWords(catalogues, language)
    views.push({ language, markup: renderToString(<Pages queries={new QueryClient()} />) })
  }
  return views
}

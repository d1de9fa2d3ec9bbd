// The citizen's entry: words first, then the pages. A one-time link's code is taken out of the address before anything else happens.
import './citizen.css'
import { QueryClient } from '@tanstack/react-query'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { leadToFirstWrong } from '../design/first-wrong.ts'
import { spoken, startWords } from '../words/language.ts'
import { takeLinkCode } from './link-in-address.ts'
import { onceMore } from './once-more.ts'
import { watch, current } from './opened.ts'
import { Pages } from './pages.tsx'
import { catalogues } from './words.ts'

takeLinkCode()
leadToFirstWrong()
const queries = new QueryClient({ defaultOptions: { queries: { retry: onceMore, staleTime: 5000 } } })
// What was fetched with her keys goes when they go.
watch(() => {
  if (current() === undefined) queries.clear()
})

const root = document.getElementById('app')
if (root !== null) {
  const came = document.documentElement.lang
  await startWords(catalogues)
  // The first page came as markup, in the language that her browser asked for.
  const stands = root.hasChildNodes() && came === spoken() && ['', '#', '#/'].includes(location.hash)
  if (stands) hydrateRoot(root, <Pages queries={queries} />)
  else createRoot(root).render(<Pages queries={queries} />)
}

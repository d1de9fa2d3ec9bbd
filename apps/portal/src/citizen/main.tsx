// The citizen's entry: words first, then the pages. A one-time link's code is taken out of the address before anything else happens.
import './citizen.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { startWords } from '../words/language.ts'
import { App } from './app.tsx'
import { takeLinkCode } from './link-in-address.ts'
import { watch, current } from './opened.ts'
import { catalogues } from './words.ts'

takeLinkCode()
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 5000 } } })
// What was fetched with her keys goes when they go.
watch(() => {
  if (current() === undefined) queries.clear()
})

const root = document.getElementById('app')
if (root !== null) {
  await startWords(catalogues)
  // Addresses are in the fragment, which no server sees: which study she looks at is hers alone.
  createRoot(root).render(<QueryClientProvider client={queries}><Router hook={useHashLocation}><App /></Router></QueryClientProvider>)
}

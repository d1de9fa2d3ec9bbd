// The professionals' entry. An invitation's secret is taken out of the address before anything else happens.
import './professional.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { Router } from 'wouter'
import { leadToFirstWrong } from '../design/first-wrong.ts'
import { startWords } from '../words/language.ts'
import { App } from './app.tsx'
import { takeInvitationFromAddress } from './invitation-in-address.ts'
import { catalogues } from './words.ts'

takeInvitationFromAddress()
leadToFirstWrong()
const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 3000 } } })
const root = document.getElementById('app')
if (root !== null) {
  await startWords(catalogues)
  createRoot(root).render(<QueryClientProvider client={queries}><Router base="/pro"><App /></Router></QueryClientProvider>)
}

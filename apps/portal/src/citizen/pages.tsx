// All of a citizen's pages around what they share. Addresses are in the fragment, which no server sees: which study she looks at is hers alone.
import { QueryClientProvider } from '@tanstack/react-query'
import type { QueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'
import { App } from './app.tsx'

export const Pages = ({ queries }: { readonly queries: QueryClient }): ReactNode => <QueryClientProvider client={queries}><Router hook={useHashLocation}><App /></Router></QueryClientProvider>

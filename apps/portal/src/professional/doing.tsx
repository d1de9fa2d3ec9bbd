// One act at the node from a page: its button, what it is doing, what went wrong; afterwards what was fetched is asked anew.
import { useQueryClient } from '@tanstack/react-query'
import { useContext, useState } from 'react'
import type { ReactNode } from 'react'
import { keepPlace } from '../design/kept-place.ts'
import { Failed } from './asked.tsx'
import { RefusedContext } from './staff-context.ts'

export interface Doing {
  readonly working: boolean
  readonly error: ReactNode
  run(act: () => Promise<unknown>): void
}

export function useDoing(): Doing {
  const queries = useQueryClient()
  const refused = useContext(RefusedContext)
  const [state, setState] = useState<{ working: boolean; error?: unknown }>({ working: false })
  return {
    working: state.working,
    error: state.error === undefined ? null : <Failed error={state.error} />,
    run: (act) => {
      const keep = keepPlace()
      setState({ working: true })
      act().then(() => setState({ working: false }), (error: unknown) => { setState({ working: false, error }); refused(error) }).finally(() => void queries.invalidateQueries().then(keep))
    },
  }
}

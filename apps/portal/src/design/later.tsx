// A page whose program is loaded when it is gone to. Where it doesn't come, that is said, and it can be asked for again; whatever else stands there stays.
import { Suspense, lazy, useState } from 'react'
import type { ComponentType, LazyExoticComponent } from 'react'

export interface Meanwhile {
  readonly Waiting: ComponentType
  /** When it did not come. */
  readonly Missed: ComponentType<{ readonly again: () => void }>
}

interface Loaded<P> {
  readonly props: P
  readonly again: () => void
}

export function later<P extends object>(load: () => Promise<{ readonly default: ComponentType<P> }>, { Waiting, Missed }: Meanwhile): ComponentType<P> {
  let isMissed = false
  const ask = (): LazyExoticComponent<ComponentType<Loaded<P>>> => lazy(() => load().then(
    ({ default: Page }) => ({ default: ({ props }: Loaded<P>) => <Page {...props} /> }),
    () => {
      isMissed = true
      return { default: ({ again }: Loaded<P>) => <Missed again={again} /> }
    },
  ))
  let asked = ask()
  const anew = (): typeof asked => {
    if (isMissed) asked = ask()
    isMissed = false
    return asked
  }
  return function Later(props: P) {
    const [Asked, setAsked] = useState(anew)
    return <Suspense fallback={<Waiting />}><Asked props={props} again={() => setAsked(anew())} /></Suspense>
  }
}

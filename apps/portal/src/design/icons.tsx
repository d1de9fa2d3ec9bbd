// The few icons, drawn here: each stands beside a word and says nothing by itself.
import type { ReactNode } from 'react'

const drawings = {
  yes: <path d="M4 12.5l5 5L20 6.5" />,
  no: <path d="M6 6l12 12M18 6L6 18" />,
  wait: <><circle cx="12" cy="12" r="8.5" /><path d="M12 7v5.5l3.5 2" /></>,
  info: <><circle cx="12" cy="12" r="8.5" /><path d="M12 11v5.5M12 7.6v.2" /></>,
  none: <path d="M5 12h14" />,
  data: <><rect x="5" y="3.5" width="14" height="17" rx="1.5" /><path d="M8.5 8.5h7M8.5 12h7M8.5 15.5h4" /></>,
  choices: <><path d="M4 7h9M19 7h1M4 17h1M11 17h9" /><circle cx="16" cy="7" r="2.6" /><circle cx="8" cy="17" r="2.6" /></>,
  used: <><circle cx="10.5" cy="10.5" r="6.5" /><path d="M15.5 15.5L20.5 20.5" /></>,
  rights: <><path d="M12 3.5v17M6 20.5h12M5 7.5l7-2 7 2" /><path d="M2.5 14l2.5-6.5L7.5 14a2.6 2.6 0 0 1-5 0zM16.500 14l2.500-6.500 2.500 6.500a2.600 2.600 0 0 1-5 0z" /></>,
  brand: <><path d="M12 20.500C6 16 3 12.500 3 8.800A4.600 4.600 0 0 1 12 7a4.600 4.600 0 0 1 9 1.800c0 1-.2 2-.7 3" /><path d="M14 16l2.500 2.500L21.500 13.500" /></>,
} as const satisfies Record<string, ReactNode>

export type IconName = keyof typeof drawings

export const Icon = ({ name }: { readonly name: IconName }): ReactNode => (
  <svg viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">{drawings[name]}</svg>
)

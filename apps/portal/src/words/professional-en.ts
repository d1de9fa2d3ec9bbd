// The professionals' pages in English.
export const professional = {
  name: 'My Health My Data',
} as const

// A text that changes as somebody types, told once it has stood still for a moment.
import { useEffect, useState } from 'react'

const STILL_MILLISECONDS = 600

export function useSettled(text: string): string {
  const [settled, settle] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => settle(text), STILL_MILLISECONDS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}

// Whoever presses a button stays where she is: a browser puts the focus before the page's beginning when a button goes away, or rests while it works.

/** Call it before the act; what it gives, once the page shows what became of it. Where the button is gone, the page's heading takes the focus. */
export function keepPlace(): () => void {
  const pressed = document.activeElement
  return () => void requestAnimationFrame(() => {
    if (!(pressed instanceof HTMLElement) || document.activeElement !== document.body) return
    const place = pressed.isConnected ? pressed : document.querySelector('h1')
    place?.focus({ preventScroll: true })
  })
}

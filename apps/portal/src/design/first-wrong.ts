// Whoever sends a form that lacks something is led to the first question to mend: its words are read out, and it comes into sight.

/** For every form of the page, once. What a form says of itself is drawn by the time of the next frame. */
export function leadToFirstWrong(): void {
  document.addEventListener('submit', ({ target }) => requestAnimationFrame(() => {
    const wrong = (target as HTMLFormElement).querySelector<HTMLElement>('[aria-invalid="true"]')
    wrong?.focus({ preventScroll: true })
    wrong?.closest('fieldset, .field')?.scrollIntoView({ block: 'nearest' })
  }))
}

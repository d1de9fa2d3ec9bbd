// A one-time link carries her recovery code in the address's fragment: read once, taken out of the address and the history, and forgotten after use.
let code: string | undefined

/** Looks for `#recovery=CODE`. */
export function takeLinkCode(): void {
  const found = /^#recovery=([0-9A-Za-z-]{36,60})$/.exec(location.hash)
  if (found === null) return
  code = found[1]
  history.replaceState(null, '', `${location.pathname}#/enrol`)
}

export function usedLinkCode(): string | undefined {
  const once = code
  code = undefined
  return once
}

// An invitation's link carries its secret in the address's fragment: read once, and taken out of the address and the history.
export interface Invitation {
  readonly id: string
  readonly secret: string
}

let invitation: Invitation | undefined

/** Looks for `#invitation=ID.SECRET`. */
export function takeInvitationFromAddress(): void {
  const found = /^#invitation=([0-9a-hjkmnp-tv-z]{26})\.([A-Za-z0-9_-]{43})$/.exec(location.hash)
  if (found === null) return
  invitation = { id: String(found[1]), secret: String(found[2]) }
  history.replaceState(null, '', `${location.pathname}${location.search}`)
}

export const invitationNow = (): Invitation | undefined => invitation
export const forgetInvitation = (): void => void (invitation = undefined)

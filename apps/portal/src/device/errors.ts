// The errors of the pages themselves: what a browser or a passkey can't do.
import { defineErrors } from '@mhmd/base'

export const portalErrors = defineErrors('PORTAL', {
  PASSKEY_NOT_MADE: { kind: 'unavailable', says: () => 'No passkey was made', remedy: 'Try again, or go on with the recovery code.' },
  PASSKEY_NOT_USED: { kind: 'unavailable', says: () => 'No passkey was used', remedy: 'Try again, or sign in with the recovery code.' },
  PASSKEY_WITHOUT_PRF: { kind: 'unavailable', says: () => 'This passkey gives no secret (it lacks the PRF extension)', remedy: 'Use another passkey or browser, or the recovery code.' },
  LOCKED: { kind: 'unauthenticated', says: () => 'These pages are locked', remedy: 'Sign in again.' },
})

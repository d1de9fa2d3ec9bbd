// What of a browser's storage can be read without a key: texts as they are, and whatever is only encoded.
const ENCODED = /^[\w+/=-]{16,}$/

/**
 * The kept values as a finder would read them, for searching. A value that is nothing but base64 is decoded, and left out as it
 * stands: in a long sealed box four given letters follow one another by chance.
 */
export const readable = (kept: Readonly<Record<string, string>>): string =>
  Object.entries(kept).flatMap(([key, value]) => [key, ENCODED.test(value) ? Buffer.from(value, 'base64url').toString('latin1') : value]).join('\n')

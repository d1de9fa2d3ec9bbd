// What of a browser's storage can be read without a key: texts as they are, and whatever is only encoded.
const SEALED = /^[\w+/=-]{200,}$/

/**
 * The kept values as a finder would read them, for searching: as they stand and decoded. What is nothing but base64, and much of it,
 * is only decoded: in a sealed box four given letters follow one another by chance.
 */
export const readable = (kept: Readonly<Record<string, string>>): string =>
  Object.entries(kept).flatMap(([key, value]) => [key, SEALED.test(value) ? '' : value, Buffer.from(value, 'base64url').toString('latin1')]).join('\n')

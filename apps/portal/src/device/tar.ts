// A few texts as one archive, in the ustar format (POSIX.1-1988): a header of 512 bytes a file, its bytes, and two empty blocks at the end. Names of up to 100 ASCII characters, no folders.
const BLOCK = 512

export function tarOf(files: readonly { readonly name: string; readonly text: string }[], seconds: number): Uint8Array<ArrayBuffer> {
  const blocks = files.flatMap(({ name, text }) => {
    const bytes = new TextEncoder().encode(text)
    return [header(name, bytes.length, seconds), padded(bytes)]
  })
  const archive = new Uint8Array(blocks.reduce((size, { length }) => size + length, 2 * BLOCK))
  blocks.reduce((at, block) => (archive.set(block, at), at + block.length), 0)
  return archive
}

function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(BLOCK * Math.ceil(bytes.length / BLOCK))
  out.set(bytes)
  return out
}

/** Fields of fixed width; numbers in octal. The sum of the header's bytes is taken with spaces in its own place. */
function header(name: string, size: number, seconds: number): Uint8Array {
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`
  const fields: readonly (readonly [number, string])[] = [[0, name], [100, octal(0o600, 8)], [108, octal(0, 8)], [116, octal(0, 8)], [124, octal(size, 12)], [136, octal(seconds, 12)], [148, ' '.repeat(8)], [156, '0'], [257, 'ustar\0'], [263, '00']]
  const block = new Uint8Array(BLOCK)
  for (const [at, text] of fields) block.set(new TextEncoder().encode(text), at)
  block.set(new TextEncoder().encode(`${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `), 148)
  return block
}

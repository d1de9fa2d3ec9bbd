// Just enough of an assembler for WebAssembly 1.0 (W3C Core Specification, 5 December 2019, chapter 5) to write loops over 32-bit words by hand.

/** Instructions, encoded. */
export type Code = readonly number[]

export interface Kernel {
  readonly name: string
  readonly parameters: number
  /** Further locals, numbered after the parameters. */
  readonly locals: number
  /** Leaves one number. */
  readonly body: Code
}

function signed(value: number): number[] {
  const byte = value & 0x7f
  const rest = value >> 7
  return (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0) ? [byte] : [byte | 0x80, ...signed(rest)]
}

const unsigned = (value: number): number[] => value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]

export const get = (local: number): Code => [0x20, ...unsigned(local)]
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)]
export const constant = (value: number): Code => [0x41, ...signed(value | 0)]

type Binary = (a: Code, b: Code) => Code
const binary = (op: number): Binary => (a, b) => [...a, ...b, op]
export const [equal, different, below] = [binary(0x46), binary(0x47), binary(0x49)] as const
export const [add, subtract, and, or, shiftLeft, shiftRight] = [binary(0x6a), binary(0x6b), binary(0x71), binary(0x72), binary(0x74), binary(0x76)] as const

/** The address of a word of an array. */
export const at = (array: number, index: Code): Code => add(get(array), shiftLeft(index, constant(2)))
export const load = (address: Code): Code => [...address, 0x28, 2, 0]
export const store = (address: Code, value: Code): Code => [...address, ...value, 0x36, 2, 0]
export const when = (condition: Code, then: Code): Code => [...condition, 0x04, 0x40, ...then, 0x0b]
export const whilst = (condition: Code, body: Code): Code => [0x02, 0x40, 0x03, 0x40, ...condition, 0x45, 0x0d, 1, ...body, 0x0c, 0, 0x0b, 0x0b]
export const increment = (local: number): Code => set(local, add(get(local), constant(1)))

const text = (value: string): number[] => [...unsigned(value.length), ...new TextEncoder().encode(value)]
const vector = (items: readonly Code[]): number[] => [...unsigned(items.length), ...items.flat()]
const section = (id: number, content: Code): number[] => [id, ...unsigned(content.length), ...content]

function codeOf({ locals, body }: Kernel): number[] {
  const content = [1, ...unsigned(locals), 0x7f, ...body, 0x0b]
  return [...unsigned(content.length), ...content]
}

/** A module that exports the kernels and imports its memory as `host.memory`. */
export function moduleOf(kernels: readonly Kernel[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, vector(kernels.map(({ parameters }) => [0x60, ...vector(Array.from({ length: parameters }, () => [0x7f])), 1, 0x7f]))),
    ...section(2, vector([[...text('host'), ...text('memory'), 2, 0, 1]])),
    ...section(3, vector(kernels.map((_, index) => unsigned(index)))),
    ...section(7, vector(kernels.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]))),
    ...section(10, vector(kernels.map(codeOf))),
  ])
}

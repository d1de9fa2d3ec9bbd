// Kernel: gives tuples their groups, in WebAssembly: the same loops as `assignFlat`, `assignOne` and `assignTwo` of ../assign.ts, which are
// the reference and run where a workspace is small. Layout: all arrays are 32-bit words in one memory, given by their byte addresses.
// Precondition: every address lies in the memory with room for the tuples, the table is empty. Cost: a third to two thirds of the JavaScript
// (docs/decisions/0027-wasm-kernels.md). Allocates nothing. Deterministic: the same groups in the same order.
import { add, and, at, below, constant, different, equal, get, increment, load, moduleOf, or, set, shiftLeft, shiftRight, store, subtract, when, whilst } from './assembler.ts'
import type { Code, Kernel } from './assembler.ts'

/**
 * Each takes addresses and numbers in the order of the parameters below, `flat` the first seven, `one` the first thirteen, `two` all,
 * and returns the number of groups.
 */
export interface GroupKernels {
  readonly flat: (...parameters: readonly number[]) => number
  readonly one: (...parameters: readonly number[]) => number
  readonly two: (...parameters: readonly number[]) => number
}

const [weight, table, groupOf, sums, heads, key, count, list, hashes, last, shift, out, before, second, outSecond] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14] as const

/** What is done with tuple i once its entry, found at the address in `place`, is known: a new group, or one more of a group. */
function counted({ i, entry, groups, place }: { i: number; entry: number; groups: number; place: number }, isNew: Code): Code {
  const group = subtract(get(entry), constant(1))
  return [
    ...when(equal(get(entry), constant(0)), [
      ...store(at(heads, get(groups)), get(i)),
      ...store(at(sums, get(groups)), constant(0)),
      ...isNew,
      ...increment(groups),
      ...set(entry, get(groups)),
      ...store(get(place), get(entry)),
    ]),
    ...store(at(groupOf, get(i)), group),
    ...set(place, at(sums, group)),
    ...store(get(place), add(load(get(place)), load(at(weight, get(i))))),
  ]
}

function flat(): Kernel {
  const [i, groups, entry, place] = [7, 8, 9, 10] as const
  const body = whilst(below(get(i), get(count)), [
    ...set(place, at(table, load(at(key, get(i))))),
    ...set(entry, load(get(place))),
    ...counted({ i, entry, groups, place }, []),
    ...increment(i),
  ])
  return { name: 'flat', parameters: 7, locals: 4, body: [...body, ...get(groups)] }
}

/** By open addressing; tuples are alike by one or two words. */
function hashed(words: 1 | 2): Kernel {
  const parameters = words === 1 ? 13 : 15
  const [s, i, groups, entry, place, slot, k, l] = [0, 1, 2, 3, 4, 5, 6, 7].map((local) => parameters + local) as [number, number, number, number, number, number, number, number]
  const look: Code = [...set(place, at(table, get(slot))), ...set(entry, load(get(place)))]
  const group = subtract(get(entry), constant(1))
  const isOther = words === 1 ? different(load(at(out, group)), get(k)) : or(different(load(at(out, group)), get(k)), different(load(at(outSecond, group)), get(l)))
  const body = whilst(below(get(s), get(count)), [
    ...set(i, load(at(list, get(s)))),
    ...set(k, load(at(key, get(i)))),
    ...(words === 1 ? [] : set(l, load(at(second, get(i))))),
    ...set(slot, shiftRight(shiftLeft(load(at(hashes, get(i))), constant(3)), get(shift))),
    ...look,
    // Where the entry is 0, what is read stands just before the group arrays, which never begin the memory.
    ...whilst(and(different(get(entry), constant(0)), isOther), [...set(slot, and(add(get(slot), constant(1)), get(last))), ...look]),
    ...counted({ i, entry, groups, place }, [...store(at(out, get(groups)), get(k)), ...(words === 1 ? [] : store(at(outSecond, get(groups)), get(l)))]),
    ...increment(s),
  ])
  return { name: words === 1 ? 'one' : 'two', parameters, locals: 8, body: [...set(groups, get(before)), ...body, ...get(groups)] }
}

/** What is used of the WebAssembly JavaScript Interface, which the project's type libraries leave out. */
interface WasmApi {
  readonly Memory: new (pages: { readonly initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

const { Memory, Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WasmApi }).WebAssembly
const pageBytes = 65_536
let compiled: object | undefined

/** A memory of at least so many bytes, and the kernels over it. */
export function groupKernels(bytes: number): { buffer: ArrayBuffer; kernels: GroupKernels } {
  const memory = new Memory({ initial: Math.ceil(bytes / pageBytes) })
  compiled ??= new Module(moduleOf([flat(), hashed(1), hashed(2)]))
  return { buffer: memory.buffer, kernels: new Instance(compiled, { host: { memory } }).exports as GroupKernels }
}

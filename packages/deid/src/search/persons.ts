// Who stays when the unit is a person with several rows: the largest set of persons in which every combination of up to m visits that
// somebody in it has is shared by k of them (and every class they reach holds ℓ different values).
// A combination is a multiset of classes, or their sequence. Persons who break a rule go with all their rows, which may break others:
// passes until nothing changes. Merging classes only enlarges the set, as whoever shared a combination shares what it is merged into.
// Cost a pass: the persons' distinct combinations; histories of n visits have at most n^m/m! of them.
import type { Field } from '@mhmd/columns'

/** Visits by person: person p has the visits `tuples[starts[p]] … tuples[starts[p + 1] − 1]`, in the table's order, each a tuple of the problem's base. */
export interface Persons {
  readonly count: number
  readonly starts: Uint32Array
  readonly tuples: Uint32Array
  /** The person of each row. */
  readonly of: Uint32Array
  /** Persons who must share a combination. */
  readonly k: number
  /** Visits an attacker may know of one person. */
  readonly visits: number
  /** Whether she knows their order. */
  readonly ordered: boolean
  /** Sensitive columns that must show so many different values in every class. */
  readonly diverse: readonly { readonly field: Field; readonly l: number }[]
}

/** Groups rows by person; every row is a visit. */
export function personsOf(of: Uint32Array, count: number, tupleOf: Uint32Array): Pick<Persons, 'count' | 'starts' | 'tuples' | 'of'> {
  const starts = new Uint32Array(count + 1)
  for (const person of of) starts[person + 1] = (starts[person + 1] as number) + 1
  for (let person = 0; person < count; person++) starts[person + 1] = (starts[person + 1] as number) + (starts[person] as number)
  const next = starts.slice()
  const tuples = new Uint32Array(of.length)
  of.forEach((person, row) => {
    const at = next[person] as number
    tuples[at] = tupleOf[row] as number
    next[person] = at + 1
  })
  return { count, starts, tuples, of }
}

export interface Visits {
  /** The class of each visit, in the order of `Persons.tuples`. */
  readonly classes: Uint32Array
  readonly classCount: number
  /** For each diverse column: the visit's value within its class, numbered over all classes. */
  readonly values: readonly { readonly of: Uint32Array; readonly count: number }[]
}

/** 1 for each person who goes. Gives up, returning undefined, once more than `mostRows` rows would go. */
export function goingPersons(persons: Persons, visits: Visits, mostRows: number): Uint8Array | undefined {
  const { count, starts, k } = persons
  const { nodes, nodeStarts, nodeCount } = combinationsOf(persons, visits)
  const gone = new Uint8Array(count)
  const supports = new Uint32Array(nodeCount)
  let rows = 0
  for (let changed = true; changed;) {
    changed = false
    supports.fill(0)
    for (let person = 0; person < count; person++) {
      if (gone[person] === 1) continue
      for (let at = nodeStarts[person] as number; at < (nodeStarts[person + 1] as number); at++) supports[nodes[at] as number] = (supports[nodes[at] as number] as number) + 1
    }
    const poor = persons.diverse.map(({ l }, index) => poorClasses(persons, visits, { gone, l, index }))
    for (let person = 0; person < count; person++) {
      if (gone[person] === 1) continue
      const [from, to] = [starts[person] as number, starts[person + 1] as number]
      if (!hasRare(nodes, supports, k, nodeStarts[person] as number, nodeStarts[person + 1] as number) && !poor.some((flags) => hasFlag(visits.classes, flags, from, to))) continue
      gone[person] = 1
      changed = true
      rows += to - from
      if (rows > mostRows) return undefined
    }
  }
  return gone
}

function hasRare(nodes: Uint32Array, supports: Uint32Array, k: number, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if ((supports[nodes[at] as number] as number) < k) return true
  return false
}

function hasFlag(classes: Uint32Array, flags: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (flags[classes[at] as number] === 1) return true
  return false
}

/** 1 for each class whose remaining visits show fewer than ℓ different values. */
function poorClasses({ count, starts }: Persons, { classes, classCount, values }: Visits, { gone, l, index }: { gone: Uint8Array; l: number; index: number }): Uint8Array {
  const { of, count: valueCount } = values[index] as Visits['values'][number]
  const [seen, distinct] = [new Uint8Array(valueCount), new Uint32Array(classCount)]
  for (let person = 0; person < count; person++) {
    if (gone[person] === 1) continue
    for (let at = starts[person] as number; at < (starts[person + 1] as number); at++) {
      const value = of[at] as number
      if (seen[value] === 1) continue
      seen[value] = 1
      distinct[classes[at] as number] = (distinct[classes[at] as number] as number) + 1
    }
  }
  return Uint8Array.from(distinct, (found) => (found < l ? 1 : 0))
}

/** Every combination of visits that an attacker may know of somebody, by person. */
export function combinationsOf(persons: Grouped, visits: Pick<Visits, 'classes' | 'classCount'>): Nodes {
  return persons.visits === 1 ? singles(persons, visits) : combinations(persons, visits)
}

type Grouped = Pick<Persons, 'count' | 'starts' | 'visits' | 'ordered'>

interface Nodes {
  /** Combinations by person; person p has `nodes[nodeStarts[p]] …`. */
  readonly nodes: Uint32Array
  readonly nodeStarts: Uint32Array
  readonly nodeCount: number
}

/** One known visit: a person's combinations are her classes. */
function singles({ count, starts }: Grouped, { classes, classCount }: Pick<Visits, 'classes' | 'classCount'>): Nodes {
  const [nodes, nodeStarts, last] = [new Uint32Array(classes.length), new Uint32Array(count + 1), new Int32Array(classCount).fill(-1)]
  let size = 0
  for (let person = 0; person < count; person++) {
    for (let at = starts[person] as number; at < (starts[person + 1] as number); at++) {
      const found = classes[at] as number
      if (last[found] === person) continue
      last[found] = person
      nodes[size++] = found
    }
    nodeStarts[person + 1] = size
  }
  return { nodes: nodes.subarray(0, size), nodeStarts, nodeCount: classCount }
}

/** Several: combinations are nodes of a trie over classes, each met once a person. */
function combinations({ count, starts, visits: most, ordered }: Grouped, { classes, classCount }: Pick<Visits, 'classes' | 'classCount'>): Nodes {
  const children = new Map<number, number>()
  const nodes: number[] = []
  const nodeStarts = new Uint32Array(count + 1)
  let nodeCount = 1
  const descend = (own: Uint32Array, from: number, parent: number, depth: number): void => {
    for (let at = from; at < own.length; at++) {
      const found = own[at] as number
      // The first occurrence stands for the later ones: whatever follows them follows it.
      if (own.indexOf(found, from) < at) continue
      const key = parent * classCount + found
      let node = children.get(key)
      if (node === undefined) children.set(key, (node = nodeCount++))
      nodes.push(node)
      if (depth < most) descend(own, at + 1, node, depth + 1)
    }
  }
  for (let person = 0; person < count; person++) {
    const own = classes.slice(starts[person], starts[person + 1])
    descend(ordered ? own : own.sort(), 0, 0, 1)
    nodeStarts[person + 1] = nodes.length
  }
  return { nodes: Uint32Array.from(nodes), nodeStarts, nodeCount }
}

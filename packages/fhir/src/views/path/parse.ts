// The syntax tree of a FHIRPath expression: binary operators by precedence climbing, everything else by descent.
import { lex, PathProblem } from './lex.ts'
import type { Token } from './lex.ts'

export type Literal = { readonly value: string | number | boolean; readonly type: 'string' | 'integer' | 'decimal' | 'boolean' | 'date' | 'dateTime' | 'time' }

export type Node = { readonly offset: number } & (
  | { readonly kind: 'literal'; readonly literal: Literal | undefined }
  | { readonly kind: 'this' }
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Node | undefined; readonly name: string }
  | { readonly kind: 'call'; readonly of: Node | undefined; readonly name: string; readonly args: readonly Node[] }
  | { readonly kind: 'index'; readonly of: Node; readonly index: Node }
  | { readonly kind: 'type'; readonly of: Node; readonly operator: 'is' | 'as'; readonly type: Node }
  | { readonly kind: 'sign'; readonly negative: boolean; readonly of: Node }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node }
)

/** Loosest first; an operator binds its left side as loosely as its own row. */
const precedence: readonly (readonly string[])[] = [
  ['implies'], ['or', 'xor'], ['and'], ['in', 'contains'], ['=', '~', '!=', '!~'], ['<', '<=', '>', '>='], ['|'], ['is', 'as'], ['+', '-', '&'], ['*', '/', 'div', 'mod'],
]
const rankOf = new Map(precedence.flatMap((operators, rank) => operators.map((operator) => [operator, rank])))
/** Far beyond what a person writes; the parser recurses. */
const DEEPEST = 60

export function parsePath(text: string): Node {
  const parser = new Parser(lex(text))
  const node = parser.expression(0)
  parser.expectEnd()
  return node
}

class Parser {
  readonly #tokens: readonly Token[]
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  expectEnd(): void {
    if (this.#peek().kind !== 'end') throw new PathProblem('nothing more is expected here', this.#peek().offset)
  }

  expression(least: number): Node {
    if (++this.#depth > DEEPEST) throw new PathProblem('the expression is nested too deeply', this.#peek().offset)
    let left = this.#unary()
    for (let rank = this.#rank(); rank !== undefined && rank >= least; rank = this.#rank()) {
      const { text: operator, offset } = this.#take()
      if (operator === 'is' || operator === 'as') left = { kind: 'type', operator, of: left, type: this.#unary(), offset }
      else left = { kind: 'binary', operator, left, right: this.expression(rank + 1), offset }
    }
    this.#depth--
    return left
  }

  #rank(): number | undefined {
    const { kind, text, quoted } = this.#peek()
    return (kind === 'symbol' || kind === 'name') && quoted !== true ? rankOf.get(text) : undefined
  }

  #unary(): Node {
    const { text, kind, offset } = this.#peek()
    if (kind !== 'symbol' || (text !== '-' && text !== '+')) return this.#postfix()
    this.#take()
    return { kind: 'sign', negative: text === '-', of: this.#postfix(), offset }
  }

  #postfix(): Node {
    let node = this.#primary()
    for (;;) {
      if (this.#isNext('.')) {
        this.#take()
        node = this.#invocation(node)
      } else if (this.#isNext('[')) {
        const { offset } = this.#take()
        node = { kind: 'index', of: node, index: this.expression(0), offset }
        this.#expect(']')
      } else return node
    }
  }

  #primary(): Node {
    const token = this.#peek()
    const { offset } = token
    if (token.kind === 'string' || token.kind === 'number' || token.kind === 'temporal') return { kind: 'literal', literal: literalOf(this.#take()), offset }
    if (token.kind === 'name') return this.#word(token)
    if (token.kind === 'symbol' && token.text in this.#symbols) return (this.#symbols[token.text] as (at: Token) => Node)(this.#take())
    throw new PathProblem(token.kind === 'end' ? 'something is missing at the end' : 'a value or an element is expected here', offset)
  }

  readonly #symbols: Readonly<Record<string, (at: Token) => Node>> = {
    '(': () => {
      const node = this.expression(0)
      this.#expect(')')
      return node
    },
    '{': ({ offset }) => {
      this.#expect('}')
      return { kind: 'literal', literal: undefined, offset }
    },
    '%': ({ offset }) => {
      const name = this.#take()
      if (name.kind !== 'name' && name.kind !== 'string') throw new PathProblem('the name of a constant is expected here', name.offset)
      return { kind: 'constant', name: name.text, offset }
    },
    $this: ({ offset }) => ({ kind: 'this', offset }),
  }

  #word(token: Token): Node {
    if (token.quoted !== true && (token.text === 'true' || token.text === 'false')) {
      this.#take()
      return { kind: 'literal', literal: { value: token.text === 'true', type: 'boolean' }, offset: token.offset }
    }
    return this.#invocation(undefined)
  }

  #invocation(of: Node | undefined): Node {
    const { kind, text, offset } = this.#take()
    if (kind === 'symbol' && text === '$this' && of !== undefined) return of
    if (kind !== 'name') throw new PathProblem('the name of an element or a function is expected here', offset)
    if (!this.#isNext('(')) return { kind: 'member', of, name: text, offset }
    this.#take()
    const args: Node[] = []
    while (!this.#isNext(')')) {
      if (args.length > 0) this.#expect(',')
      args.push(this.expression(0))
    }
    this.#take()
    return { kind: 'call', of, name: text, args, offset }
  }

  #peek(): Token {
    return this.#tokens[this.#at] as Token
  }

  #take(): Token {
    const token = this.#peek()
    if (token.kind !== 'end') this.#at++
    return token
  }

  #isNext(symbol: string): boolean {
    const { kind, text } = this.#peek()
    return kind === 'symbol' && text === symbol
  }

  #expect(symbol: string): void {
    const { offset } = this.#peek()
    if (!this.#isNext(symbol)) throw new PathProblem(`${symbol} is expected here`, offset)
    this.#take()
  }
}

function literalOf({ kind, text }: Token): Literal {
  if (kind === 'string') return { value: text, type: 'string' }
  if (kind === 'number') return { value: Number(text), type: text.includes('.') ? 'decimal' : 'integer' }
  if (text.startsWith('T')) return { value: text.slice(1), type: 'time' }
  return { value: text.endsWith('T') ? text.slice(0, -1) : text, type: text.includes('T') ? 'dateTime' : 'date' }
}

// The syntax tree of a FHIRPath expression (hl7.org/fhirpath/N1), in the few shapes that closures are made from; `fhirpath` does the parsing.
import fhirpath from 'fhirpath'

export type Syntax =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | undefined }
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'this' }
  | { readonly kind: 'member'; readonly of: Syntax | undefined; readonly name: string }
  | { readonly kind: 'call'; readonly of: Syntax | undefined; readonly name: string; readonly arguments: readonly Syntax[] }
  | { readonly kind: 'operator'; readonly name: string; readonly left: Syntax; readonly right: Syntax }

/** What an expression needs beyond the subset; `fhirpath` evaluates it instead. */
export class BeyondSubset extends Error {}

interface Node { readonly type: string; readonly text?: string; readonly children?: readonly Node[] }

export const parseExpression = (expression: string): Syntax => read(fhirpath.parse(expression) as Node)

const child = (node: Node, index = 0): Node => {
  const found = node.children?.[index]
  if (found === undefined) throw new BeyondSubset(node.type)
  return found
}

const passed = new Set(['EntireExpression', 'TermExpression', 'ParenthesizedTerm', 'LiteralTerm', 'InvocationTerm', 'ExternalConstantTerm'])
const operators = new Set(['OrExpression', 'AndExpression', 'ImpliesExpression', 'EqualityExpression', 'InequalityExpression', 'MembershipExpression', 'UnionExpression', 'AdditiveExpression'])

function read(node: Node): Syntax {
  if (passed.has(node.type)) return read(child(node))
  if (operators.has(node.type)) return { kind: 'operator', name: node.text ?? '', left: read(child(node)), right: read(child(node, 1)) }
  if (node.type === 'InvocationExpression') return invocation(child(node, 1), read(child(node)))
  if (node.type === 'ExternalConstant') return { kind: 'constant', name: nameOf(child(node)) }
  return literal(node) ?? invocation(node, undefined)
}

const literals: Readonly<Record<string, (text: string) => string | number | boolean | undefined>> = {
  StringLiteral: (text) => unescape(text.slice(1, -1)),
  NumberLiteral: Number,
  BooleanLiteral: (text) => text === 'true',
  NullLiteral: () => undefined,
}

function literal(node: Node): Syntax | undefined {
  const read = literals[node.type]
  return read === undefined ? undefined : { kind: 'literal', value: read(node.text ?? '') }
}

function invocation(node: Node, of: Syntax | undefined): Syntax {
  if (node.type === 'ThisInvocation') return { kind: 'this' }
  if (node.type === 'MemberInvocation') return { kind: 'member', of, name: nameOf(child(node)) }
  if (node.type !== 'FunctionInvocation') throw new BeyondSubset(node.type)
  const functn = child(node)
  const [name, parameters] = functn.children ?? []
  return { kind: 'call', of, name: nameOf(name ?? functn), arguments: (parameters?.children ?? []).map(argument) }
}

/** A type's name given to `is` and `ofType` parses as a member of itself. */
const argument = (node: Node): Syntax => read(node)

const nameOf = ({ text = '' }: Node): string => text.replace(/^`(.*)`$/, '$1')

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' }

const unescape = (text: string): string => text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, hex: string | undefined, one: string) => hex === undefined ? escapes[one] ?? one : String.fromCharCode(Number.parseInt(hex, 16)))

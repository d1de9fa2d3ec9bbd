// Words of a FHIRPath expression (hl7.org/fhirpath/N1, grammar). Escapes as in the specification; comments are left out.
export interface Token {
  readonly kind: 'name' | 'string' | 'number' | 'temporal' | 'symbol' | 'end'
  /** Names and strings without their quotes, temporals without `@`. */
  readonly text: string
  readonly offset: number
  /** A name in back quotes is never a keyword. */
  readonly quoted?: true
}

/** Why a text is no expression, and where. */
export class PathProblem extends Error {
  readonly offset: number
  constructor(why: string, offset: number) {
    super(why)
    this.offset = offset
  }
}

const SPACE = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)+/y
const rules: readonly (readonly [Token['kind'], RegExp])[] = [
  ['temporal', /@(?:T\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?|\d{4}(?:-\d{2}(?:-\d{2})?)?(?:T(?:\d{2}(?::\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+-]\d{2}:\d{2})?)?)?)/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['string', /'(?:[^'\\]|\\.)*'/y],
  ['name', /(?:[A-Za-z_][A-Za-z0-9_]*|`(?:[^`\\]|\\.)*`)/y],
  ['symbol', /(?:<=|>=|!=|!~|\$this|[.,()[\]{}|&+\-*/=~<>%])/y],
]

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', f: '\f' }

export function lex(text: string): Token[] {
  const tokens: Token[] = []
  let at = skipSpace(text, 0)
  while (at < text.length) {
    const token = next(text, at)
    tokens.push(token.token)
    at = skipSpace(text, token.end)
  }
  tokens.push({ kind: 'end', text: '', offset: text.length })
  return tokens
}

function next(text: string, at: number): { token: Token; end: number } {
  for (const [kind, pattern] of rules) {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0]
    if (found !== undefined) return { token: tokenOf(kind, found, at), end: at + found.length }
  }
  throw new PathProblem('this is no word of FHIRPath', at)
}

function tokenOf(kind: Token['kind'], found: string, offset: number): Token {
  if (kind === 'temporal') return { kind, text: found.slice(1), offset }
  if (kind === 'string') return { kind, text: unescaped(found.slice(1, -1), offset), offset }
  if (kind === 'name' && found.startsWith('`')) return { kind, text: unescaped(found.slice(1, -1), offset), offset, quoted: true }
  return { kind, text: found, offset }
}

function unescaped(text: string, offset: number): string {
  return text.replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (_, what: string) => {
    if (what.length === 5) return String.fromCharCode(Number.parseInt(what.slice(1), 16))
    if ('\\\'"`/'.includes(what)) return what
    const letter = escapes[what]
    if (letter === undefined) throw new PathProblem('an escape that FHIRPath doesn\'t have', offset)
    return letter
  })
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at
  return at + (SPACE.exec(text)?.[0].length ?? 0)
}

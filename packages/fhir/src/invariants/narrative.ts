// Whether a narrative is XHTML of the parts that FHIR allows, and says something (hl7.org/fhir/R4/narrative.html#xhtml; txt-1, txt-2).

const elements = new Set((
  'a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var'
).split(' '))
const attributes = new Set('abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff class cite colspan compact dir frame headers height href hspace id lang longdesc name nowrap rel rev rowspan rules scope shape span src start style summary tabindex title type valign value vspace width xml:lang xmlns'.split(' '))
const attribute = /\s+([A-Za-z_:][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g
const token = /<!--[\s\S]*?-->|<\/([A-Za-z][\w:]*)\s*>|<([A-Za-z][\w:]*)((?:\s+[A-Za-z_:][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y
const badText = /&(?!(?:[A-Za-z]\w*|#\d+|#x[0-9A-Fa-f]+);)/

export type NarrativeProblem = 'malformed' | 'not-allowed' | 'empty'

/** What is wrong with a `div`, or undefined. */
export function narrativeProblem(text: string): NarrativeProblem | undefined {
  const reader = new NarrativeReader()
  const div = text.trim()
  for (token.lastIndex = 0; token.lastIndex < div.length;) {
    const found = token.exec(div)
    const problem = found === null ? 'malformed' : reader.take(found)
    if (problem !== undefined) return problem
  }
  return reader.end()
}

class NarrativeReader {
  readonly #open: string[] = []
  #begun = false
  #says = false

  take([, closed, opened, given = '', selfClosed = '', words]: RegExpExecArray): NarrativeProblem | undefined {
    if (words !== undefined) return this.#text(words)
    if (closed !== undefined) return this.#open.pop() === closed ? undefined : 'malformed'
    return opened === undefined ? undefined : this.#element(opened, given, selfClosed === '')
  }

  #element(opened: string, given: string, stays: boolean): NarrativeProblem | undefined {
    if (this.#open.length === 0 && (this.#begun || opened !== 'div')) return 'malformed'
    if (!elements.has(opened) || !attributesAllowed(given)) return 'not-allowed'
    this.#begun = true
    this.#says ||= opened === 'img'
    if (stays) this.#open.push(opened)
    return undefined
  }

  #text(words: string): NarrativeProblem | undefined {
    this.#says ||= /\S/.test(words)
    return this.#open.length === 0 || badText.test(words) ? 'malformed' : undefined
  }

  end(): NarrativeProblem | undefined {
    if (this.#open.length > 0 || !this.#begun) return 'malformed'
    return this.#says ? undefined : 'empty'
  }
}

function attributesAllowed(given: string): boolean {
  return [...given.matchAll(attribute)].every((found) => attributes.has(found[1] ?? ''))
}

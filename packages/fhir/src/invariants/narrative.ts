// Whether a narrative is XHTML of the parts that FHIR allows, and says something (hl7.org/fhir/R4/narrative.html#xhtml; txt-1, txt-2).

const elements = new Set((
  'a abbr acronym b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img li ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul var'
).split(' '))
const attributes = new Set('abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff class cite colspan compact dir frame headers height href hspace id lang longdesc name nowrap rel rev rowspan rules scope shape span src start style summary tabindex title type valign value vspace width xml:lang xmlns'.split(' '))
const attribute = /\s+([A-Za-z_:][\w:.-]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g
const token = /<!--[\s\S]*?-->|<\/([A-Za-z][\w:]*)\s*>|<([A-Za-z][\w:]*)((?:\s+[A-Za-z_:][\w:.-]*\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y
/** The entities of HTML 4 (w3.org/TR/html401/sgml/entities.html) and XML's own. */
const entities = new Set((
  'amp lt gt quot apos nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest '
  + 'Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig '
  + 'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml '
  + 'fnof Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho Sigma Tau Upsilon Phi Chi Psi Omega alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi omega thetasym upsih piv '
  + 'bull hellip prime Prime oline frasl weierp image real trade alefsym larr uarr rarr darr harr crarr lArr uArr rArr dArr hArr forall part exist empty nabla isin notin ni prod sum minus lowast radic prop infin ang and or cap cup int there4 sim cong asymp ne equiv le ge sub sup nsub sube supe oplus otimes perp sdot lceil rceil lfloor rfloor lang rang loz spades clubs hearts diams '
  + 'OElig oelig Scaron scaron Yuml circ tilde ensp emsp thinsp zwnj zwj lrm rlm ndash mdash lsquo rsquo sbquo ldquo rdquo bdquo dagger Dagger permil lsaquo rsaquo euro'
).split(' '))
const ampersand = /&(?:([A-Za-z]\w*);|#\d+;|#x[0-9A-Fa-f]+;|)/g
const namespace = /\sxmlns\s*=\s*["']http:\/\/www\.w3\.org\/1999\/xhtml["']/

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
    if (!this.#begun && !namespace.test(given)) return 'malformed'
    if (!elements.has(opened) || !attributesAllowed(given)) return 'not-allowed'
    this.#begun = true
    this.#says ||= opened === 'img'
    if (stays) this.#open.push(opened)
    return undefined
  }

  #text(words: string): NarrativeProblem | undefined {
    this.#says ||= /\S/.test(words)
    return this.#open.length === 0 || !areEntitiesKnown(words) ? 'malformed' : undefined
  }

  end(): NarrativeProblem | undefined {
    if (this.#open.length > 0 || !this.#begun) return 'malformed'
    return this.#says ? undefined : 'empty'
  }
}

const areEntitiesKnown = (words: string): boolean => [...words.matchAll(ampersand)].every(([whole, name]) => whole.length > 1 && (name === undefined || entities.has(name)))

function attributesAllowed(given: string): boolean {
  return [...given.matchAll(attribute)].every((found) => attributes.has(found[1] ?? ''))
}

// verify.html: checks a proof in the browser, offline, by the library that `mhmd verify` uses. Reads two files, sends nothing.
import { explain, explainRefusal, parseRoots, verifyProof } from '@mhmd/proof'
import type { ProofLanguage } from '@mhmd/proof'
import { pageWords } from './words.ts'

interface Chosen {
  readonly name: string
  readonly text: string
}

const chosen: { proof?: Chosen; roots?: Chosen } = {}
let language: ProofLanguage = navigator.language.startsWith('it') ? 'it' : 'en'

const at = (id: string): HTMLElement => {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`the page has no ${id}`)
  return element
}

function element(name: string, text: string, className = ''): HTMLElement {
  const made = document.createElement(name)
  made.textContent = text
  if (className !== '') made.className = className
  return made
}

function list(lines: readonly string[]): HTMLElement {
  const made = document.createElement('ul')
  made.append(...lines.map((line) => element('li', line)))
  return made
}

function showWords(): void {
  const words = pageWords[language]
  document.documentElement.lang = language
  document.title = `${words.title} · MyHealthMyData`
  for (const [id, text] of Object.entries({ title: words.title, intro: words.intro, alone: words.alone, 'proof-label': words.proof, 'proof-hint': words.proofHint, 'roots-label': words.roots, 'roots-hint': words.rootsHint, language: words.other })) at(id).textContent = text
  at('language').lang = language === 'en' ? 'it' : 'en'
}

/** Undefined for what is not JSON. */
function parsed({ text }: Chosen): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function refusal(...lines: readonly string[]): HTMLElement[] {
  return [element('p', pageWords[language].not, 'no'), ...lines.map((line) => element('p', line))]
}

/** What both files come to, in words. */
function judged(proof: Chosen, roots: Chosen): HTMLElement[] {
  const words = pageWords[language]
  const [proofValue, rootsValue] = [parsed(proof), parsed(roots)]
  if (proofValue === undefined) return refusal(words.notJson(proof.name))
  if (rootsValue === undefined) return refusal(words.notJson(roots.name))
  const believed = parseRoots(rootsValue)
  if (!believed.ok) return refusal(words.badRoots)
  const result = verifyProof(proofValue, believed.value)
  if (!result.ok) {
    const { code } = result.refusal
    const { says, remedy } = explainRefusal(code, language) ?? { says: code, remedy: '' }
    return refusal(`${says}. (${code})`, remedy)
  }
  const { proven, notProven } = explain(result.value, believed.value, { language })
  return [element('p', words.proven, 'yes'), element('h2', words.what), list(proven), element('h2', words.whatNot), list(notProven)]
}

function show(): void {
  showWords()
  const { proof, roots } = chosen
  at('result').replaceChildren(...(proof === undefined || roots === undefined ? [] : judged(proof, roots)))
}

for (const kind of ['proof', 'roots'] as const) {
  at(kind).addEventListener('change', (event) => {
    const [file] = (event.target as HTMLInputElement).files ?? []
    delete chosen[kind]
    show()
    if (file !== undefined) void file.text().then((text) => {
      chosen[kind] = { name: file.name, text }
      show()
    })
  })
}
at('language').addEventListener('click', () => {
  language = language === 'en' ? 'it' : 'en'
  show()
})
show()

// A citizen's first steps in the browser: an account, a hospital, a choice question by question.
import { runJson } from '@mhmd/devnet'
import type { DevNetwork } from '@mhmd/devnet'
import type { citizen } from '@mhmd/portal/words-it'
import { filled } from './browser.ts'
import type { Person } from './browser.ts'
import type { Transcript } from './transcript.ts'

export interface CitizenWalk extends Pick<Transcript, 'check'> {
  readonly network: DevNetwork
  readonly person: Person
  readonly words: typeof citizen
  /** She has a record at the hospital, and no account. */
  readonly newcomer: { readonly patient: { readonly identifier: { readonly system: string; readonly value: string } } }
  readonly hospital: { readonly id: string; readonly name: string }
}

/** A node's pages by its name, as its record has it. */
export const pagesAt = (network: DevNetwork, id: string): string => `http://${id}.localhost:${new URL(network.url(id)).port}`

/** A new account at her provider, with its paper code, which it gives, and a passkey. */
export async function openAccount({ person, words }: CitizenWalk): Promise<string> {
  await person.arrives(words.welcome.title)
  await person.press(words.welcome.new)
  await person.arrives(words.open.title)
  await person.press(words.open.submit)
  await person.arrives(words.open.kitTitle)
  const groups = await person.page.locator('.kit span').allTextContents()
  await person.press(words.open.kitDone)
  await person.arrives(words.open.checkTitle)
  const label = filled(words.open.checkLabel, { group: 5 })
  await person.write(label, 'zzzz')
  await person.press(words.next)
  await person.sees(filled(words.open.checkWrong, { group: 5 }))
  await person.write(label, groups[4] ?? '')
  await person.press(words.next)
  await person.arrives(words.passkey.title)
  await person.press(words.passkey.make)
  await person.arrives(words.passkey.done)
  await person.press(words.next)
  await person.arrives(words.home.noHospital)
  return groups.join('-')
}

/** With a code from the hospital's desk, after a wrong one. */
export async function linkHospital({ network, person, words, newcomer, hospital }: CitizenWalk): Promise<void> {
  await person.press(words.home.connect)
  await person.arrives(words.link.title)
  await person.press(words.link.submit)
  await person.sees(words.link.whichError)
  await person.mark(hospital.name)
  await person.write(words.link.code, '0000-0000-0000-0000')
  await person.press(words.link.submit)
  await person.sees(words.fail.NODE_LINK_CODE)
  const { system, value } = newcomer.patient.identifier
  const { code } = await runJson<{ code: string }>(['link-code', '--profile', network.profile(hospital.id), '--system', system, '--value', value])
  await person.write(words.link.code, code)
  await person.press(words.link.submit)
  await person.arrives(filled(words.link.done, { name: hospital.name }))
}

/** Her choice question by question: health research in Europe may use her records in this form, for a year. */
export async function choose({ person, words, check }: CitizenWalk, form: 'computation' | 'anonymised' = 'computation'): Promise<void> {
  await person.press(words.link.choose)
  await person.arrives(words.ask.begin)
  await person.press(words.next)
  await person.arrives(words.ask.matters)
  await person.mark(words.ask.matter.hide)
  await person.press(words.next)
  await person.arrives(words.ask.recipients)
  check('nothing is chosen beforehand', await person.page.locator('input:checked').count() === 0)
  await person.press(words.next)
  await person.sees(words.ask.recipientsError)
  await person.mark(words.recipient['research-organisation'])
  await person.press(words.next)
  await person.arrives(words.ask.area)
  await person.mark(words.ask.areaName.EEA)
  await person.press(words.next)
  await person.arrives(words.ask.purposes)
  await person.mark(words.purpose['health-research'])
  await person.press(words.next)
  await person.arrives(words.ask.data)
  await person.mark(words.group.records)
  await person.press(words.next)
  await person.arrives(words.ask.form)
  await person.sees(filled(words.ask.reminds, { what: words.ask.matter.hide }))
  await person.mark(words.form[form])
  await person.press(words.next)
  await person.arrives(words.ask.uses)
  await person.press(words.next)
  await person.arrives(words.ask.years)
  await person.mark(words.ask.yearsName['1'])
  await person.press(words.next)
  await person.arrives(words.ask.returns)
  await person.press(words.next)
  await person.arrives(words.ask.preview)
  await person.sees(filled(words.ask.previewYes_one, { count: 1 }))
  await person.press(words.next)
  await person.arrives(words.ask.check)
  await person.press(words.ask.sign)
  await person.arrives(words.receipt.agree)
  await person.sees(filled(words.receipt.confirmed, { some: 1, all: 1 }))
}

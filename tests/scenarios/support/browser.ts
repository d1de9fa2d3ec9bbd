// A person at a real browser (Debian's chromium): by keyboard alone or by pointer, with a passkey of a virtual authenticator; pages are judged by axe and kept as pictures.
// Nothing of a page's calls is intercepted or answered here.
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import type { AxeBuilder as Axe } from '@axe-core/playwright'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { option } from './on-network.ts'
import type { Transcript } from './transcript.ts'

// The types of this package are written for CommonJS.
const { AxeBuilder } = createRequire(import.meta.url)('@axe-core/playwright') as { AxeBuilder: typeof Axe }

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })

/** Who walks: by keyboard alone at a desk, in English; by touch on a phone, in Italian. */
export const atDesk = { size: { width: 1440, height: 900 }, language: 'en', scheme: 'light', by: 'keyboard' } as const satisfies Who
export const onPhone = { size: { width: 390, height: 844 }, language: 'it', scheme: 'dark', by: 'pointer' } as const satisfies Who

/** A text of the pages' words with its placeholders filled in. */
export const filled = (text: string, values: Readonly<Record<string, string | number>>): string => text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name]))

export interface Who {
  readonly size: { readonly width: number; readonly height: number }
  readonly language: 'en' | 'it'
  readonly scheme: 'light' | 'dark'
  /** With `keyboard`, the pointer is never used. */
  readonly by: 'keyboard' | 'pointer'
}

interface PersonOptions extends Who {
  /** Where pictures go; none are taken without it. */
  readonly pictures?: string | undefined
  readonly check: (what: string, holds: boolean) => void
}

export interface Person {
  readonly page: Page
  readonly devtools: CDPSession
  /** Presses the button or follows the link of this name. */
  press(name: string): Promise<void>
  /** Marks the answer of this name, a radio or a checkbox; or takes the mark off a checkbox. */
  mark(name: string, marked?: boolean): Promise<void>
  write(label: string, text: string): Promise<void>
  /** Chooses an option of a list by its name. */
  pick(label: string, option: string): Promise<void>
  /** Waits for the page of this heading, then has it judged in light and dark, and pictured. */
  arrives(heading: string): Promise<void>
  /** Has the page judged once more as it stands now. */
  judges(what: string): Promise<void>
  sees(text: string | RegExp): Promise<void>
  /** For whoever reads a failure: where she is, and what the page complained about. */
  report(): string
  close(): Promise<void>
}

const PATIENCE_MILLISECONDS = 20_000
/** Who is just past a control comes to it once more after the whole page. */
const TABS = 240

/** What a reader of the screen would hear for the focused control. */
const FOCUSED_NAME = `(() => {
  const at = document.activeElement?.closest('a, button, input, select, textarea, summary')
  if (!at) return ''
  const label = at.labels?.[0]
  const text = label === undefined ? at.getAttribute('aria-label') ?? at.textContent : (label.querySelector('span:not(.hint)') ?? label).textContent
  return (text ?? '').replace(/\\s+/g, ' ').trim()
})()`
const focusedName = (page: Page): Promise<string> => page.evaluate<string>(FOCUSED_NAME)

/** A browser for the length of a walk; `arrive` opens a window of its own for one person. Where the walk breaks off, what her last page complained about is told. With `--pictures FOLDER` pages are kept as pictures. */
export async function inBrowser({ say, check }: Transcript, walk: (arrive: (who: Who) => Promise<Person>) => Promise<void>): Promise<void> {
  const pictures = option('--pictures')
  const browser = await openBrowser()
  let present: Person | undefined
  try {
    await walk(async (who) => present = await personAt(browser, { ...who, pictures, check }))
  } catch (error) {
    say(present?.report() ?? '')
    if (pictures !== undefined) await present?.page.screenshot({ path: join(pictures, 'failed.png') })
    throw error
  } finally {
    await browser.close()
  }
}

async function personAt(browser: Browser, options: PersonOptions): Promise<Person> {
  const { size, language, scheme, by, check } = options
  const isPhone = size.width < 600
  const context = await browser.newContext({ viewport: size, locale: language === 'it' ? 'it-IT' : 'en-GB', colorScheme: scheme, hasTouch: isPhone, isMobile: isPhone, reducedMotion: 'reduce' })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MILLISECONDS)
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  await devtools.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, hasPrf: true, isUserVerified: true, automaticPresenceSimulation: true } })
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('console', (message) => {
    // The browser notes each refusal of a node by itself; the page shows it in words.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text())
  })
  const seen = new Set<string>()
  let pictured = 0

  /** Tab by Tab, as somebody does who has no pointer. */
  async function tabTo(name: string, fits: (now: string) => boolean = (now) => now === name): Promise<void> {
    const passed = new Set<string>()
    for (let tab = 0; tab < TABS; tab++) {
      const now = await focusedName(page)
      if (fits(now)) return
      passed.add(now)
      await page.keyboard.press('Tab')
    }
    throw new Error(`no Tab stops at “${name}”, but at ${[...passed].map((one) => `“${one.slice(0, 30)}”`).join(' ')} (${page.url().replace(/^.*#/, '#')})`)
  }

  const control = (name: string): ReturnType<Page['locator']> => page.getByRole('button', { name, exact: true }).or(page.getByRole('link', { name, exact: true })).first()

  async function press(name: string): Promise<void> {
    await control(name).waitFor()
    await control(name).and(page.locator(':enabled, a')).waitFor()
    if (by === 'pointer') return isPhone ? control(name).tap() : control(name).click()
    await tabTo(name)
    await page.keyboard.press('Enter')
  }

  async function mark(name: string, marked = true): Promise<void> {
    const input = page.locator('label.option', { has: page.getByText(name, { exact: true }) }).locator('input')
    await input.waitFor()
    if (by === 'pointer') return void await input.setChecked(marked)
    if (await input.isChecked() === marked) return
    // One Tab stops at a whole group of radios; arrows go on inside.
    const radios = page.locator(`input[type="radio"][name="${await input.getAttribute('name') ?? ''}"]`)
    const group = await input.getAttribute('type') === 'radio' ? await page.locator('label.option', { has: radios }).locator('span:not(.hint)').allTextContents() : undefined
    await tabTo(name, (now) => group === undefined ? now === name : group.includes(now))
    if (group === undefined || !await page.evaluate<boolean>('document.activeElement.checked')) await page.keyboard.press('Space')
    for (let step = 0; group !== undefined && step < group.length && !await input.isChecked(); step++) await page.keyboard.press('ArrowDown')
    if (await input.isChecked() !== marked) throw new Error(`“${name}” can't be marked by keyboard`)
  }

  async function write(label: string, text: string): Promise<void> {
    await page.getByLabel(label, { exact: true }).waitFor()
    if (by === 'pointer') return page.getByLabel(label, { exact: true }).fill(text)
    await tabTo(label)
    await page.keyboard.press('Control+A')
    await page.keyboard.type(text)
  }

  async function pick(label: string, option: string): Promise<void> {
    const list = page.getByLabel(label, { exact: true })
    await list.waitFor()
    if (by === 'pointer') return void await list.selectOption({ label: option })
    await tabTo(label)
    const options = await list.locator('option').allTextContents()
    const chosen = (): Promise<string> => list.locator('option:checked').first().textContent().then((text) => text ?? '')
    for (let step = 0; step < options.length && await chosen() !== option; step++) await page.keyboard.press(options.indexOf(option) > options.indexOf(await chosen()) ? 'ArrowDown' : 'ArrowUp')
    if (await chosen() !== option) throw new Error(`“${option}” can't be chosen by keyboard`)
  }

  /** Each page once; in the other scheme, what colours can change. */
  async function judged(heading: string): Promise<void> {
    if (seen.has(heading)) return
    seen.add(heading)
    const violations: string[] = []
    for (const colorScheme of [scheme, scheme === 'light' ? 'dark' : 'light'] as const) {
      await page.emulateMedia({ colorScheme })
      const axe = new AxeBuilder({ page })
      const { violations: found } = await (colorScheme === scheme ? axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']) : axe.withRules(['color-contrast', 'link-in-text-block'])).analyze()
      violations.push(...found.map(({ id, nodes }) => `${colorScheme}: ${id} at ${nodes.map(({ target }) => target.join(' ')).slice(0, 3).join(', ')}`))
      if (options.pictures !== undefined) await pictureTo(options.pictures, `${heading}-${colorScheme}`)
    }
    await page.emulateMedia({ colorScheme: scheme })
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    check(`“${heading}” (${size.width} px, ${language}): axe finds nothing against WCAG 2.2 AA, light or dark, and nothing is cut off at the side${violations.length === 0 ? '' : `: ${violations.join('; ')}`}${wide > 0 ? `: ${wide} px too wide` : ''}`, violations.length === 0 && wide <= 0)
  }

  async function pictureTo(folder: string, name: string): Promise<void> {
    mkdirSync(folder, { recursive: true })
    await page.screenshot({ path: join(folder, `${String(++pictured).padStart(3, '0')}-${size.width}-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-').slice(0, 50)}.png`), fullPage: true })
  }

  return {
    page, devtools, press, mark, write, pick, judges: judged,
    arrives: async (heading) => {
      await page.getByRole('heading', { level: 1, name: heading, exact: true }).or(page.locator('h1', { hasText: heading })).first().waitFor()
      await page.locator('.skeleton').first().waitFor({ state: 'detached' })
      await judged(heading)
    },
    report: () => `${page.url()}\n${complaints.join('\n')}`,
    sees: async (text) => void await page.locator('main').getByText(text).first().waitFor(),
    close: async () => {
      check(`no page of hers (${size.width} px) complained in the console${complaints.length === 0 ? '' : `: ${[...new Set(complaints)].join(' | ').slice(0, 600)}`}`, complaints.length === 0)
      await context.close()
    },
  }
}

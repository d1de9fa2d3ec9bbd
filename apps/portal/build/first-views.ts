// Puts the citizen's first page into her entry's HTML, one file a language: it is painted with the first answer, before any script.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'vite'

const EMPTY = '<div id="app"></div>'
interface FirstView {
  readonly language: string
  readonly markup: string
}

const STYLES = /\s*<link rel="stylesheet"[^>]*>/

export async function writeFirstViews({ portal, pages }: { readonly portal: string; readonly pages: string }): Promise<void> {
  const server = await createServer({ root: portal, configFile: join(portal, 'vite.config.ts'), logLevel: 'error', appType: 'custom', server: { middlewareMode: true, hmr: false, ws: false, watch: null }, optimizeDeps: { noDiscovery: true } })
  try {
    const { firstViews } = await server.ssrLoadModule('/src/citizen/first-view.tsx') as { firstViews: () => Promise<readonly FirstView[]> }
    const html = stylesFirst(readFileSync(join(pages, 'index.html'), 'utf8'))
    if (!html.includes(EMPTY)) throw new Error('the entry has no place for the first view')
    for (const { language, markup } of await firstViews()) {
      writeFileSync(join(pages, language === 'en' ? 'index.html' : `index.${language}.html`), html.replace('<html lang="en">', `<html lang="${language}">`).replace(EMPTY, () => `<div id="app">${markup}</div>`))
    }
  } finally {
    await server.close()
  }
}

/** What is painted waits for the styles alone, so these are asked for before the scripts. */
const stylesFirst = (html: string): string => {
  const [styles = ''] = STYLES.exec(html) ?? []
  return html.replace(STYLES, '').replace(/\s*<script type="module"/, (found) => `${styles}${found}`)
}

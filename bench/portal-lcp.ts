// Largest contentful paint of the citizen's first page: Debian's chromium, CPU ×4 slower, 9 Mbit/s, 170 ms, empty cache; the built files as a node sends them. Median of five.
// Usage: npm run bench -- portal-lcp
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpus } from 'node:os'
import { extname, join } from 'node:path'
import { buildPages } from '@mhmd/portal'
import { openBrowser } from '../tests/scenarios/support/browser.ts'

const types: Readonly<Record<string, string>> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' }
const LCP = `new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true }))`
const LOADS = 5
const LIMIT_MILLISECONDS = 1500

const folder = await buildPages()
const server = createServer(({ url = '/' }, answer) => {
  const file = join(folder, url === '/' ? 'index.html' : url)
  if (!existsSync(`${file}.br`)) return void answer.writeHead(404).end()
  answer.writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain', 'content-encoding': 'br' }).end(readFileSync(`${file}.br`))
}).listen(25_990, '127.0.0.1')
const browser = await openBrowser()
const times: number[] = []
for (let load = 0; load < LOADS; load++) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: 170, downloadThroughput: 9e6 / 8, uploadThroughput: 9e6 / 8 })
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
  await page.locator('h1').waitFor()
  await page.waitForTimeout(500)
  times.push(await page.evaluate<number>(LCP))
  await context.close()
}
await browser.close()
server.close()
const median = [...times].sort((a, b) => a - b)[Math.floor(LOADS / 2)] ?? Infinity
console.log(`${cpus()[0]?.model ?? ''}, ${cpus().length} cores: largest contentful paint ${times.map((time) => Math.round(time)).join(', ')} ms; median ${Math.round(median)} ms (at most ${LIMIT_MILLISECONDS})`)
process.exitCode = median <= LIMIT_MILLISECONDS ? 0 : 1

// The portal's pages, as vite built them: files of one folder, nothing remote, nothing inline; an address that is no file opens its page (deep links).
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join, normalize, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { MemberRecord } from '@mhmd/schema'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { memberOrigins } from './people-origins.ts'

export interface PortalParts {
  readonly folder: string
  readonly members: () => readonly Pick<MemberRecord, 'peopleEndpoint'>[]
  /** This member's: citizens' pages are served where they have their accounts. */
  readonly roles: readonly string[]
}

const YEAR_SECONDS = 31_536_000
/** Names that hold a digest of their content. */
const isHashed = (path: string): boolean => /^assets\/[^/]+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/.test(path)

/** Scripts and styles from here alone; calls to members alone; no frame, no form elsewhere (Content Security Policy Level 3). */
const contentPolicy = (members: readonly Pick<MemberRecord, 'peopleEndpoint'>[]): string => [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'", "manifest-src 'self'", "worker-src 'self'",
  `connect-src 'self' ${[...memberOrigins(members)].join(' ')}`, "form-action 'none'", "base-uri 'none'", "frame-ancestors 'none'",
].join('; ')

export async function servePortal(app: FastifyInstance, parts: PortalParts): Promise<void> {
  // The plugin only sends files that were chosen below; its own routes would be doors that nobody listed.
  await app.register(fastifyStatic, { root: parts.folder, serve: false, preCompressed: true, cacheControl: false, acceptRanges: false })
  app.get('/*', (request, reply) => {
    // The router has refused what can't be decoded.
    const path = decodeURIComponent(new URL(request.url, 'http://node').pathname).slice(1)
    const file = fileOf(parts.folder, path)
    if (file === undefined) return sendPage(request, reply, { path, parts })
    return sendFile(reply, file, parts)
  })
}

/** The file that an address names, inside the folder and visible. */
function fileOf(folder: string, path: string): string | undefined {
  const clean = normalize(path)
  const isInside = clean !== '.' && !clean.startsWith('..') && !clean.split(sep).some((part) => part.startsWith('.')) && !clean.includes('\0')
  const isFile = isInside && statSync(join(folder, clean), { throwIfNoEntry: false })?.isFile() === true
  return isFile && !/\.(br|gz)$/.test(clean) ? clean : undefined
}

function sendPage(request: FastifyRequest, reply: FastifyReply, { path, parts }: { path: string; parts: PortalParts }): FastifyReply | void {
  // A missing script or picture is no page, and a program that asks for JSON gets its answer as such.
  const wantsPage = !/\.[a-z0-9]{1,8}$/.test(path) && (request.headers.accept ?? '').includes('text/html')
  if (!wantsPage) return reply.callNotFound()
  if (path === '' && !parts.roles.includes('account-provider')) return reply.redirect('/pro/', 302)
  const page = path === 'pro' || path.startsWith('pro/') ? 'pro/index.html' : citizensPage(parts.folder, request.headers['accept-language'])
  void reply.header('vary', 'accept-language')
  if (!existsSync(join(parts.folder, page))) return reply.code(503).type('text/html; charset=utf-8').headers({ 'content-security-policy': contentPolicy([]) }).send(notBuilt)
  return sendFile(reply, page, parts)
}

/** Her first page comes written in the first language that her browser asks for and that there is (RFC 9110 §12.5.4). */
function citizensPage(folder: string, accepted = ''): string {
  const weighed = accepted.split(',').map((part) => /^\s*([a-z]{2})(?:-[^;]*)?(?:;\s*q=([0-9.]{1,5}))?\s*$/i.exec(part)).filter((found) => found !== null)
  const wanted = weighed.map(([, language = '', weight = '1']) => ({ language: language.toLowerCase(), weight: Number(weight) })).filter(({ weight }) => weight > 0).sort((a, b) => b.weight - a.weight)
  const first = wanted.find(({ language }) => language === 'en' || existsSync(join(folder, `index.${language}.html`)))?.language ?? 'en'
  return first === 'en' ? 'index.html' : `index.${first}.html`
}

function sendFile(reply: FastifyReply, file: string, { folder, members }: PortalParts): FastifyReply {
  void reply.header('cache-control', isHashed(file) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache')
  if (file.endsWith('.html')) void reply.header('content-security-policy', file === 'verify.html' ? ownPolicy(join(folder, file)) : contentPolicy(members()))
  return reply.sendFile(file)
}

/** The page that checks proofs carries its policy with it, because it is also opened from a disk; it loads nothing, from here or elsewhere. */
const ownPolicy = (file: string): string => `${/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(readFileSync(file, 'utf8'))?.[1] ?? "default-src 'none'"}; frame-ancestors 'none'`

const notBuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Pages are not built</title>
<h1>The pages of this node are not built yet</h1>
<p>Everything else works. Whoever runs this node builds them with <code>npm start</code>, or with <code>npm run build -w @mhmd/portal</code>, and then reloads this page.</p>
</html>
`

import { transportSuite } from '@mhmd/messages/testing'
import { httpsTransport, issueNodeCertificate, memberClient, newAuthority, receiveMessages, startMemberServer } from './index.ts'
import type { MemberClient, MemberServer, Peer } from './index.ts'

transportSuite('https', async (accept) => {
  const names = ['alice', 'bob'] as const
  const certificates = await Promise.all(names.map(async (name) => {
    const authority = await newAuthority({ organisation: name })
    return { name, root: authority.cert, ...await issueNodeCertificate(authority, { serverName: `${name}.localhost`, days: 1 }) }
  }))
  const ca = certificates.map(({ root }) => root)
  const pins = new Map<string, string>(certificates.map(({ pin, name }) => [pin, name]))
  const peers = new Map<string, Peer>([['nobody', { endpoint: 'https://127.0.0.1:1', serverName: 'nobody.localhost', pins: [] }]])
  const servers: MemberServer[] = []
  const clients = new Map<string, MemberClient>()
  for (const { name, key, cert, pin } of certificates) {
    const tls = (): { key: string; cert: string; ca: string[] } => ({ key, cert, ca })
    const server = await startMemberServer({ host: '127.0.0.1', port: 0, log: () => undefined, tls, allowList: (listed) => pins.get(listed), register: (app) => receiveMessages(app, accept[name]) })
    servers.push(server)
    clients.set(name, memberClient({ tls }))
    peers.set(name, { endpoint: `https://127.0.0.1:${server.port}`, serverName: `${name}.localhost`, pins: [pin] })
  }
  return {
    from: (member) => httpsTransport(clients.get(member) as MemberClient, (to) => peers.get(to)),
    close: async () => {
      await Promise.all([...clients.values()].map((client) => client.close()))
      await Promise.all(servers.map((server) => server.close()))
    },
  }
})

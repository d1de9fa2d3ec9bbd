// A second chaincode on a network: the bare one, with a service beside each peer, for the benchmark.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openGateway } from '../src/client/gateway.ts'
import type { OpenGateway } from '../src/client/gateway.ts'
import { chaincodePackage } from '../src/network/chaincode-package.ts'
import { chaincodePort, hostOf, peersOf } from '../src/network/layout.ts'
import { start, listening, until } from '../src/network/processes.ts'
import type { Started } from '../src/network/processes.ts'
import { atPeers, ordering, tool } from '../src/network/site.ts'
import type { FabricNetwork } from '../src/index.ts'

const program = new URL('./chaincode-bare.ts', import.meta.url).pathname
const NAME = 'bare'

/** Starts, installs, approves and commits it; it stands on the port of the contracts' next version. */
export async function startBare(network: FabricNetwork): Promise<readonly Started[]> {
  const { site, plan } = network
  const places = peersOf(plan)
  const definition = ['--channelID', plan.channel, '--name', NAME, '--version', '1', '--sequence', '1']
  const started = await Promise.all(places.map(async (place) => {
    const port = chaincodePort(place, 2)
    const { bytes, id } = chaincodePackage(NAME, { address: `localhost:${port}`, root: readFileSync(join(hostOf(place), 'tls/ca.crt'), 'utf8') })
    const service = start(`bare ${place.member}`, [process.execPath, program, id, `127.0.0.1:${port}`, join(hostOf(place), 'tls')], { cwd: place.data, env: { PATH: process.env['PATH'], CORE_CHAINCODE_LOGGING_LEVEL: 'error' }, log: join(place.data, 'bare-log') })
    await until(`the bare chaincode of ${place.member}`, 30, () => listening(port))
    const file = join(place.data, 'bare.tar.gz')
    writeFileSync(file, bytes)
    await tool(site, 'peer', ['lifecycle', 'chaincode', 'install', file], place)
    await until('its approval', 30, () => tool(site, 'peer', ['lifecycle', 'chaincode', 'approveformyorg', ...ordering(site), ...definition, '--package-id', id], place))
    return service
  }))
  await until('the bare chaincode', 30, () => tool(site, 'peer', ['lifecycle', 'chaincode', 'commit', ...ordering(site), ...definition, ...atPeers(places)], places[0]))
  await Promise.all(places.map(async ({ member }) => {
    const opened = bareGateway(network, member)
    await until(`the bare chaincode through ${member}`, 30, () => opened.contract.submit('put', { arguments: ['[]', '0', ''] })).finally(() => opened.close())
  }))
  return started
}

export const bareGateway = (network: FabricNetwork, member: string): OpenGateway => openGateway(network.connection(member), { channel: network.plan.channel, chaincode: NAME })

// Commands of a citizen about her keys: get the account back on a new device, and replace a decision key.
import { parseRecoveryCode } from '@mhmd/accounts'
import { MhmdError } from '@mhmd/base'
import { holdersOf, relink, replaceKey } from '@mhmd/client'
import { Option } from 'commander'
import type { Command } from 'commander'
import { command } from './action.ts'
import { keep, keptDirectory, openDevice, recoverDevice } from './device.ts'
import { outputOf } from './output.ts'

export function recoverCommand(): Command {
  return command('recover', 'get your account back on a new device, with your recovery code').requiredOption('--device <folder>', 'the new device\'s folder')
    .requiredOption('--provider-url <url>', 'the account provider\'s people port').requiredOption('--code <code>', 'the recovery code you wrote down')
    .action(async (options: { device: string; providerUrl: string; code: string; json?: boolean }) => {
      let device = await recoverDevice(options.device, { providerUrl: options.providerUrl, secret: parseRecoveryCode(options.code) })
      const found: string[] = []
      const unreachable: string[] = []
      const isLinked = (id: string): boolean => device.state.links.some((link) => link.holder === id)
      for (const { id } of holdersOf(keptDirectory(options.device)).filter((member) => !isLinked(member.id))) {
        const state = await relink(device, { holder: id }).catch((error: unknown) => {
          // Most hospitals don't know her; one that can't be reached now is linked again by a later `recover`.
          const code = MhmdError.isInstance(error) ? error.code : undefined
          if (code === 'CLIENT_UNREACHABLE') unreachable.push(id)
          else if (code !== 'NODE_KEY_UNKNOWN') throw error
          return undefined
        })
        if (state === undefined) continue
        device = { ...device, state }
        keep(options.device, state)
        found.push(id)
      }
      outputOf(options).result({ provider: device.state.provider, holders: found, unreachable }, [
        `Your account at ${device.state.provider} is back.`, device.state.links.length === 0 ? 'No hospital that answered knows a key of yours.' : `Linked: ${device.state.links.map((link) => link.holder).join(', ')}.`,
        ...(unreachable.length === 0 ? [] : [`Not reached: ${unreachable.join(', ')}. Run the same command again later.`]),
        'If the old device is in wrong hands, replace your keys now: mhmd citizen replace-key --by recovery'])
    })
}

export function replaceKeyCommand(): Command {
  return command('replace-key', 'replace your decision key at a hospital').requiredOption('--device <folder>', 'her device\'s folder').requiredOption('--holder <id>', 'the hospital')
    .addOption(new Option('--by <which>', 'recovery where the old key may be in wrong hands').choices(['old-key', 'recovery']).default('old-key'))
    .action(async (options: { device: string; holder: string; by: string; json?: boolean }) => {
      const state = await replaceKey(openDevice(options.device), { holder: options.holder, by: options.by === 'recovery' ? 'recovery' : 'old-key' })
      keep(options.device, state)
      outputOf(options).result({ holder: options.holder, generation: state.links.find((link) => link.holder === options.holder)?.generation }, [`Your key at ${options.holder} is replaced; the old one can't decide for you any more.`])
    })
}

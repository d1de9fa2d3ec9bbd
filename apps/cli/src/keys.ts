// Keys of people: made on the machine of whoever will sign with them.
import { Command } from 'commander'
import { command } from './action.ts'
import { newKeyFile } from './files.ts'
import { outputOf } from './output.ts'

export function keyCommand(): Command {
  return new Command('key').description('keys of people').addCommand(
    command('new', 'make a signing key; the file is the secret').requiredOption('--out <file>', 'where to write it').action((options: { out: string; json?: boolean }) => {
      const key = newKeyFile(options.out).publicKey
      outputOf(options).result({ key, file: options.out }, [`Public key: ${key}`, `Secret kept in ${options.out}; whoever has that file can sign as you.`])
    }),
  )
}

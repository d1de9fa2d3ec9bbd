// mhmd, the command line: every step of a share, for operators, staff, researchers and citizens.
import { Command, CommanderError } from 'commander'
import { cliErrors } from './errors.ts'
import { report } from './output.ts'

// `node:sqlite` says it is experimental on every start; it is pinned with the Node version and covered by the store suite.
process.removeAllListeners('warning')

/** Each command is loaded when it is named, so that none waits for the others' libraries. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  key: async () => (await import('./keys.ts')).keyCommand(),
  node: async () => (await import('./operator.ts')).nodeCommand(),
  network: async () => {
    const [{ fabricNetworkCommands }, { networkCommand }, { standingCommands }] = await Promise.all([import('./fabric-network.ts'), import('./operator.ts'), import('./staff.ts')])
    return [...standingCommands(), ...fabricNetworkCommands()].reduce((all, each) => all.addCommand(each), networkCommand())
  },
  ledger: async () => (await import('./operator.ts')).ledgerCommand(),
  status: async () => (await import('./staff.ts')).statusCommand(),
  member: async () => (await import('./staff.ts')).memberCommand(),
  staff: async () => (await import('./staff.ts')).staffCommand(),
  records: async () => (await import('./records.ts')).recordsCommand(),
  'link-code': async () => (await import('./records.ts')).linkCodeCommand(),
  desk: async () => (await import('./records.ts')).deskCommand(),
  view: async () => (await import('./views.ts')).viewCommand(),
  job: async () => (await import('./jobs.ts')).jobCommand(),
  catalogue: async () => (await import('./catalogue.ts')).catalogueCommand(),
  dataset: async () => (await import('./datasets.ts')).datasetCommand(),
  request: async () => (await import('./requests.ts')).requestCommand(),
  permit: async () => (await import('./permits.ts')).permitCommand(),
  release: async () => (await import('./requests.ts')).releaseCommand(),
  'access-log': async () => (await import('./access-log.ts')).accessLogCommand(),
  agreement: async () => (await import('./agreements.ts')).agreementCommand(),
  holding: async () => (await import('./agreements.ts')).holdingCommand(),
  citizen: async () => (await import('./citizen.ts')).citizenCommand(),
  contract: async () => (await import('./contracts.ts')).contractCommand(),
  proof: async () => (await import('./proofs.ts')).proofCommand(),
  roots: async () => (await import('./roots.ts')).rootsCommand(),
  verify: async () => (await import('./verify.ts')).verifyCommand(),
  analytics: async () => (await import('./analytics.ts')).analyticsCommand(),
  deid: async () => (await import('./deid.ts')).deidCommand(),
}

const program = new Command('mhmd')
  .description('MyHealthMyData: share health data lawfully, from the command line')

try {
  const named = commands[process.argv[2] ?? '']
  for (const load of named === undefined ? Object.values(commands) : [named]) program.addCommand(await load())
  await strict(program).parseAsync(process.argv)
} catch (error) {
  // Help and the version are no errors; a command that lacks its second word has printed its help.
  if (error instanceof CommanderError && error.exitCode === 0) process.exitCode = 0
  else if (error instanceof CommanderError && error.code === 'commander.help') process.exitCode = 2
  else process.exitCode = report(error instanceof CommanderError ? cliErrors.USAGE({ why: inSentence(error.message) }, { cause: error }) : error, process.argv.includes('--json'))
  // What a node that failed to start left open would keep the process; what was said is written by then.
  setTimeout(() => process.exit(), 1000).unref()
}

/** Commander's own words, as the others are written. */
function inSentence(message: string): string {
  const text = message.replace(/^error: /, '').replaceAll(/\s+/g, ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Errors of use come back here, unprinted, instead of ending the process in the middle. */
function strict(command: Command): Command {
  command.exitOverride().configureOutput({ outputError: () => undefined })
  for (const inner of command.commands) strict(inner)
  return command
}

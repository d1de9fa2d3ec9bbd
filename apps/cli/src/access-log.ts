// The access log on the command line: a citizen reads hers, an auditor the one without people.
import { accessLog } from '@mhmd/client'
import type { AccessEvent } from '@mhmd/client'
import type { Command } from 'commander'
import { asStaff, command, staffAction } from './action.ts'
import { openDevice } from './device.ts'
import { outputOf, when } from './output.ts'

export function citizenAccessLogCommand(): Command {
  return command('access-log', 'every reading of your records: who, for what, on which basis, when').requiredOption('--device <folder>', 'her device\'s folder').requiredOption('--holder <id>', 'the hospital')
    .action(async (options: { device: string; holder: string; json?: boolean }) => {
      const events = await accessLog(openDevice(options.device), options)
      outputOf(options).result(events, events.length === 0 ? ['Nobody has read your records here.'] : events.map(line))
    })
}

export function accessLogCommand(): Command {
  return staffAction('access-log', 'readings of records here, without the people (auditors and data protection officers)').action(asStaff(async (client, _options, output) => {
    const { events } = await client.get<{ events: AccessEvent[] }>('/staff/1/access-log')
    output.result(events, events.length === 0 ? ['No records have been read.'] : events.map(line))
  }))
}

function line({ recorded, purposeOfEvent, agent, entity }: AccessEvent): string {
  const detail = (type: string): string | undefined => entity[0]?.detail?.find((one) => one.type === type)?.valueString
  const who = agent.find(({ requestor }) => requestor)?.who.identifier.value ?? '?'
  const people = detail('people')
  const kinds = entity.slice(1).map(({ type }) => type.code)
  return `${when(Date.parse(recorded))}  ${who}, ${purposeOfEvent[0]?.coding[0]?.code ?? '?'}, basis ${detail('basis') ?? '?'}, request ${entity[0]?.what?.identifier.value ?? '?'}${people === undefined ? '' : `, ${people} people`}: ${kinds.join(', ')}`
}

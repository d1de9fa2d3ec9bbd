// The access log on the command line: a citizen reads hers, an auditor the one without people.
import { accessLog, importsOf } from '@mhmd/client'
import type { AccessEvent, ImportEvent } from '@mhmd/client'
import type { Command } from 'commander'
import { asStaff, command, staffAction } from './action.ts'
import { openDevice } from './device.ts'
import { outputOf, when } from './output.ts'
import { printList, searchable } from './paged.ts'
import type { PageOptions } from './paged.ts'

export function citizenAccessLogCommand(): Command {
  return command('access-log', 'every reading of your records: who, for what, on which basis, when').requiredOption('--device <folder>', 'her device\'s folder').requiredOption('--holder <id>', 'the hospital')
    .action(async (options: { device: string; holder: string; json?: boolean }) => {
      const device = openDevice(options.device)
      const events = await accessLog(device, options)
      const imports = await importsOf(device, options)
      outputOf(options).result({ events, imports }, [...(events.length === 0 ? ['Nobody has read your records here.'] : events.map(line)), ...imports.map(importLine)])
    })
}

export function accessLogCommand(): Command {
  return searchable(staffAction('access-log', 'readings of records here, without the people, newest first (auditors and data protection officers)')).action(asStaff<PageOptions>((client, options, output) => printList<AccessEvent>(client, {
    path: '/staff/1/access-log', name: 'events', options, lines: (events) => events.length === 0 ? ['No records have been read.'] : events.map(line),
  }, output)))
}

function importLine({ recorded, extension, id }: ImportEvent): string {
  const records = extension[0]?.extension.find(({ url }) => url === 'records')?.valueUnsignedInt ?? 0
  return `${when(Date.parse(recorded))}  ${records} records of yours came or changed here, by import ${id}`
}

function line({ recorded, purposeOfEvent, agent, entity }: AccessEvent): string {
  const detail = (type: string): string | undefined => entity[0]?.detail?.find((one) => one.type === type)?.valueString
  const who = agent.find(({ requestor }) => requestor)?.who.identifier.value ?? '?'
  const people = detail('people')
  const kinds = entity.slice(1).map(({ type }) => type.code)
  return `${when(Date.parse(recorded))}  ${who}, ${purposeOfEvent[0]?.coding[0]?.code ?? '?'}, basis ${detail('basis') ?? '?'}, request ${entity[0]?.what?.identifier.value ?? '?'}${people === undefined ? '' : `, ${people} people`}: ${kinds.join(', ')}`
}

// A whole share over real processes, by the command line: import, link, decide, ask, count, withdraw, ask again; every figure checked against the raw files.
// Usage: npm run scenario -- share [--patients N] [--data FOLDER] [--keep]
// Nothing here reaches into a node: it runs `mhmd` and reads what it prints; counts are computed from the patients' files alone.
import { defaultPatients, patientsOf, profileOf, readBundle, runJson, seedPeople } from '@mhmd/devnet'
import type { SeededCitizen } from '@mhmd/devnet'
import { onNetwork, option, until } from './support/on-network.ts'
import type { OnNetwork } from './support/on-network.ts'
import { accept, fileRequest, refusedWith, requestView, untilAgreed } from './support/requests.ts'
import type { RequestView } from './support/requests.ts'
import { bestQuestion, cohortOf, readRaw } from './support/share-oracle.ts'
import type { RawPatient } from './support/share-oracle.ts'
import { transcript } from './support/transcript.ts'

const data = option('--data') ?? defaultPatients()
const wanted = Number(option('--patients') ?? '220')
const log = transcript('share')
const { say, check, finish } = log

/** The profiles of the devnet that permit the heart institute to count them; written down here apart from the engine. */
const permitting = new Set(['open', 'open-but-no-business', 'one-institute', 'open-business-too', 'open-tables', 'rows-for-one-institute'])

async function main({ network, folder }: OnNetwork): Promise<void> {
  const files = patientsOf(data, wanted)
  // A small set is known at both hospitals and says yes more often, so that groups are large enough to be counted at all.
  const isSmall = files.length < 100
  const seeded = await seedPeople(network, { patients: wanted, data, citizens: files.length, say, ...(isSmall ? { hospitalsOf: (): string[] => ['rome', 'berlin'], profileOf: (index: number) => profileOf(index % 10 === 9 ? 4 : [0, 1, 2, 5][index % 4] ?? 0) } : {}) })
  const raw = new Map(files.map((patient) => [patient.identifier.value, readRaw(readBundle(patient))]))
  const eligibleAt = (hospital: string): SeededCitizen[] => seeded.citizens.filter((citizen) => citizen.hospitals.includes(hospital) && permitting.has(citizen.profile.name))
  const rawOf = (citizens: readonly SeededCitizen[]): RawPatient[] => citizens.map((citizen) => raw.get(citizen.patient.identifier.value) as RawPatient)

  const question = bestQuestion(rawOf(eligibleAt('rome')), rawOf(eligibleAt('berlin')))
  say(`The question: ${JSON.stringify(question)}`)
  const institute = network.profile('institute')
  const request = await fileRequest({ network, folder }, { holders: ['rome', 'berlin'], title: 'How common is it?', question })
  check('the request is filed', /^[0-9a-z]{26}$/.test(request))
  await refusedWith(log, { code: 'NODE_STATE', what: 'asking before any holder has agreed is refused', args: ['request', 'ask', '--profile', institute, '--request', request] })

  for (const hospital of ['rome', 'berlin']) say(`${hospital} agrees; on the ledger at height ${await accept(network, hospital, request)}`)
  const view = (): Promise<RequestView> => requestView(network, request)
  await untilAgreed(network, request, 2)

  const ask = async (): Promise<RequestView['answered']> => {
    const asked = await runJson<{ ask: string }>(['request', 'ask', '--profile', institute, '--request', request])
    await until('both holders answer', async () => (await view()).answered.filter((row) => row.ask === asked.ask).length === 2)
    return (await view()).answered.filter((row) => row.ask === asked.ask)
  }
  const exactAt = async (hospital: string): Promise<number | undefined> => (await runJson<{ exact: number; request: string }[]>(['release', 'list', '--profile', network.profile(hospital)])).find((row) => row.request === request)?.exact

  const first = await ask()
  for (const hospital of ['rome', 'berlin']) {
    const population = rawOf(eligibleAt(hospital))
    const expected = cohortOf(question, population).length
    const answer = first.find((row) => row.holder === hospital)?.answer
    check(`${hospital} counts exactly the people whom the raw files give (${expected} of ${population.length} permitted)`, await exactAt(hospital) === expected)
    check(`${hospital}'s answer ${answer?.count ?? answer?.code} is a multiple of 5 next to it`, answer?.released === true && answer.count !== undefined && answer.count % 5 === 0 && Math.abs(answer.count - expected) < 5)
  }
  check('the figure says that people known at two holders are counted twice', first.every((row) => row.manifest.notes?.some((note) => note.includes('counted twice'))))
  const repeated = await ask()
  check('the same question gets the same answer', JSON.stringify(counts(first)) === JSON.stringify(counts(repeated)))

  const her = eligibleAt('rome').find((citizen) => cohortOf(question, rawOf([citizen])).length === 1)
  if (her === undefined) throw new Error('nobody at rome is in the cohort')
  const used = await runJson<{ holder: string; uses: { request: { requester: { member: string } } }[] }[]>(['citizen', 'show', '--device', her.folder])
  check('she sees who used her record', used.find((row) => row.holder === 'rome')?.uses.some((use) => use.request.requester.member === 'institute') === true)
  const withdrawnAt = performance.now()
  const withdrawal = await runJson<{ sent: { holder: boolean }; enforced: string; operationId: string; ledger: { code: string; height: number } }>(['citizen', 'withdraw', '--device', her.folder, '--holder', 'rome', '--wait'])
  say(`She withdraws at rome: in force there ${withdrawal.enforced}; on the ledger at height ${withdrawal.ledger.height}, ${Math.round(performance.now() - withdrawnAt)} ms after she pressed return`)
  check('her withdrawal is in force at once, and valid on the ledger', withdrawal.enforced === 'now' && withdrawal.ledger.code === 'VALID')
  await until('another node sees that height', async () => (await runJson<{ height: number }>(['status', '--profile', network.profile('berlin')])).height >= withdrawal.ledger.height)

  const before = cohortOf(question, rawOf(eligibleAt('rome'))).length
  const second = await ask()
  check('the same question then counts her no more', await exactAt('rome') === before - 1)
  check('and berlin counts as before', await exactAt('berlin') === cohortOf(question, rawOf(eligibleAt('berlin'))).length)
  const answer = second.find((row) => row.holder === 'rome')
  check('the new answer holds at a height after her withdrawal', (answer?.manifest.height ?? 0) >= withdrawal.ledger.height)
  check('the new answer is protected like the first', answer?.answer.released === false || ((answer?.answer.count ?? 1) % 5 === 0 && Math.abs((answer?.answer.count ?? 0) - before + 1) < 5))
}

const counts = (rows: RequestView['answered']): unknown => rows.map((row) => [row.holder, row.answer]).sort()

await onNetwork('share', { transcript: log }, main)
finish()

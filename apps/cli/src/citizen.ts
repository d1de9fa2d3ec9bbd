// Commands of a citizen on her own device: account, linking, choices, withdrawal, and who used what.
import { lastDecision } from '@mhmd/accounts'
import type { DeviceState } from '@mhmd/accounts'
import { decide, declareOptOut, enrol, onLedger, send, status, uses, withdraw, withdrawOptOut } from '@mhmd/client'
import type { Device, HolderView, Notice, Sending } from '@mhmd/client'
import { explain } from '@mhmd/consent'
import type { Verdict } from '@mhmd/consent'
import { consentTermsDocument } from '@mhmd/schema'
import { MhmdError } from '@mhmd/base'
import { Command } from 'commander'
import { citizenAccessLogCommand } from './access-log.ts'
import { command } from './action.ts'
import { recoverCommand, replaceKeyCommand } from './citizen-keys.ts'
import { eraseCommand, sendThrough, statementsCommand } from './citizen-statements.ts'
import { keep, newDevice, openDevice } from './device.ts'
import { cliErrors } from './errors.ts'
import { readJsonFile } from './files.ts'
import { outputOf, when } from './output.ts'

interface DeviceOptions {
  readonly device: string
  readonly holder: string
  readonly wait?: boolean
  readonly json?: boolean
}

const onDevice = (name: string, description: string): Command => command(name, description).requiredOption('--device <folder>', 'her device\'s folder')
const atHolder = (name: string, description: string): Command => onDevice(name, description).requiredOption('--holder <id>', 'the hospital').option('--wait', 'wait until the ledger shows it')

const LINK_CODE_LENGTH = 16

export function citizenCommand(): Command {
  return new Command('citizen').description('a citizen\'s own device').addCommand(
    onDevice('new', 'make an account; the seed stays on this device').requiredOption('--provider-url <url>', 'the account provider\'s people port')
      .action(async (options: { device: string; providerUrl: string; json?: boolean }) => {
        const { device, recoveryCode } = await newDevice(options.device, options.providerUrl)
        outputOf(options).result({ provider: device.state.provider, network: device.state.network, recoveryCode }, [
          `Your account is open at ${device.state.provider}.`, `Recovery code: ${recoveryCode}`, 'Write it down and keep it safe: with it you get your account back on a new device. Nobody else has it.',
        ])
      }),
  ).addCommand(
    onDevice('enrol', 'link your record at a hospital, with the code its desk gave you').requiredOption('--holder <id>', 'the hospital').requiredOption('--code <code>', 'the link code')
      .action(async (options: DeviceOptions & { code: string }) => {
        if (options.code.replaceAll('-', '').length !== LINK_CODE_LENGTH) throw cliErrors.BAD_OPTION({ option: '--code', why: `a link code has ${LINK_CODE_LENGTH} letters and digits, in groups of four` })
        const { state, notices } = await enrol(openDevice(options.device), options)
        keep(options.device, state)
        outputOf(options).result({ holder: options.holder, notices }, [`Your record at ${options.holder} is linked. Before you decide, read this:`, notices[0]?.text ?? ''])
      }),
  ).addCommand(
    atHolder('decide', 'permit what a file of terms says').requiredOption('--terms <file>', 'consent terms (schemas/consent-terms.schema.json), like docs/examples/consent-terms.json')
      .action((options: DeviceOptions & { terms: string }) => {
        const terms = consentTermsDocument.parse(readJsonFile(options.terms))
        return act(options, (device, notice) => decide(device, { holder: options.holder, terms, ...(notice === undefined ? {} : { notice: notice.hash }) }))
      }),
  ).addCommand(
    atHolder('withdraw', 'end what you permitted; the hospital stops at once').action((options: DeviceOptions) => act(options, (device) => withdraw(device, options))),
  ).addCommand(
    atHolder('opt-out', 'forbid research and other secondary use').action((options: DeviceOptions) => act(options, (device) => declareOptOut(device, options))),
  ).addCommand(
    atHolder('opt-in', 'take your opt-out back').action((options: DeviceOptions) => act(options, (device) => withdrawOptOut(device, options))),
  ).addCommand(
    onDevice('send', 'send what did not arrive everywhere yet').option('--through <member>', 'by another member\'s node, sealed, when the hospital can\'t be reached').action(async (options: { device: string; through?: string; json?: boolean }) => {
      if (options.through !== undefined) return sendThrough({ ...options, through: options.through })
      const { state, sendings } = await send(openDevice(options.device))
      keep(options.device, state)
      outputOf(options).result(sendings.map(shown), sendings.length === 0 ? ['Everything has arrived.'] : sendings.flatMap(lines))
    }),
  ).addCommand(
    onDevice('show', 'your choices, and who used your record for what').action(async (options: { device: string; json?: boolean }) => {
      const views = await viewsOf(options.device)
      outputOf(options).result(views, views.length === 0 ? ['You have linked no record yet.'] : views.flatMap((one) => one.view.erased ? [erasedLine(one.holder, one.view.erased.done)] : viewLines(one)))
    }),
  ).addCommand(citizenAccessLogCommand()).addCommand(statementsCommand()).addCommand(eraseCommand()).addCommand(recoverCommand()).addCommand(replaceKeyCommand())
}

/** Signs, keeps, sends: in this order, so that no version is ever signed twice. Fails only if the hospital got nothing. */
async function act(options: DeviceOptions, sign: (device: Device, notice: Notice | undefined) => DeviceState): Promise<void> {
  const device = openDevice(options.device)
  const { state: present, notice } = await shownBefore(device, options)
  const signed = sign({ ...device, state: present }, notice)
  keep(options.device, signed)
  const { state, sendings } = await send({ ...device, state: signed })
  keep(options.device, state)
  const last = sendings.at(-1)
  if (last !== undefined && !last.decision.sent.holder && !last.decision.sent.provider) throw last.errors[0]
  const ledger = options.wait === true && last !== undefined ? await settled({ ...device, state }, last) : undefined
  outputOf(options).result({ ...(last === undefined ? {} : shown(last)), ...(ledger === undefined ? {} : { ledger }) }, [...sendings.flatMap(lines), ...(ledger === undefined ? [] : [ledger.code === 'VALID' ? `On the ledger at height ${ledger.height ?? '?'}.` : `The ledger does not show it yet (${ledger.code}).`])])
}

/** What the hospital knows now, and what she was not shown when she linked: that her records were put together. She is shown it here, and her decision says so. */
async function shownBefore(device: Device, options: DeviceOptions): Promise<{ readonly state: DeviceState; readonly notice?: Notice | undefined }> {
  try {
    const { state, view } = await status(device, options)
    const notice = (view.merged ?? null) === null ? undefined : view.notices[0]
    if (notice !== undefined) outputOf(options).progress(notice.text)
    return { state, notice }
  } catch (error) {
    // She may decide while the hospital can't be reached; its newer versions, if any, are met when it is.
    if (MhmdError.isInstance(error) && error.kind === 'unavailable') return { state: device.state }
    throw error
  }
}

const POLL_MILLISECONDS = 100
const underWay = ['WAITING', 'SENT']
const WAIT_MILLISECONDS = 30_000

/** What became of it on the ledger, or that it is still under way. Throws CLI_LEDGER_REFUSED. */
async function settled(device: Device, { decision }: Sending): Promise<{ code: string; height?: number }> {
  const until = Date.now() + WAIT_MILLISECONDS
  for (;;) {
    const state = await onLedger(device, decision)
    if (state.code === 'VALID' || (underWay.includes(state.code) && Date.now() > until)) return state
    if (!underWay.includes(state.code)) throw cliErrors.LEDGER_REFUSED({ refusal: state.code })
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS))
  }
}

const codeOf = (error: unknown): string => MhmdError.isInstance(error) ? error.code : 'INTERNAL'

const shown = ({ decision, taken, errors }: Sending): Record<string, unknown> => ({
  kind: decision.kind, operation: decision.statement.operation, holder: decision.statement.holder, version: decision.statement.version, operationId: decision.statement.operationId,
  sent: decision.sent, enforced: taken?.enforced ?? null, errors: errors.map(codeOf),
})

function lines({ decision, taken, errors }: Sending): string[] {
  const what = { consent: { set: 'Your choice', withdraw: 'Your withdrawal' }, 'opt-out': { set: 'Your opt-out', withdraw: 'The end of your opt-out' } }[decision.kind][decision.statement.operation]
  const { holder, version } = decision.statement
  return [
    `${what} (version ${version}) ${decision.sent.holder ? `is with ${holder} and in force ${taken?.enforced ?? ''}` : `has not reached ${holder} yet`}.`,
    decision.sent.provider ? 'It goes to the ledger with the next batch.' : 'Your account provider has not got it yet; `mhmd citizen send` tries again.',
    ...errors.map((error) => `  (${codeOf(error)})`),
  ]
}

interface PermitOnHer {
  readonly title: string | null
  readonly requester: string
  readonly authority: string
  readonly state: string
  readonly until: number
  readonly uses: number
  readonly mayUse: boolean
  readonly optOut: 'none' | 'keeps-out' | 'for-later-ones'
}

interface View {
  readonly holder: string
  readonly permits: boolean
  /** A choice of this device's that the ledger does not show. */
  readonly waiting: boolean
  readonly view: HolderView
  readonly permitted: readonly PermitOnHer[]
  readonly uses: readonly { readonly at: number; readonly deleted: number | null; readonly form: string; readonly request: { readonly title: string; readonly requester: { readonly member: string } }; readonly recall: { readonly sent: number; readonly answered: number | null; readonly late: boolean } | null }[]
}

async function viewsOf(folder: string): Promise<View[]> {
  let device = openDevice(folder)
  const views: View[] = []
  for (const { holder } of device.state.links) {
    const { state, view } = await status(device, { holder })
    device = { ...device, state }
    const used = await uses(device, { holder })
    views.push({ holder, permitted: view.permits as readonly PermitOnHer[], permits: standing(view, 'consent')?.record === 'held', waiting: isWaiting(state, view), view, uses: used.uses as unknown as View['uses'] })
  }
  keep(folder, device.state)
  return views
}

/** What is in force there by the holder's own account: the device may be new, or may have signed what was never recorded. */
function standing({ choices }: HolderView, basis: 'consent' | 'opt-out'): { readonly record: string } | undefined {
  const found = (choices as readonly { basis: string; state: string; record: string; expires?: number }[]).find((choice) => choice.basis === basis)
  return found?.state === 'active' && (found.expires ?? Infinity) > Date.now() ? found : undefined
}

const isWaiting = (state: DeviceState, { holder, versions }: HolderView): boolean =>
  (['consent', 'opt-out'] as const).some((kind) => (lastDecision(state, holder, kind)?.statement.version ?? 0) > versions[kind])

function viewLines({ holder, permits, waiting, view, permitted, uses: used }: View): string[] {
  return [
    `At ${holder}: ${permits ? 'you permit what your last terms say' : 'you permit nothing'}.`,
    ...(standing(view, 'opt-out') === undefined ? [] : [`  You opted out of secondary use${permits ? '; your terms count only if they say `despiteOptOut`' : ''}.`]),
    ...((view.merged ?? null) === null ? [] : [`  Your records here stood under ${view.merged?.numbers ?? 2} patient numbers and were put together. What you forbade under one counts for all; what you permit from now on covers all. If one is not yours, tell the hospital's desk.`]),
    ...permitted.map(permitLine),
    ...(waiting ? ['  The ledger does not show your last choice. If that lasts, see what became of it: `mhmd citizen send`, then decide again with --wait.'] : []),
    ...view.preview.map((one) => studyLine(one as Asking)),
    ...(used.length === 0 ? ['  Nobody has used your record.'] : used.map((use) => `  ${when(use.at)}: ${use.request.requester.member} ${did(use.form)} for “${use.request.title}”, and you were among those considered.${recalled(use.recall)}${use.deleted === null ? '' : ` It says that it deleted the table ${when(use.deleted)}.`}`)),
  ]
}

const erasedLine = (holder: string, done: number | null): string => done === null
  ? `At ${holder}: your data are being erased. Nobody may use them there any more.`
  : `At ${holder}: your data were erased ${when(done)}, and with them the list of who used them. Nobody may use them there any more. Its signed statement: \`mhmd citizen statements\`.`

interface Asking {
  readonly title: string
  readonly requester: { readonly member: string }
  readonly verdict: Verdict
}

/** Whether a study that is open today may use her record, and why. */
const studyLine = ({ title, requester: { member }, verdict }: Asking): string => `  “${title}” of ${member}: ${explain(verdict, 'citizen', 'en')}`

/** What a permit is to her, and what she can do. */
function permitLine({ title, requester, authority, state, until, uses: times, mayUse, optOut }: PermitOnHer): string {
  const does = mayUse ? `may use your record without asking you until ${when(until)}` : 'does not use your record'
  const can = { none: 'You can opt out (`mhmd citizen opt-out`): that is for permits issued later.', 'keeps-out': 'Your opt-out keeps you out of it.', 'for-later-ones': 'Your opt-out came after it and is for later ones.' }[optOut]
  return `  Permit of ${authority} (${state}): ${requester} ${does} for “${title ?? '?'}”; so far you were considered ${times} times. ${can}`
}

/** What left, in plain words. */
const did = (form: string): string => form === 'anonymised' ? 'received a table in coarse groups' : form === 'pseudonymised' ? 'received rows under other names' : 'counted people'

function recalled(recall: View['uses'][number]['recall']): string {
  if (recall === null) return ''
  if (recall.answered !== null) return ` It answered for its removal ${when(recall.answered)}.`
  return recall.late ? ' It was told to remove it and is LATE.' : ' It was told to remove it.'
}

// Reads what `strace -f -y` wrote: each call with the file it was about, the bytes as printed, and where in the trace it began and ended.
export interface SystemCall {
  readonly name: string
  /** The descriptor and, by `-y`, its path. */
  readonly fd: number
  readonly path: string
  /** The arguments as strace prints them: text stands as it is, other bytes escaped. */
  readonly text: string
  readonly isDone: boolean
  /** Lines of the trace. */
  readonly began: number
  readonly ended: number
}

const call = /^(\d+) +(?:[\d.]+ )?(\w+)\((\d+)<([^>]*)>(.*)$/s
const resumed = /^(\d+) +(?:[\d.]+ )?<\.\.\. (\w+) resumed>(.*)$/s
const UNFINISHED = '<unfinished ...>'
/** The result is what follows the last `= `: zero or more for what took effect. */
const result = / = (-?\d+)[^=]*$/

export function readSystemCalls(trace: string): SystemCall[] {
  const calls: SystemCall[] = []
  const open = new Map<string, Omit<SystemCall, 'isDone' | 'ended'>>()
  const end = (begun: Omit<SystemCall, 'isDone' | 'ended'>, rest: string, ended: number): void => void calls.push({ ...begun, isDone: Number(result.exec(rest)?.[1] ?? '-1') >= 0, ended })
  for (const [index, line] of trace.split('\n').entries()) {
    const begins = call.exec(line)
    if (begins !== null) {
      const [, thread = '', name = '', fd = '', path = '', rest = ''] = begins
      const begun = { name, fd: Number(fd), path, text: rest, began: index }
      if (rest.endsWith(UNFINISHED)) open.set(thread, begun)
      else end(begun, rest, index)
      continue
    }
    const ends = resumed.exec(line)
    const begun = open.get(ends?.[1] ?? '')
    if (ends === null || begun === undefined) continue
    open.delete(ends[1] ?? '')
    // A read's bytes stand where it ends.
    end({ ...begun, text: begun.text + (ends[3] ?? '') }, ends[3] ?? '', index)
  }
  return calls.sort((a, b) => a.began - b.began)
}

/** One acknowledgement: the request that asked for it, what its answer says, and the files that must hold the act before. */
export interface Acknowledgement {
  readonly name: string
  /** All of it stands in the bytes that asked. */
  readonly request: readonly string[]
  /** Is met by the answer that counts; by default the first answer. */
  readonly answer?: RegExp
  readonly kept: readonly { readonly file: RegExp; readonly holds: RegExp }[]
}

const isRead = ({ name }: SystemCall): boolean => name === 'read' || name === 'recvfrom'
const isWrite = ({ name }: SystemCall): boolean => ['write', 'writev', 'pwrite64', 'sendto', 'sendmsg'].includes(name)
const isSync = ({ name, isDone }: SystemCall): boolean => isDone && (name === 'fsync' || name === 'fdatasync')

/** Why an acknowledgement does not follow its data's sync; undefined where it does. */
export function faultOf(calls: readonly SystemCall[], { request, answer, kept }: Acknowledgement): string | undefined {
  const arrived = calls.find((one) => isRead(one) && request.every((part) => one.text.includes(part)))
  if (arrived === undefined) return 'the request is not in the trace'
  const answered = calls.find((one) => isWrite(one) && one.fd === arrived.fd && one.began > arrived.ended && (answer?.test(one.text) ?? true))
  if (answered === undefined) return 'the answer is not in the trace'
  for (const { file, holds } of kept) {
    const written = calls.find((one) => isWrite(one) && one.isDone && file.test(one.path) && holds.test(one.text))
    if (written === undefined) return `${String(file)} was never written with it`
    if (written.began > answered.began) return `${String(file)} was written after the answer`
    const isSynced = calls.some((one) => isSync(one) && one.path === written.path && one.began > written.ended && one.ended < answered.began)
    if (!isSynced) return `${String(file)} was written, and the answer left before a sync`
  }
  return undefined
}

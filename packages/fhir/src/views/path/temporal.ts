// Dates, moments and times as texts: comparison with partial precision and boundaries (FHIRPath §6.2.1 and §5.6).
// Where only one of two moments names a time zone both are compared as they are written: there is no zone of the node's own, which would make answers differ between machines.

const MOMENT = /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T(\d{2})(?::(\d{2})(?::(\d{2}(?:\.\d+)?))?)?(Z|[+-]\d{2}:\d{2})?)?)?)?$/
const TIME = /^(\d{2})(?::(\d{2})(?::(\d{2}(?:\.\d+)?))?)?$/

interface Parts {
  /** Year, month, day, hour, minute, second, or hour, minute, second of a time; as many as were written. */
  readonly fields: readonly number[]
  readonly zone: string | undefined
}

function partsOf(text: string): Parts | undefined {
  const found = MOMENT.exec(text) ?? TIME.exec(text)
  if (found === null) return undefined
  const isTime = text[2] === ':' || text.length === 2
  const fields = (isTime ? found.slice(1, 4) : found.slice(1, 7)).filter((field) => field !== undefined).map(Number)
  return { fields, zone: isTime ? undefined : found[7] }
}

/** Below, at or above zero; undefined where the precision doesn't tell, or where one is none. */
export function compareTemporal(a: string, b: string): number | undefined {
  if (a === b) return 0
  const [left, right] = [partsOf(a), partsOf(b)]
  if (left === undefined || right === undefined) return undefined
  const [x, y] = left.zone !== undefined && right.zone !== undefined ? [inUtc(left), inUtc(right)] : [left.fields, right.fields]
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    if (x[i] !== y[i]) return (x[i] as number) - (y[i] as number)
  }
  return x.length === y.length ? 0 : undefined
}

/** The same moment in UTC, to the same precision. */
function inUtc({ fields, zone }: Parts): readonly number[] {
  if (zone === undefined || zone === 'Z') return fields
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = fields
  const offset = (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4)))
  const moment = new Date(0)
  moment.setUTCFullYear(year, month - 1, day)
  moment.setUTCHours(hour, minute - offset)
  return [moment.getUTCFullYear(), moment.getUTCMonth() + 1, moment.getUTCDate(), moment.getUTCHours(), moment.getUTCMinutes(), second].slice(0, fields.length)
}

/** The earliest or latest of the given type that a partial date, moment or time may stand for. */
export function boundary(text: string, type: 'date' | 'dateTime' | 'time', side: 'low' | 'high'): string | undefined {
  const parts = partsOf(text)
  if (parts === undefined) return undefined
  if (type === 'time') return timeText(text, side)
  const [day, time] = text.split('T')
  const date = dateText(day as string, side)
  if (type === 'date') return date
  const clock = (time ?? '').replace(/(Z|[+-]\d{2}:\d{2})$/, '')
  return `${date}T${timeText(clock, side)}${parts.zone ?? (side === 'low' ? '+14:00' : '-12:00')}`
}

function dateText(text: string, side: 'low' | 'high'): string {
  const [year, month = side === 'low' ? '01' : '12', day] = text.split('-') as [string, string?, string?]
  return `${year}-${month}-${day ?? (side === 'low' ? '01' : String(daysIn(Number(year), Number(month))).padStart(2, '0'))}`
}

function daysIn(year: number, month: number): number {
  const last = new Date(0)
  last.setUTCFullYear(year, month, 0)
  return last.getUTCDate()
}

function timeText(text: string, side: 'low' | 'high'): string {
  const full = side === 'low' ? '00:00:00.000' : '23:59:59.999'
  return text.includes('.') ? text.padEnd(12, side === 'low' ? '0' : '9') : text + full.slice(text.length)
}

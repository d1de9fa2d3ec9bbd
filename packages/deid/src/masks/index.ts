// Carries out a job's masks, in its order, before the search.
import { columnNamed } from '@mhmd/columns'
import type { Column, Table } from '@mhmd/columns'
import { deidErrors } from '../errors.ts'
import type { Job, MaskSpec } from '../job.ts'
import { pseudonyms, shiftedDates } from './dates.ts'
import { microaggregated } from './microaggregation.ts'
import { withNoise } from './noise.ts'
import { SecretStream } from './secret-stream.ts'
import { postRandomised, rankSwapped } from './swapping.ts'
import { topBottomCoded } from './top-bottom.ts'

const drawing: ReadonlySet<MaskSpec['type']> = new Set(['rank-swapping', 'pram', 'laplace-noise', 'gaussian-noise', 'date-shift', 'pseudonym'])

/** Whether a job draws at random, and so needs a secret of 32 bytes. */
export function needsSecret(job: Job): boolean {
  return job.masks?.some(({ type }) => drawing.has(type)) === true || job.models.some(({ type }) => type === 'differential-privacy')
}

/** The table with the job's masks. The same secret gives the same table. Throws DEID_MASK_… and DEID_SECRET_MISSING. */
export function maskedTable(job: Job, input: Table, secret: Uint8Array | undefined): Table {
  if (secret === undefined ? needsSecret(job) : secret.length !== 32) throw deidErrors.SECRET_MISSING({})
  return (job.masks ?? []).reduce((table, mask, index) => masked(table, mask, { job, index, secret: secret ?? new Uint8Array(32) }), input)
}

interface Draws {
  readonly job: Job
  /** Place of the mask in the job: each mask and column has its own stream. */
  readonly index: number
  readonly secret: Uint8Array
}

function masked(table: Table, mask: MaskSpec, draws: Draws): Table {
  const columns = mask.columns.map((name) => {
    const column = columnNamed(table, name)
    if (column === undefined) throw deidErrors.COLUMN_UNKNOWN({ column: name })
    return column
  })
  const made = mask.type === 'microaggregation' ? microaggregated(columns, mask) : columns.map((column) => maskedColumn(table, column, mask, draws))
  return { ...table, columns: table.columns.map((column) => made[mask.columns.indexOf(column.name)] ?? column) }
}

function maskedColumn(table: Table, column: Column, mask: Exclude<MaskSpec, { type: 'microaggregation' }>, { job, index, secret }: Draws): Column {
  const source = new SecretStream(secret, index, column.name)
  switch (mask.type) {
    case 'top-bottom-coding': return topBottomCoded(column, mask)
    case 'rank-swapping': return rankSwapped(column, mask.share, source)
    case 'pram': return postRandomised(column, mask.keep, source)
    case 'date-shift': return shiftedDates(column, personColumn(table, job, mask.type), { secret, mostDays: mask.mostDays })
    case 'pseudonym': return pseudonyms(column, secret)
    default: return withNoise(column, mask, source)
  }
}

function personColumn(table: Table, { person }: Job, mask: string): Column {
  const column = person && columnNamed(table, person.column)
  if (column === undefined) throw deidErrors.MASK_NEEDS_PERSON({ mask })
  return column
}

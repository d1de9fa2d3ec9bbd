// Canonical Parquet: the feed's tables as files that come out the same, byte for byte, from every feed over the same blocks with this version of DuckDB.
import type { Database } from './database.ts'
import { analyticsErrors } from './errors.ts'
import { feedTableNames, orderOf } from './tables.ts'

/** Rows of one group; part of the form. */
const ROW_GROUP = 122_880

/** Writes one file a table into the database's export folder, and gives their names. One thread: row groups are then cut at the same rows everywhere. */
export async function writeParquet(database: Database): Promise<readonly string[]> {
  const { exportFolder, feed } = database
  if (exportFolder === undefined) throw analyticsErrors.NO_EXPORT_FOLDER(undefined)
  const files: string[] = []
  for (const table of feedTableNames) {
    const file = `${exportFolder}/${table}.parquet`
    await feed.run(`COPY (SELECT * FROM feed.${table} ORDER BY ${orderOf(table)}) TO '${file.replaceAll('\'', '\'\'')}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROW_GROUP}, PARQUET_VERSION v1)`)
    files.push(`${table}.parquet`)
  }
  return files
}

// The database of analytics: DuckDB opened with everything closed that could reach outside its own file, and its settings locked.
import { DuckDBInstance } from '@duckdb/node-api'
import type { DuckDBConnection } from '@duckdb/node-api'
import { analyticsErrors } from './errors.ts'
import { schemaStatements } from './tables.ts'
import { viewStatements } from './views.ts'

export interface DatabaseOptions {
  /** A file, or `:memory:`. */
  readonly file: string
  /** Pinned: the tables of another network are refused, and block 0 follows this id. Without one, whichever the file holds. */
  readonly networkId?: string
  /** Where canonical Parquet may be written: the one folder that is open, for writing it and reading it again. */
  readonly exportFolder?: string
  /** Default 512 MiB. */
  readonly memoryMegabytes?: number
  /** Default 2. */
  readonly threads?: number
  /** How much may wait in the write-ahead log before it goes into the file: a table's last rows are packed again each time. Default 64 MiB. */
  readonly waitingMegabytes?: number
}

/** The database and the connection that the feed writes by; readers connect on their own. */
export interface Database {
  readonly networkId: string
  readonly exportFolder: string | undefined
  readonly feed: DuckDBConnection
  connect(): Promise<DuckDBConnection>
  close(): void
}

const settingsOf = ({ memoryMegabytes = 512, threads = 2, waitingMegabytes = 64 }: DatabaseOptions): Record<string, string> => ({
  threads: String(threads),
  memory_limit: `${memoryMegabytes}MB`,
  max_temp_directory_size: `${4 * memoryMegabytes}MB`,
  checkpoint_threshold: `${waitingMegabytes}MB`,
  preserve_insertion_order: 'true',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  allow_unsigned_extensions: 'false',
  allow_persistent_secrets: 'false',
})

/** First, once its own file is open: from here on nothing outside it can be read or written but the one folder, and nobody can change that. */
const closing = ({ exportFolder }: DatabaseOptions): string[] => [
  ...(exportFolder === undefined ? [] : [`SET allowed_directories = ['${exportFolder.replaceAll('\'', '\'\'')}']`]),
  'SET enable_external_access = false',
  'SET lock_configuration = true',
]

/** Opens or makes the file. Throws ANALYTICS_OTHER_NETWORK. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const instance = await DuckDBInstance.create(options.file, settingsOf(options))
  const feed = await instance.connect()
  try {
    for (const statement of [...closing(options), ...schemaStatements(), ...viewStatements]) await feed.run(statement)
    const networkId = await pinnedNetwork(feed, options.networkId)
    return { networkId, exportFolder: options.exportFolder, feed, connect: () => instance.connect(), close: () => close(instance, feed) }
  } catch (error) {
    close(instance, feed)
    throw error
  }
}

/** The connection first: as long as one is open the file is, and what is left of it would be written whenever the connection is collected. */
function close(instance: DuckDBInstance, feed: DuckDBConnection): void {
  feed.disconnectSync()
  instance.closeSync()
}

async function pinnedNetwork(connection: DuckDBConnection, networkId: string | undefined): Promise<string> {
  const held = (await connection.runAndReadAll('SELECT network FROM feed.position')).getRowsJson()[0]?.[0] as string | undefined
  if (held !== undefined && (networkId === undefined || held === networkId)) return held
  if (held !== undefined || networkId === undefined) throw analyticsErrors.OTHER_NETWORK(undefined)
  await connection.run('INSERT INTO feed.position VALUES ($1, -1, $1)', [networkId])
  return networkId
}

// Brings the log's pages into the file of the store, on a thread and connection of its own; the last word closes the connection.
import { parentPort, workerData } from 'node:worker_threads'
import { connect } from './connection.ts'

const connection = connect(workerData as string)

parentPort?.on('message', (asked: 'checkpoint' | 'close') => {
  if (asked === 'checkpoint') parentPort?.postMessage(connection.database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get())
  else {
    connection.close()
    parentPort?.close()
  }
})

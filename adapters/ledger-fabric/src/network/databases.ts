// The folder of a process's databases, replaced as a whole: whatever is interrupted, it is the old one, the new one, or none.
import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isOrderer } from './layout.ts'
import type { Place } from './layout.ts'

export const databasesOf = (place: Place): string => join(place.data, isOrderer(place) ? 'ledger' : 'data')

/** A copy that is whole or not there. */
export function copied(from: string, to: string): void {
  const unfinished = `${to}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  cpSync(from, unfinished, { recursive: true })
  renameSync(unfinished, to)
}

/** At once, whatever is interrupted afterwards. */
export function thrownAway(folder: string): void {
  const away = `${folder}.away`
  rmSync(away, { recursive: true, force: true })
  if (existsSync(folder)) renameSync(folder, away)
  rmSync(away, { recursive: true, force: true })
}

/**
 * To be called before a process starts; gives what to call once it takes calls. Databases that a first start began and did not finish can never be opened again ("entry point missing"),
 * and hold nothing: they are made anew. The mark is within them, so that a copy put in their place has none.
 */
export function firstStart(place: Place): () => void {
  const folder = databasesOf(place)
  const mark = join(folder, 'first-start')
  if (existsSync(mark)) thrownAway(folder)
  if (existsSync(folder) && readdirSync(folder).length > 0) return () => undefined
  mkdirSync(folder, { recursive: true })
  writeFileSync(mark, '')
  return () => rmSync(mark, { force: true })
}

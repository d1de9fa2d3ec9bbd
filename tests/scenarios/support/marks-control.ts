// Shows that the search for marks finds: one mark planted once in each form, in files, names, a SQLite table and a LevelDB, each of which must be found.
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { ClassicLevel } from 'classic-level'
import { newMark, scanFolder } from './marks.ts'
import type { Transcript } from './transcript.ts'

const digest = (name: string, text: string): Buffer => createHash(name).update(text).digest()
const around = (text: string | Buffer): Buffer => Buffer.concat([Buffer.from('some bytes before {"'), Buffer.from(text as string), Buffer.from('"} and after')])
const sentence = (mark: string): Buffer => Buffer.from(`a record about ${mark}, and enough words around it that compression has something to do, to do, to do`)

/** By name, the bytes of a file that holds the mark in this form. */
const planted: Readonly<Record<string, (mark: string) => Buffer>> = {
  raw: (mark) => around(mark),
  'lower case': (mark) => around(mark.toLowerCase()),
  'utf-16': (mark) => around(Buffer.from(mark, 'utf16le')),
  url: (mark) => around([...Buffer.from(mark)].map((byte) => `%${byte.toString(16)}`).join('')),
  hex: (mark) => around(Buffer.from(mark).toString('hex')),
  ...Object.fromEntries([0, 1, 2].flatMap((before) => (['base64', 'base64url'] as const).map((form) => [`${form} after ${before} bytes`, (mark: string) => around(Buffer.from(`${'x'.repeat(before)}${mark}, more`).toString(form))]))),
  ...Object.fromEntries(['sha256', 'sha1', 'md5'].flatMap((name) => (['hex', 'base64', 'base64url'] as const).map((form) => [`${name} in ${form}`, (mark: string) => around(digest(name, mark).toString(form))]))),
  'sha256 as bytes': (mark) => around(digest('sha256', mark)),
  gzip: (mark) => gzipSync(sentence(mark)),
  'gzip inside': (mark) => around(gzipSync(sentence(mark))),
  deflate: (mark) => around(deflateSync(sentence(mark))),
  'raw deflate': (mark) => deflateRawSync(sentence(mark)),
  brotli: (mark) => brotliCompressSync(sentence(mark)),
  'gzip of base64': (mark) => gzipSync(Buffer.from(sentence(mark).toString('base64'))),
}

export async function checkTheSearch({ check }: Transcript): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'mhmd-marks-'))
  try {
    const missed: string[] = []
    for (const [form, write] of Object.entries(planted)) {
      const mark = newMark()
      const at = join(folder, form.replaceAll(' ', '-'))
      mkdirSync(at)
      writeFileSync(join(at, 'file'), write(mark))
      if ((await scanFolder(at, [mark])).sightings.length === 0) missed.push(form)
    }
    for (const [form, plant] of Object.entries(databases)) {
      const mark = newMark()
      const at = join(folder, form)
      mkdirSync(at)
      await plant(at, mark)
      if (!(await scanFolder(at, [mark])).sightings.some((sighting) => sighting.where.includes('a value'))) missed.push(form)
    }
    const clean = await scanFolder(folder, [newMark()])
    check(`the search finds a mark in each of ${Object.keys(planted).length + Object.keys(databases).length} forms${missed.length === 0 ? '' : `, but not in ${missed.join(', ')}`}, and one never planted in none`, missed.length === 0 && clean.sightings.length === 0)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const databases: Readonly<Record<string, (folder: string, mark: string) => Promise<void>>> = {
  sqlite: async (folder, mark) => {
    const database = new DatabaseSync(join(folder, 'a.db'))
    database.exec('CREATE TABLE t (k TEXT, v BLOB)')
    database.prepare('INSERT INTO t VALUES (?, ?)').run('key', gzipSync(sentence(mark)))
    database.close()
  },
  leveldb: async (folder, mark) => {
    const database = new ClassicLevel(folder)
    for (let n = 0; n < 50; n++) await database.put(`key ${n}`, `${sentence(mark).toString()} ${n}`)
    // Into a table file, where LevelDB compresses it.
    await database.compactRange('a', 'z')
    await database.close()
  },
}

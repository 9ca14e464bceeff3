import { text } from 'node:stream/consumers'
import { BACKUP_PREFIX, type CallOptions, type ObjectStore } from '@darkroom/storage'
import { z } from 'zod'

/** Where backups lie. */
export interface BackupPlace {
  store: ObjectStore
  bucket: string
}

const DUMP = '.dump.age'
const RECORD = '.json'
const NAME = /^\d{8}T\d{9}Z$/

/**
 * What is known of a backup without decrypting it. It is written after the dump, so a dump that has one is complete. Not encrypted: numbers
 * of rows and their checksums, no content.
 */
const BackupRecord = z.object({
  takenAt: z.string(),
  /** Of the server; restoring needs this version or a newer one. */
  postgresMajor: z.number(),
  byteSize: z.number(),
  recipients: z.array(z.string()),
  tables: z.array(z.object({ table: z.string(), rows: z.number(), checksum: z.string() })),
})
export type BackupRecord = z.output<typeof BackupRecord>

export interface Backup extends BackupRecord {
  /** Its moment in UTC, such as `20261123T150000000Z`; the order of names is that of time. */
  name: string
}

/** Returns the name of a backup that is taken now. */
export const nameAt = (moment: Date): string => moment.toISOString().replace(/[-:.]/g, '')

export const dumpKey = (name: string): string => `${BACKUP_PREFIX}${name}${DUMP}`
const recordKey = (name: string): string => `${BACKUP_PREFIX}${name}${RECORD}`

/** Makes a backup count: from here on it is listed, and kept. */
export async function writeRecord(
  { store, bucket }: BackupPlace,
  name: string,
  record: BackupRecord,
  options: CallOptions,
): Promise<void> {
  const body = Buffer.from(JSON.stringify(record, null, 2))
  const target = { bucket, key: recordKey(name), contentType: 'application/json' }
  await store.put({ ...target, body, byteSize: body.length }, options)
}

interface Stored {
  name: string
  /** Object versions by the part that they are of. */
  dump: { key: string; versionId: string | null }[]
  record: { key: string; versionId: string | null }[]
}

/** Lists what lies there by name, the newest first. Objects with other names are not ours. */
async function listStored({ store, bucket }: BackupPlace, options: CallOptions): Promise<Stored[]> {
  const byName = new Map<string, Stored>()
  for await (const { key, versionId } of store.listVersions({ bucket, prefix: BACKUP_PREFIX }, options)) {
    const part = key.endsWith(DUMP) ? 'dump' : 'record'
    const name = key.slice(BACKUP_PREFIX.length, -(part === 'dump' ? DUMP : RECORD).length)
    if (!NAME.test(name) || key !== (part === 'dump' ? dumpKey : recordKey)(name)) continue
    const stored = byName.get(name) ?? { name, dump: [], record: [] }
    stored[part].push({ key, versionId })
    byName.set(name, stored)
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? 1 : -1))
}

const isComplete = ({ dump, record }: Stored): boolean => dump.length > 0 && record.length > 0

/** Lists the complete backups, the newest first. */
export async function listBackups(place: BackupPlace, options: CallOptions = {}): Promise<Backup[]> {
  const complete = (await listStored(place, options)).filter(isComplete)
  return Promise.all(complete.map(async ({ name }) => ({ name, ...(await readRecord(place, name, options)) })))
}

async function readRecord({ store, bucket }: BackupPlace, name: string, options: CallOptions): Promise<BackupRecord> {
  const { body } = await store.get({ bucket, key: recordKey(name) }, options)
  return BackupRecord.parse(JSON.parse(await text(body)))
}

/** Deletes complete backups beyond the newest `keep`, and answers their names. */
export async function pruneBackups(place: BackupPlace, keep: number, options: CallOptions = {}): Promise<string[]> {
  const surplus = (await listStored(place, options)).filter(isComplete).slice(keep)
  for (const stored of surplus) await remove(place, stored, options)
  return surplus.map(({ name }) => name)
}

/** Deletes what backups left that did not end: parts, and a dump without its record. Call it while nobody else makes one. */
export async function removeUnfinished(place: BackupPlace, options: CallOptions = {}): Promise<void> {
  const { store, bucket } = place
  for await (const { key, uploadId } of store.listMultipartUploads({ bucket, prefix: BACKUP_PREFIX }, options)) {
    await store.abortMultipartUpload({ bucket, key, uploadId }, options)
  }
  for (const stored of await listStored(place, options)) {
    if (!isComplete(stored)) await remove(place, stored, options)
  }
}

/** The record first: a dump without one does not count, and goes with the next clean-up. */
async function remove({ store, bucket }: BackupPlace, { record, dump }: Stored, options: CallOptions): Promise<void> {
  for (const version of [...record, ...dump]) await store.deleteVersion({ bucket, ...version }, options)
}

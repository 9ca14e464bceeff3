import { text } from 'node:stream/consumers'
import { appError } from '@darkroom/contracts'
import { BACKUP_PREFIX, type CallOptions, type ListedVersion, type ObjectStore } from '@darkroom/storage'
import { z } from 'zod'

/** Where backups lie. */
export interface BackupPlace {
  store: ObjectStore
  bucket: string
}

const DUMP = '.dump.age'
const RECORD = '.json'
/** Records are small. */
const READS_AT_ONCE = 16
/** Moment and owner. */
const NAME = /^\d{8}T\d{9}Z-([0-9a-f]{8})$/

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
  /** Its moment in UTC and the database that it is of, such as `20261123T150000000Z-1f0c9a3e`; the order of names is that of time. */
  name: string
}

/** Returns the name of a backup that is taken now. `owner` is the identity of the database. */
export const nameAt = (moment: Date, owner: string): string => `${moment.toISOString().replace(/[-:.]/g, '')}-${owner}`

/** Returns the identity of the database that a backup is of. */
export const ownerOf = (name: string): string => NAME.exec(name)?.[1] ?? ''

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
  /** Versions and hide markers by the part that they are of, the newest first. */
  dump: ListedVersion[]
  record: ListedVersion[]
}

/** Lists what lies there by name, the newest first. Objects with other names are not ours. */
async function listStored({ store, bucket }: BackupPlace, options: CallOptions): Promise<Stored[]> {
  const byName = new Map<string, Stored>()
  for await (const version of store.listVersions({ bucket, prefix: BACKUP_PREFIX }, options)) {
    const { key } = version
    const part = key.endsWith(DUMP) ? 'dump' : 'record'
    const name = key.slice(BACKUP_PREFIX.length, -(part === 'dump' ? DUMP : RECORD).length)
    if (!NAME.test(name) || key !== (part === 'dump' ? dumpKey : recordKey)(name)) continue
    const stored = byName.get(name) ?? { name, dump: [], record: [] }
    stored[part].push(version)
    byName.set(name, stored)
  }
  return [...byName.values()].sort((a, b) => (a.name < b.name ? 1 : -1))
}

const isThere = ([newest]: ListedVersion[]): boolean => newest !== undefined && !newest.isDeleteMarker

const isComplete = ({ dump, record }: Stored): boolean => isThere(dump) && isThere(record)

/** A backup that somebody hid is none of these: it stays until a lifecycle rule deletes it, or somebody shows it again. */
const isUnfinished = ({ dump, record }: Stored): boolean =>
  [...dump, ...record].every(({ isDeleteMarker }) => !isDeleteMarker) && (dump.length === 0 || record.length === 0)

/** Lists the complete backups, the newest first. */
export async function listBackups(place: BackupPlace, options: CallOptions = {}): Promise<Backup[]> {
  const complete = (await listStored(place, options)).filter(isComplete)
  const backups: Backup[] = []
  const queue = complete.entries()
  const lane = async () => {
    for (const [index, { name }] of queue) backups[index] = await readBackup(place, name, options)
  }
  await Promise.all(Array.from({ length: READS_AT_ONCE }, lane))
  return backups
}

/**
 * Finds a complete backup by its name, or the newest of a database; null when there is none. The records of others are not read.
 * @throws INVALID_REQUEST when neither is given and there are backups of several databases: the newest may be of another one
 */
export async function findBackup(
  place: BackupPlace,
  { name, owner }: { name?: string | undefined; owner?: string | undefined },
  options: CallOptions = {},
): Promise<Backup | null> {
  const complete = (await listStored(place, options)).filter(isComplete)
  const owners = new Set(complete.map(stored => ownerOf(stored.name)))
  if (name === undefined && owner === undefined && owners.size > 1)
    throw appError('INVALID_REQUEST', `${place.bucket} has backups of ${owners.size} databases. Name the backup.`)
  const found = complete.find(stored =>
    name === undefined ? owner === undefined || ownerOf(stored.name) === owner : stored.name === name,
  )
  return found ? readBackup(place, found.name, options) : null
}

/** @throws BACKUP_UNREADABLE for a record that is none */
async function readBackup({ store, bucket }: BackupPlace, name: string, options: CallOptions): Promise<Backup> {
  const { body } = await store.get({ bucket, key: recordKey(name) }, options)
  const content = await text(body)
  try {
    return { name, ...BackupRecord.parse(JSON.parse(content)) }
  } catch (cause) {
    throw appError('BACKUP_UNREADABLE', `The record ${bucket}/${recordKey(name)} cannot be read.`, { cause })
  }
}

/** Deletes complete backups of a database beyond the newest `keep`, and answers their names. Those of others in the bucket stay. */
export async function pruneBackups(
  place: BackupPlace,
  { keep, owner }: { keep: number; owner: string },
  options: CallOptions = {},
): Promise<string[]> {
  const own = (await listStored(place, options)).filter(({ name }) => ownerOf(name) === owner)
  const surplus = own.filter(isComplete).slice(keep)
  for (const stored of surplus) await remove(place, stored, options)
  return surplus.map(({ name }) => name)
}

/** Deletes what backups of a database left that did not end: parts, and a dump without its record. Call it while nobody else makes one. */
export async function removeUnfinished(place: BackupPlace, owner: string, options: CallOptions = {}): Promise<void> {
  const { store, bucket } = place
  for await (const { key, uploadId } of store.listMultipartUploads({ bucket, prefix: BACKUP_PREFIX }, options)) {
    const name = key.slice(BACKUP_PREFIX.length, -DUMP.length)
    if (ownerOf(name) === owner) await store.abortMultipartUpload({ bucket, key, uploadId }, options)
  }
  for (const stored of await listStored(place, options)) {
    if (ownerOf(stored.name) === owner && isUnfinished(stored)) await remove(place, stored, options)
  }
}

/** The record first: a dump without one does not count, and goes with the next clean-up. */
async function remove({ store, bucket }: BackupPlace, { record, dump }: Stored, options: CallOptions): Promise<void> {
  for (const { key, versionId } of [...record, ...dump]) await store.deleteVersion({ bucket, key, versionId }, options)
}

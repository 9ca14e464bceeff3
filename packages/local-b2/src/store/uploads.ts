import { randomBytes } from 'node:crypto'
import type { Segment } from './blob-files.ts'
import { type BlobReferences, decodeSegments, encodeSegments } from './blob-references.ts'
import type { Bucket } from './buckets.ts'
import { type Database, query, type Transaction } from './database.ts'
import type { StoredHeaders } from './versions.ts'

export interface Upload {
  id: number
  uploadId: string
  key: string
  createdAt: number
  headers: StoredHeaders
}

export interface PartSummary {
  number: number
  size: number
  etag: string
  createdAt: number
}

export interface Part extends PartSummary {
  segments: Segment[]
}

interface UploadRow {
  id: number
  upload_id: string
  key: string
  created_at: number
  headers: string
}

interface PartRow {
  number: number
  size: number
  etag: string
  created_at: number
  segments: string
}

function toUpload(row: UploadRow): Upload {
  return {
    id: row.id,
    uploadId: row.upload_id,
    key: row.key,
    createdAt: row.created_at,
    headers: JSON.parse(row.headers),
  }
}

function toPart(row: PartRow): Part {
  const { number, size, etag } = row
  return { number, size, etag, createdAt: row.created_at, segments: decodeSegments(row.segments) }
}

export function createUploadRepository({ sql }: Database, references: BlobReferences) {
  const columns = 'id, upload_id, key, created_at, headers'
  const insert = query<UploadRow>(
    sql,
    `INSERT INTO uploads (upload_id, bucket_id, key, created_at, headers) VALUES (?, ?, ?, ?, ?) RETURNING ${columns}`,
  )
  const find = query<UploadRow>(sql, `SELECT ${columns} FROM uploads WHERE bucket_id = ? AND key = ? AND upload_id = ?`)
  const page = query<UploadRow>(
    sql,
    `SELECT ${columns} FROM uploads
     WHERE bucket_id = ?1 AND key >= ?2 AND key < ?3 AND (key, id) > (?4, ?5) ORDER BY key, id LIMIT ?6`,
  )
  const all = query<UploadRow>(sql, `SELECT ${columns} FROM uploads WHERE bucket_id = ?`)
  const remove = query(sql, 'DELETE FROM uploads WHERE id = ?')
  const parts = query<PartRow>(sql, 'SELECT * FROM parts WHERE upload = ? ORDER BY number')
  const partPage = query<PartRow>(sql, 'SELECT * FROM parts WHERE upload = ? AND number > ? ORDER BY number LIMIT ?')
  const part = query<PartRow>(sql, 'SELECT * FROM parts WHERE upload = ? AND number = ?')
  const putPart = query(
    sql,
    'INSERT OR REPLACE INTO parts (upload, number, size, etag, created_at, segments) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const removeParts = query(sql, 'DELETE FROM parts WHERE upload = ?')

  return {
    create(_transaction: Transaction, bucket: Bucket, key: string, now: number, headers: StoredHeaders): Upload {
      const uploadId = `4_z${bucket.b2_id}_f2${randomBytes(16).toString('hex')}`
      const row = insert.get(uploadId, bucket.id, key, now, JSON.stringify(headers))
      if (!row) throw new Error('an inserted upload was not returned')
      return toUpload(row)
    },
    find(bucket: Bucket, key: string, uploadId: string): Upload | undefined {
      const row = find.get(bucket.id, key, uploadId)
      return row && toUpload(row)
    },
    /** Uploads of keys in `[from, before)`, after an upload (`key`, `id`), in order of key and age. */
    page(bucket: Bucket, range: { from: string; before: string | Uint8Array; after: [string, number] }, count: number) {
      const [key, id] = range.after
      return page.all(bucket.id, range.from, range.before, key, id, count).map(toUpload)
    },
    all: (bucket: Bucket, prefix: string): Upload[] =>
      all
        .all(bucket.id)
        .map(toUpload)
        .filter(upload => upload.key.startsWith(prefix)),
    parts: (upload: Upload): Part[] => parts.all(upload.id).map(toPart),
    partPage: (upload: Upload, after: number, count: number): Part[] =>
      partPage.all(upload.id, after, count).map(toPart),
    /** Stores a part; one of the same number is replaced and its bytes are let go. */
    putPart(transaction: Transaction, upload: Upload, added: Part) {
      const replaced = part.get(upload.id, added.number)
      references.retain(added.segments)
      if (replaced) references.release(transaction, decodeSegments(replaced.segments))
      putPart.run(upload.id, added.number, added.size, added.etag, added.createdAt, encodeSegments(added.segments))
    },
    /** Removes an upload with its parts; bytes that a new version took over stay, through that version's references. */
    remove(transaction: Transaction, upload: Upload) {
      for (const row of parts.all(upload.id)) references.release(transaction, decodeSegments(row.segments))
      removeParts.run(upload.id)
      remove.run(upload.id)
    },
  }
}

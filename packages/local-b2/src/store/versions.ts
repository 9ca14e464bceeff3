import type { Segment } from './blob-files.ts'
import { type BlobReferences, decodeSegments, encodeSegments } from './blob-references.ts'
import type { Bucket } from './buckets.ts'
import { type Database, query, type Transaction } from './database.ts'
import { mintVersionId } from './version-id.ts'

/** Headers a client stored with an object, lower-case names. */
export type StoredHeaders = Record<string, string>

export interface VersionSummary {
  seq: number
  key: string
  versionId: string
  latest: boolean
  marker: boolean
  size: number
  /** Without quotes; empty for a hide marker. */
  etag: string
  createdAt: number
}

export interface Version extends VersionSummary {
  headers: StoredHeaders
  segments: Segment[]
}

export interface SummaryRow {
  seq: number
  key: string
  version_id: string
  latest: number
  marker: number
  size: number
  etag: string
  created_at: number
}

interface Row extends SummaryRow {
  headers: string
  segments: string
}

export const summaryColumns = 'seq, key, version_id, latest, marker, size, etag, created_at'

export function toSummary(row: SummaryRow): VersionSummary {
  const { seq, key, size, etag } = row
  return {
    seq,
    key,
    size,
    etag,
    versionId: row.version_id,
    latest: row.latest === 1,
    marker: row.marker === 1,
    createdAt: row.created_at,
  }
}

function toVersion(row: Row): Version {
  return { ...toSummary(row), headers: JSON.parse(row.headers), segments: decodeSegments(row.segments) }
}

export function createVersionRepository({ sql }: Database, references: BlobReferences) {
  const latest = query<Row>(sql, 'SELECT * FROM versions WHERE bucket_id = ? AND key = ? AND latest = 1')
  const byId = query<Row>(sql, 'SELECT * FROM versions WHERE bucket_id = ? AND key = ? AND version_id = ?')
  const demote = query(sql, 'UPDATE versions SET latest = 0 WHERE bucket_id = ? AND key = ? AND latest = 1')
  const promote = query(
    sql,
    `UPDATE versions SET latest = 1
     WHERE seq = (SELECT seq FROM versions WHERE bucket_id = ? AND key = ? ORDER BY seq DESC LIMIT 1)`,
  )
  const insert = query<Row>(
    sql,
    `INSERT INTO versions (bucket_id, key, version_id, latest, marker, size, etag, created_at, headers, segments)
     VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?) RETURNING *`,
  )
  const remove = query(sql, 'DELETE FROM versions WHERE seq = ?')

  function add(
    bucket: Bucket,
    key: string,
    now: number,
    content: Pick<Version, 'marker' | 'size' | 'etag' | 'headers' | 'segments'>,
  ): Version {
    demote.run(bucket.id, key)
    references.retain(content.segments)
    const row = insert.get(
      bucket.id,
      key,
      mintVersionId(bucket.b2_id, now),
      content.marker ? 1 : 0,
      content.size,
      content.etag,
      now,
      JSON.stringify(content.headers),
      encodeSegments(content.segments),
    )
    if (!row) throw new Error('an inserted version was not returned')
    return toVersion(row)
  }

  return {
    /** The newest version of a key, which may be a hide marker. */
    latest(bucket: Bucket, key: string): Version | undefined {
      const row = latest.get(bucket.id, key)
      return row && toVersion(row)
    },
    byId(bucket: Bucket, key: string, versionId: string): Version | undefined {
      const row = byId.get(bucket.id, key, versionId)
      return row && toVersion(row)
    },
    add(
      _transaction: Transaction,
      bucket: Bucket,
      key: string,
      now: number,
      content: Pick<Version, 'size' | 'etag' | 'headers' | 'segments'>,
    ) {
      return add(bucket, key, now, { ...content, marker: false })
    },
    hide(_transaction: Transaction, bucket: Bucket, key: string, now: number) {
      return add(bucket, key, now, { marker: true, size: 0, etag: '', headers: {}, segments: [] })
    },
    /** Deletes one version for good; the one before it becomes the newest. */
    remove(transaction: Transaction, bucket: Bucket, version: Version) {
      remove.run(version.seq)
      references.release(transaction, version.segments)
      if (version.latest) promote.run(bucket.id, version.key)
    },
  }
}

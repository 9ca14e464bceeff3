import { randomBytes } from 'node:crypto'
import { type Database, query, type Transaction } from './database.ts'

export type BucketAccess = 'private' | 'public'

export interface Bucket {
  id: number
  name: string
  b2_id: string
  access: BucketAccess
  created_at: number
  cors: string | null
  lifecycle: string | null
  /** Grows with each change of a setting; null: none was changed yet. */
  revision: number | null
  info: string | null
  encryption: string | null
  event_rules: string | null
}

/** Columns of `buckets` and `bucket_settings` that hold settings. */
export type BucketSetting = 'access' | 'cors' | 'lifecycle' | 'info' | 'encryption' | 'event_rules'
export type SettingValues = Partial<Record<BucketSetting, string | null>>

export function createBucketRepository({ sql }: Database) {
  const select = 'SELECT * FROM buckets LEFT JOIN bucket_settings ON bucket_id = id'
  const byName = query<Bucket>(sql, `${select} WHERE name = ?`)
  const list = query<Bucket>(sql, `${select} ORDER BY name`)
  const insert = query(sql, 'INSERT INTO buckets (name, b2_id, access, created_at) VALUES (?, ?, ?, ?)')
  const remove = query(sql, 'DELETE FROM buckets WHERE id = ?')
  const removeSettings = query(sql, 'DELETE FROM bucket_settings WHERE bucket_id = ?')
  const setFirst = query(sql, 'UPDATE buckets SET access = ?, cors = ?, lifecycle = ? WHERE id = ?')
  const setOthers = query(
    sql,
    `INSERT INTO bucket_settings (bucket_id, revision, info, encryption, event_rules) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (bucket_id) DO UPDATE SET revision = excluded.revision, info = excluded.info,
        encryption = excluded.encryption, event_rules = excluded.event_rules`,
  )
  const inUse = query(
    sql,
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM versions WHERE bucket_id = ?1)
      OR EXISTS (SELECT 1 FROM uploads WHERE bucket_id = ?1)`,
  )

  return {
    find: (name: string) => byName.get(name),
    list: () => list.all(),
    isInUse: (bucket: Bucket) => inUse.get(bucket.id) !== undefined,
    create(_transaction: Transaction, name: string, access: BucketAccess, now: number) {
      insert.run(name, randomBytes(12).toString('hex'), access, now)
    },
    remove(_transaction: Transaction, bucket: Bucket) {
      removeSettings.run(bucket.id)
      remove.run(bucket.id)
    },
    /** Changes settings; those that are absent stay. */
    set(_transaction: Transaction, bucket: Bucket, values: SettingValues) {
      const next = { ...bucket, ...values }
      setFirst.run(next.access, next.cors, next.lifecycle, bucket.id)
      setOthers.run(bucket.id, (bucket.revision ?? 1) + 1, next.info, next.encryption, next.event_rules)
    },
  }
}

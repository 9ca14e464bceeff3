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
}

export function createBucketRepository({ sql }: Database) {
  const byName = query<Bucket>(sql, 'SELECT * FROM buckets WHERE name = ?')
  const list = query<Bucket>(sql, 'SELECT * FROM buckets ORDER BY name')
  const insert = query(sql, 'INSERT INTO buckets (name, b2_id, access, created_at) VALUES (?, ?, ?, ?)')
  const remove = query(sql, 'DELETE FROM buckets WHERE id = ?')
  const setAccess = query(sql, 'UPDATE buckets SET access = ? WHERE id = ?')
  const setCors = query(sql, 'UPDATE buckets SET cors = ? WHERE id = ?')
  const setLifecycle = query(sql, 'UPDATE buckets SET lifecycle = ? WHERE id = ?')
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
    remove: (_transaction: Transaction, bucket: Bucket) => remove.run(bucket.id),
    setAccess: (_transaction: Transaction, bucket: Bucket, access: BucketAccess) => setAccess.run(access, bucket.id),
    setCors: (_transaction: Transaction, bucket: Bucket, cors: string | null) => setCors.run(cors, bucket.id),
    setLifecycle: (_transaction: Transaction, bucket: Bucket, rules: string | null) =>
      setLifecycle.run(rules, bucket.id),
  }
}

import { type Database, query, type Transaction } from './database.ts'

/** A key that was made by the native API; lists are JSON. */
export interface KeyRow {
  key_id: string
  name: string
  secret: string
  capabilities: string
  /** null: not limited to buckets. */
  bucket_ids: string | null
  /** Milliseconds; null: never. */
  expires_at: number | null
}

export function createKeyRepository({ sql }: Database) {
  const list = query<KeyRow>(sql, 'SELECT * FROM application_keys ORDER BY key_id')
  const byId = query<KeyRow>(sql, 'SELECT * FROM application_keys WHERE key_id = ?')
  const insert = query(
    sql,
    `INSERT INTO application_keys (key_id, name, secret, capabilities, bucket_ids, expires_at)
      VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const remove = query(sql, 'DELETE FROM application_keys WHERE key_id = ?')
  return {
    list: () => list.all(),
    find: (keyId: string) => byId.get(keyId),
    add: (_transaction: Transaction, row: KeyRow) =>
      insert.run(row.key_id, row.name, row.secret, row.capabilities, row.bucket_ids, row.expires_at),
    remove: (_transaction: Transaction, keyId: string) => remove.run(keyId),
  }
}

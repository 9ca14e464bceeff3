import { type Database, query, type Transaction } from './database.ts'

export interface OutboxEntry {
  id: number
  rule: string
  body: string
  attempts: number
  due_at: number
}

export type Outbox = ReturnType<typeof createOutbox>

/** Notifications to deliver, written in the transaction that caused them, so a kill loses none. */
export function createOutbox({ sql }: Database) {
  const insert = query(sql, 'INSERT INTO outbox (rule, body, attempts, due_at) VALUES (?, ?, 0, ?)')
  const due = query<OutboxEntry>(sql, 'SELECT * FROM outbox WHERE due_at <= ? ORDER BY due_at, id LIMIT ?')
  const earliest = query<{ due_at: number | null }>(sql, 'SELECT min(due_at) AS due_at FROM outbox')
  const remove = query(sql, 'DELETE FROM outbox WHERE id = ?')
  const postpone = query(sql, 'UPDATE outbox SET attempts = attempts + 1, due_at = ? WHERE id = ?')

  return {
    add: (_transaction: Transaction, rule: string, body: string, now: number) => insert.run(rule, body, now),
    due: (now: number, count: number) => due.all(now, count),
    earliest: (): number | undefined => earliest.get()?.due_at ?? undefined,
    remove: (_transaction: Transaction, id: number) => remove.run(id),
    postpone: (_transaction: Transaction, id: number, dueAt: number) => postpone.run(dueAt, id),
  }
}

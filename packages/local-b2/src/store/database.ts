import { join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { schema } from './schema.ts'

/** Given to work inside a commit; `afterCommit` runs only once the change is on disk. */
export interface Transaction {
  afterCommit(action: () => void): void
}

interface Waiting {
  run(transaction: Transaction): void
  resolve(): void
  reject(cause: unknown): void
}

export type Database = ReturnType<typeof openDatabase>

/** Returns typed rows of a statement; the schema in this folder is what makes the cast true. */
export function query<Row>(sql: DatabaseSync, text: string) {
  const statement: StatementSync = sql.prepare(text)
  return {
    get: (...values: SQLInputValue[]) => statement.get(...values) as Row | undefined,
    all: (...values: SQLInputValue[]) => statement.all(...values) as Row[],
    run: (...values: SQLInputValue[]) => statement.run(...values),
  }
}

/**
 * Opens `store.sqlite`. The exclusive lock keeps a second process out of the folder and dies with this one.
 * Commits made in the same turn of the event loop share one fsync; each still fails alone, by its savepoint.
 */
export function openDatabase(dataDir: string) {
  const sql = new DatabaseSync(join(dataDir, 'store.sqlite'), { timeout: 2000 })
  try {
    sql.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;')
    // What a savepoint would put back is otherwise written to a file, page by page.
    sql.exec('PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000; BEGIN IMMEDIATE;')
    sql.exec(`${schema} COMMIT;`)
  } catch (cause) {
    sql.close()
    throw new Error(`cannot open the object store in ${dataDir}; does another process use it?`, { cause })
  }

  let waiting: Waiting[] = []

  function runOne(item: Waiting): (() => void)[] | undefined {
    const afterCommit: (() => void)[] = []
    sql.exec('SAVEPOINT one')
    try {
      item.run({ afterCommit: action => afterCommit.push(action) })
      sql.exec('RELEASE one')
      return afterCommit
    } catch (cause) {
      sql.exec('ROLLBACK TO one; RELEASE one')
      item.reject(cause)
      return undefined
    }
  }

  function flush() {
    const batch = waiting
    waiting = []
    if (batch.length === 0) return
    const committed: { item: Waiting; actions: (() => void)[] }[] = []
    try {
      sql.exec('BEGIN IMMEDIATE')
      for (const item of batch) {
        const actions = runOne(item)
        if (actions) committed.push({ item, actions })
      }
      sql.exec('COMMIT')
    } catch (cause) {
      if (sql.isOpen && sql.isTransaction) sql.exec('ROLLBACK')
      for (const item of batch) item.reject(cause)
      return
    }
    for (const { item, actions } of committed) {
      for (const action of actions) action()
      item.resolve()
    }
  }

  return {
    sql,
    /** Runs `work` in a durable transaction; its result is given out only after the commit. */
    commit<Result>(work: (transaction: Transaction) => Result): Promise<Result> {
      return new Promise<Result>((resolve, reject) => {
        let result: Result
        waiting.push({
          run: transaction => {
            result = work(transaction)
          },
          resolve: () => resolve(result),
          reject,
        })
        if (waiting.length === 1) setImmediate(flush)
      })
    },
    close() {
      flush()
      sql.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      sql.close()
    },
  }
}

import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeFolder } from '@darkroom/core/durable-files'
import { stateFolderOf } from '../xdg-folders.ts'

/** What came of an import: `null` while nobody knows. */
export type ImportOutcome = 'ready' | 'partial' | 'failed' | 'gone'

export interface KnownImport {
  digest: string
  url: string
  assetId: string
  outcome: ImportOutcome | null
  /** How often it was begun. */
  attempt: number
}

/**
 * Remembers on disk what was imported, so that a list of any length can be run again after an interruption and each file is imported
 * once. Several processes may use it.
 */
export interface ImportJournal {
  find(digest: string): KnownImport | null
  /** Remembers that the import of a file has begun, in this run. */
  begin(item: KnownImport): void
  /** Counts a file of an earlier run to this one. */
  join(digest: string): void
  settle(digest: string, outcome: ImportOutcome): void
  /** Returns up to `limit` files of this run that are not settled; those first that were looked at longest ago. */
  unsettled(limit: number): KnownImport[]
  close(): void
}

/** Opens the journal of an installation and an API key. */
export async function openImportJournal(
  owner: { url: string; key: string },
  kind: 'imports' | 'uploads',
): Promise<ImportJournal> {
  const folder = join(stateFolderOf(process.env), kind === 'imports' ? 'imports' : 'uploaded')
  await makeFolder(folder, { mode: 0o700 })
  const name = createHash('sha256').update(`${owner.url}\n${owner.key}`).digest('hex').slice(0, 24)
  const db = new DatabaseSync(join(folder, `${name}.sqlite`), { timeout: 10_000 })
  // Of what a power loss takes away, the API knows that it has it already.
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS imports (digest TEXT PRIMARY KEY, url TEXT NOT NULL, asset_id TEXT NOT NULL,
      outcome TEXT, attempt INTEGER NOT NULL, run TEXT NOT NULL, seen INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS imports_unsettled ON imports (run, seen) WHERE outcome IS NULL;`)
  const run = crypto.randomUUID()
  let seen = 0
  const fields = 'digest, url, asset_id AS "assetId", outcome, attempt'
  const find = db.prepare(`SELECT ${fields} FROM imports WHERE digest = ?`)
  const begin = db.prepare(`INSERT INTO imports (digest, url, asset_id, attempt, run) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (digest) DO UPDATE SET asset_id = excluded.asset_id, outcome = NULL, attempt = excluded.attempt, run = excluded.run`)
  const joinRun = db.prepare('UPDATE imports SET run = ? WHERE digest = ?')
  const settle = db.prepare('UPDATE imports SET outcome = ? WHERE digest = ?')
  const unsettled = db.prepare(`SELECT ${fields} FROM imports WHERE run = ? AND outcome IS NULL ORDER BY seen LIMIT ?`)
  const touch = db.prepare('UPDATE imports SET seen = ? WHERE digest = ?')
  return {
    find: digest => (find.get(digest) as unknown as KnownImport | undefined) ?? null,
    begin: ({ digest, url, assetId, attempt }) => void begin.run(digest, url, assetId, attempt, run),
    join: digest => void joinRun.run(run, digest),
    settle: (digest, outcome) => void settle.run(outcome, digest),
    unsettled(limit) {
      const items = unsettled.all(run, limit) as unknown as KnownImport[]
      seen += 1
      for (const { digest } of items) touch.run(seen, digest)
      return items
    },
    close: () => db.close(),
  }
}

/** Returns what tells one import from another: the same file with the same wishes is the same. */
export const digestOf = (body: object): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(body).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex')

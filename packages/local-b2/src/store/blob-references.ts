import type { BlobFiles, Segment } from './blob-files.ts'
import { type Database, query, type Transaction } from './database.ts'

export type BlobReferences = ReturnType<typeof createBlobReferences>

/** Counts the versions and parts that use a blob; the last one out removes the file after the commit. */
export function createBlobReferences(database: Database, files: Pick<BlobFiles, 'discard'>) {
  const retain = query(
    database.sql,
    'INSERT INTO blobs (file, refs) VALUES (?, 1) ON CONFLICT (file) DO UPDATE SET refs = refs + 1',
  )
  const release = query<{ refs: number }>(
    database.sql,
    'UPDATE blobs SET refs = refs - 1 WHERE file = ? RETURNING refs',
  )
  const remove = query(database.sql, 'DELETE FROM blobs WHERE file = ?')
  const find = query(database.sql, 'SELECT 1 FROM blobs WHERE file = ?')

  return {
    retain(segments: readonly Segment[]) {
      for (const [file] of segments) retain.run(file)
    },
    release(transaction: Transaction, segments: readonly Segment[]) {
      for (const [file] of segments) {
        if (release.get(file)?.refs !== 0) continue
        remove.run(file)
        transaction.afterCommit(() => files.discard(file))
      }
    },
    has: (file: string) => find.get(file) !== undefined,
  }
}

export function encodeSegments(segments: readonly Segment[]): string {
  return JSON.stringify(segments)
}

export function decodeSegments(text: string): Segment[] {
  return JSON.parse(text) as Segment[]
}

/** Returns the segments that make up `length` bytes from `offset` of a longer run. */
export function sliceSegments(segments: readonly Segment[], offset: number, length: number): Segment[] {
  const slice: Segment[] = []
  let position = 0
  for (const [file, start, size] of segments) {
    const from = Math.max(offset, position)
    const to = Math.min(offset + length, position + size)
    if (from < to) slice.push([file, start + from - position, to - from])
    position += size
  }
  return slice
}

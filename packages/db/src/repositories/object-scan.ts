import type { DatabaseClient } from '../client.ts'

/** An object as the comparison with the store needs it. */
export interface ScannedObject {
  id: string
  assetId: string
  key: string
  state: 'writing' | 'live' | 'doomed'
  versionId: string | null
}

const PAGE_ROWS = 1000

/** Every object of a bucket below a prefix, in the order in which a store lists keys: by their UTF-8 bytes. Streams. */
export async function* scanObjects(
  database: DatabaseClient,
  { bucket, prefix }: { bucket: string; prefix: string },
): AsyncGenerator<ScannedObject> {
  const pages = database.stream<ScannedObject>(
    `SELECT id, asset_id AS "assetId", key, state, version_id AS "versionId" FROM objects
     WHERE bucket = $1 AND starts_with(key, $2) ORDER BY key COLLATE "C"`,
    [bucket, prefix],
    PAGE_ROWS,
  )
  for await (const page of pages) yield* page
}

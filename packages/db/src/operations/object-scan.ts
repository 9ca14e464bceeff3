import { sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { LOWEST_ID, uuids } from '../client/uuids.ts'

/** An object as the comparison with the store needs it. */
export interface ScannedObject {
  id: string
  assetId: string
  key: string
  state: 'writing' | 'live' | 'doomed'
  versionId: string | null
}

/** Assets whose objects are read in one statement. */
const WINDOW = 500

type AssetPlace = { project_id: string; id: string }

/**
 * Reads every object of a bucket below a prefix in the order in which a store lists keys: by their UTF-8 bytes, which
 * begin with the ids of project and asset. Each window is a statement of its own, because the store decides how long
 * the whole scan takes.
 */
export async function* scanObjects(
  tx: Tx,
  { bucket, prefix }: { bucket: string; prefix: string },
): AsyncGenerator<ScannedObject> {
  let after: AssetPlace = { project_id: LOWEST_ID, id: LOWEST_ID }
  for (;;) {
    const assets = [
      ...(await tx.execute<AssetPlace>(sql`
        SELECT project_id, id FROM assets WHERE (project_id, id) > (${after.project_id}::uuid, ${after.id}::uuid)
        ORDER BY project_id, id LIMIT ${WINDOW}`)),
    ]
    yield* await tx.execute<ScannedObject & Record<string, unknown>>(sql`
      SELECT id, asset_id AS "assetId", key, state, version_id AS "versionId" FROM objects
      WHERE asset_id = ANY (${uuids(assets.map(({ id }) => id))}) AND bucket = ${bucket} AND starts_with(key, ${prefix})
      ORDER BY key COLLATE "C"`)
    const last = assets.at(-1)
    if (!last || assets.length < WINDOW) return
    after = last
  }
}

import { type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { uuids } from '../client/uuids.ts'

/** Where a project may have something in the store. */
export interface StorePlaces {
  buckets: readonly string[]
  /** Its keys begin with one of these. */
  prefixes: readonly string[]
}

/** Removes some rows of a project; whether there were any. */
export type RemoveRows = (tx: Tx, projectId: string, places: StorePlaces) => Promise<boolean>

/** Rows that are removed in one statement. */
const BATCH = 500

const textArray = (texts: readonly string[]): SQL =>
  sql`ARRAY(SELECT jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb))`

/** A column of `project_deletions` that counts the rows of a table. */
type Counter = 'keys' | 'webhooks' | 'presets'

const rowsOf =
  (table: string, where: (projectId: string) => SQL, counter?: Counter): RemoveRows =>
  async (tx, projectId) => {
    const name = sql.identifier(table)
    const gone = await tx.execute(sql`
      DELETE FROM ${name} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${name} WHERE ${where(projectId)} LIMIT ${BATCH}))
      RETURNING 1`)
    if (gone.length === 0) return false
    if (counter) {
      const column = sql.identifier(counter)
      await tx.execute(
        sql`UPDATE project_deletions SET ${column} = ${column} + ${gone.length}::int WHERE project_id = ${projectId}`,
      )
    }
    return true
  }

const ofProject = (id: string): SQL => sql`project_id = ${id}`
const ofEndpoints = (id: string): SQL => sql`endpoint_id IN (SELECT id FROM webhook_endpoints WHERE ${ofProject(id)})`
const ofBackfills = (id: string): SQL => sql`backfill_id IN (SELECT id FROM backfills WHERE ${ofProject(id)})`
const ofBucketImports = (id: string): SQL => sql`import_id IN (SELECT id FROM bucket_imports WHERE ${ofProject(id)})`
const ofJobs = (id: string): SQL => sql`job_id IN (SELECT id FROM jobs WHERE ${ofProject(id)})`

/** First, so that nobody is told of the end of each asset, and nothing is made of one. */
export const BEFORE_ASSETS: readonly RemoveRows[] = [
  rowsOf('webhook_deliveries', ofEndpoints),
  rowsOf('webhook_endpoints', ofProject, 'webhooks'),
  rowsOf('backfill_items', ofBackfills),
  rowsOf('backfills', ofProject),
]

/** What hangs on no asset, in an order in which nothing refers to what is gone. Keys last: until then they are told why. */
export const AFTER_ASSETS: readonly RemoveRows[] = [
  rowsOf('job_attempts', ofJobs),
  rowsOf('jobs', ofProject),
  rowsOf('events', ofProject),
  removeInboxEvents,
  rowsOf('alarms', ofQuarantine),
  rowsOf('quarantine', ofProject),
  // By its expression, which the index has.
  rowsOf('presets', id => sql`coalesce(project_id, '00000000-0000-0000-0000-000000000000') = ${id}`, 'presets'),
  rowsOf('moves', ofProject),
  rowsOf('bucket_import_objects', ofBucketImports),
  rowsOf('bucket_imports', ofProject),
  rowsOf('lineage_cursors', ofProject),
  rowsOf('archives', ofProject),
  rowsOf('idempotency_keys', ofProject),
  rowsOf('usage_deltas', ofProject),
  rowsOf('usage_totals', ofProject),
  rowsOf('usage_days', ofProject),
  rowsOf('preset_previews', ofProject),
  rowsOf('folder_deltas', ofProject),
  rowsOf('folder_totals', ofProject),
  rowsOf('rate_windows', id => sql`subject = ${`project:${id}`}`),
  rowsOf('api_keys', ofProject, 'keys'),
]

/** Alarms of contents that no other project has in quarantine. */
function ofQuarantine(id: string): SQL {
  return sql`code = 'QUARANTINED' AND subject IN (
    SELECT sha256 FROM quarantine WHERE ${ofProject(id)}
    EXCEPT SELECT sha256 FROM quarantine WHERE project_id IS DISTINCT FROM ${id}
  )`
}

/** Deletes the store's events about the project's keys. The operators are those of the index, in any collation. */
async function removeInboxEvents(tx: Tx, _projectId: string, { buckets, prefixes }: StorePlaces): Promise<boolean> {
  const gone = await tx.execute(sql`
    DELETE FROM inbox WHERE event_id = ANY(ARRAY(
      SELECT event_id FROM unnest(${textArray(buckets)}) AS place (bucket)
      CROSS JOIN unnest(${textArray(prefixes)}) AS below (prefix)
      JOIN inbox ON inbox.bucket = place.bucket AND inbox.key ~>=~ prefix AND inbox.key ~<~ (prefix || '~')
      LIMIT ${BATCH}
    )) RETURNING 1`)
  return gone.length > 0
}

/**
 * Removes all rows of assets of which nothing is left in the store. A takedown that refuses its content everywhere stays: it
 * protects the other projects.
 */
export async function deleteAssetRows(tx: Tx, assetIds: readonly string[]): Promise<void> {
  if (assetIds.length === 0) return
  const ids = uuids(assetIds)
  await tx.execute(sql`DELETE FROM job_attempts WHERE job_id IN (SELECT id FROM jobs WHERE asset_id = ANY(${ids}))`)
  for (const table of ['jobs', 'variants', 'uploads', 'imports', 'shares', 'events'])
    await tx.execute(sql`DELETE FROM ${sql.identifier(table)} WHERE asset_id = ANY(${ids})`)
  await tx.execute(sql`
    DELETE FROM takedowns
    WHERE asset_id = ANY(${ids}) AND NOT (is_everywhere AND lifted_at IS NULL AND sha256 IS NOT NULL)`)
  await tx.execute(sql`DELETE FROM alarms WHERE subject = ANY(${ids}::text[])`)
  await tx.execute(
    sql`DELETE FROM rate_windows WHERE subject = ANY(ARRAY(SELECT 'asset:' || id FROM unnest(${ids}) AS gone (id)))`,
  )
  await tx.execute(sql`DELETE FROM assets WHERE id = ANY(${ids})`)
}

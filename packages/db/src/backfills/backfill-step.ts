import { isMediaType, MEDIA_TYPES, parsePresetSelector, type SkipReason } from '@darkroom/contracts'
import { isAppError } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { mapRow } from '../client/map-row.ts'
import { LOWEST_ID } from '../client/uuids.ts'
import { reprocessAsset } from '../jobs/reprocess.ts'
import { isLiving } from '../jobs/workers.ts'
import { type AssetRow, assets, type BackfillRow, backfillItems } from '../schema/index.ts'
import { selectedAssets } from './backfill-assets.ts'
import { inCanary, openJobs, updateBackfill } from './backfills.ts'

/** Jobs of one backfill that wait or run at once: few, so that a pause or a cancel leaves little behind, and as many as workers need. */
const OPEN_AT_LEAST = 20
const OPEN_PER_SLOT = 4
/** Assets that are looked at in one transaction at most. */
const WINDOW = 100
/** So far a rate may fall behind and catch up. */
const BURST = sql`interval '5 seconds'`

/**
 * Goes on by one job: passes over assets that get none, makes a job for the first that gets one, and moves the cursor past it, all in
 * the transaction that holds the row, so that a kill at any point repeats nothing and leaves nothing out.
 * @returns whether there may be more to do now
 */
export async function stepBackfill(tx: Tx, row: BackfillRow): Promise<boolean> {
  if (row.status !== 'running' || row.walkedAt !== null || !(await mayStart(tx, row))) return false
  const window = await nextAssets(tx, row)
  if (window.length === 0) {
    await updateBackfill(tx, row.id, { walkedAt: sql`now()` })
    return false
  }
  const skipped = { ...row.skipped }
  for (const asset of window) {
    const reason = skipReason(row, asset) ?? (await start(tx, row, asset))
    if (reason === null) {
      await updateBackfill(tx, row.id, { ...paced(row), cursor: asset.id, skipped, started: row.started + 1 })
      return true
    }
    skipped[reason] = (skipped[reason] ?? 0) + 1
  }
  await updateBackfill(tx, row.id, { cursor: window.at(-1)?.id ?? null, skipped })
  return true
}

async function mayStart(tx: Tx, row: BackfillRow): Promise<boolean> {
  if (inCanary(row) && row.started >= row.canary) return false
  const [now] = await tx.execute<{ is_due: boolean; slots: number }>(sql`
    SELECT rate_per_minute IS NULL OR paced_at <= now() AS is_due, (
      SELECT coalesce(sum(slots), 0)::int FROM workers
      WHERE draining_at IS NULL AND ${isLiving}
    ) AS slots
    FROM backfills WHERE id = ${row.id}`)
  return now?.is_due === true && openJobs(row) < Math.max(OPEN_AT_LEAST, now.slots * OPEN_PER_SLOT)
}

/** Returns when the next job may start, as an expression. */
const paced = ({ ratePerMinute }: BackfillRow) =>
  ratePerMinute === null
    ? {}
    : { pacedAt: sql`greatest(paced_at, now() - ${BURST}) + make_interval(secs => ${60 / ratePerMinute})` }

async function nextAssets(tx: Tx, row: BackfillRow): Promise<AssetRow[]> {
  const from = parsePresetSelector(row.filter.fromPreset ?? '')
  if (!from) throw new Error(`backfill ${row.id} does not say from which preset`)
  const selection = { projectId: row.projectId, from, filter: row.filter }
  const rows = await tx.execute<{ asset: Record<string, unknown> }>(sql`
    SELECT to_jsonb(assets) AS asset ${selectedAssets(selection, row.lastAssetId)}
      AND assets.id > ${row.cursor ?? LOWEST_ID}
    ORDER BY assets.id LIMIT ${WINDOW}`)
  return rows.map(({ asset }) => mapRow(assets, asset))
}

const SKIPPED_STATUS: Partial<Record<AssetRow['status'], SkipReason>> = {
  awaiting_upload: 'notUploaded',
  expired: 'notUploaded',
  processing: 'busy',
  failed: 'failed',
  deleting: 'deleted',
  deleted: 'deleted',
}

const skipReason = (row: BackfillRow, { status, presetId }: AssetRow): SkipReason | null =>
  SKIPPED_STATUS[status] ?? (presetId === row.presetId ? 'current' : null)

const REFUSED: Record<string, SkipReason> = {
  ASSET_NOT_SETTLED: 'busy',
  ASSET_DELETED: 'deleted',
  SOURCE_GONE: 'sourceGone',
}

/** Makes the job of an asset; a reason when it cannot have one now. */
async function start(tx: Tx, row: BackfillRow, asset: AssetRow): Promise<SkipReason | null> {
  const { contentType } = asset
  if (!isMediaType(contentType)) return 'failed'
  const { id: backfillId, presetId } = row
  try {
    // A savepoint: what it did before it found that it may not is undone.
    await tx.transaction(async inner => {
      const { job } = await reprocessAsset(inner, {
        asset,
        queue: MEDIA_TYPES[contentType].kind,
        lane: 'backfill',
        presetId,
      })
      await inner.insert(backfillItems).values({ backfillId, assetId: asset.id, jobId: job.id })
    })
    return null
  } catch (error) {
    const reason = isAppError(error) ? REFUSED[error.code] : undefined
    if (reason === undefined) throw error
    return reason
  }
}

import { type AssetStatus, appError, type ErrorCode, type QueueName } from '@darkroom/contracts'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { assertRevision, type Revisions } from '../assets/patch-asset.ts'
import type { Tx } from '../client/client.ts'
import { appendEvent } from '../events/events.ts'
import { type AssetRow, assetStatus, assets, type JobRow, jobs, objects, uploads } from '../schema/index.ts'
import { insertJob } from './jobs.ts'

const SETTLED = ['ready', 'partial', 'failed'] as const

/** Why an asset in another status is not processed again; waiting helps in the first two only. */
const REFUSED: Partial<Record<AssetStatus, ErrorCode>> = {
  awaiting_upload: 'ASSET_NOT_SETTLED',
  processing: 'ASSET_NOT_SETTLED',
  expired: 'SOURCE_GONE',
  deleting: 'ASSET_DELETED',
  deleted: 'ASSET_DELETED',
}

export interface Reprocess {
  asset: AssetRow
  queue: QueueName
  lane?: 'interactive' | 'backfill'
  /** The preset version that the asset is moved to when the job succeeds; without it the asset keeps its own. */
  presetId?: string
  /** Names of variants of the asset, which must be published: only these are made, again even if they stand. */
  onlyVariants?: string[]
  /** Revisions that it may start from; null or nothing is any. */
  from?: Revisions
}

/**
 * Creates a job that processes a settled asset again. What is published stays so; one that failed is processing again.
 * @throws PRECONDITION_FAILED, ASSET_NOT_SETTLED, ASSET_NOT_READY, ASSET_DELETED, SOURCE_GONE
 */
export async function reprocessAsset(
  tx: Tx,
  { asset, queue, lane = 'interactive', presetId, onlyVariants, from = null }: Reprocess,
): Promise<{ asset: AssetRow; job: JobRow }> {
  // In the order of `lockJobs`; the upload's lock keeps other reprocesses and a deletion out.
  const [upload] = await tx
    .select({ objectId: uploads.objectId })
    .from(uploads)
    .where(eq(uploads.assetId, asset.id))
    .for('update')
  const [current] = await tx
    .select({ status: assets.status, revision: assets.revision })
    .from(assets)
    .where(eq(assets.id, asset.id))
  const refused = current ? REFUSED[current.status] : 'ASSET_DELETED'
  if (refused) throw appError(refused)
  if (current) assertRevision(current, from)
  if (onlyVariants && current?.status === 'failed')
    throw appError('ASSET_NOT_READY', 'The asset has failed: nothing of it stands that `only` could leave as it is.')
  const active = await tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.assetId, asset.id), inArray(jobs.status, ['queued', 'running'])))
  if (active.length > 0) throw appError('ASSET_NOT_SETTLED')
  const [raised] = await tx
    .update(assets)
    .set({
      generation: sql`${assets.generation} + 1`,
      revision: sql`${assets.revision} + 1`,
      ...assetStatus.valuesWhere('processing'),
      error: sql`CASE WHEN ${assets.status} = 'failed' THEN NULL ELSE ${assets.error} END`,
      sourceExpiresAt: null,
    })
    .where(and(eq(assets.id, asset.id), inArray(assets.status, [...SETTLED]), from ? isOf(from) : undefined))
    .returning()
  if (!raised) throw appError(from ? 'PRECONDITION_FAILED' : 'ASSET_NOT_SETTLED')
  if (!raised.originalObjectId && !(await isLive(tx, upload?.objectId))) throw appError('SOURCE_GONE')
  const { projectId, id: assetId, revision: seq } = raised
  await appendEvent(tx, { projectId, assetId, seq, type: 'asset.reprocess' })
  const job = await insertJob(tx, {
    asset: raised,
    name: 'asset.process',
    queue,
    lane,
    ...(presetId && { presetId }),
    ...(onlyVariants && { onlyVariants }),
  })
  return { asset: raised, job }
}

const isOf = (revisions: readonly number[]) => inArray(assets.revision, [...revisions])

async function isLive(tx: Tx, objectId: string | undefined): Promise<boolean> {
  if (objectId === undefined) return false
  const [live] = await tx
    .select({ id: objects.id })
    .from(objects)
    .where(and(eq(objects.id, objectId), eq(objects.state, 'live')))
  return live !== undefined
}

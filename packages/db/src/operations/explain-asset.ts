import { LANES } from '@darkroom/contracts'
import { and, asc, desc, eq, getTableColumns, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { livingWorkers } from '../jobs/workers.ts'
import { isOfOpenProject } from '../projects/closed-projects.ts'
import {
  type AssetRow,
  assets,
  events,
  type ImportRow,
  type JobAttemptRow,
  type JobRow,
  jobAttempts,
  jobs,
  type LoggedEvent,
  objects,
  projects,
  type QuarantineRow,
  type QueueState,
  queueStates,
  type Upload,
  uploads,
  type VariantRow,
  variants,
} from '../schema/index.ts'
import { findImport } from '../uploads/imports.ts'
import { nextCheck } from '../uploads/upload-checks.ts'
import { findQuarantine } from './quarantine.ts'

/** Around the newest job: what decides when it runs. */
export interface QueueFacts {
  /** Null when the queue was never paused. */
  state: QueueState | null
  livingWorkers: number
  /** Due jobs of the queue that go before it, counted up to `MAX_COUNTED`. */
  jobsAhead: number
}

/** All that is known of an asset, read at one moment. */
export interface AssetFacts {
  /** The database's clock. */
  now: Date
  asset: AssetRow
  /** When the deletion of its project begins, or began; null of one that is open. */
  projectDeletesAt: Date | null
  upload: Upload | null
  /** Null when a client sends the bytes. */
  import: ImportRow | null
  /** Whether the bytes that a job would start from, or the URL of an import, are still recorded as there. */
  hasSource: boolean
  /** The oldest first. */
  jobs: JobRow[]
  attempts: JobAttemptRow[]
  variants: VariantRow[]
  events: LoggedEvent[]
  quarantine: QuarantineRow | null
  /** Null when the asset has no job. */
  queue: QueueFacts | null
}

/** More rows of a kind than this are more than anybody reads; the newest are kept. */
const MAX_ROWS = 500
const MAX_COUNTED = 10_000

/**
 * Reads everything about one asset; null when there is none.
 * @param projectId limits it to the assets of that project
 * @param sweepAfterSec how old an upload is when workers first look for its bytes
 */
export async function readAssetFacts(
  tx: Tx,
  { id, projectId, sweepAfterSec }: { id: string; projectId: string | null; sweepAfterSec: number },
): Promise<AssetFacts | null> {
  const [found] = await tx
    .select({
      asset: assets,
      projectDeletesAt: projects.deletesAt,
      nowMs: sql<number>`extract(epoch FROM clock_timestamp())::float8 * 1000`,
    })
    .from(assets)
    .innerJoin(projects, eq(projects.id, assets.projectId))
    .where(and(eq(assets.id, id), projectId === null ? undefined : eq(assets.projectId, projectId)))
  if (!found) return null
  const { asset, projectDeletesAt } = found
  const uploadOf = await readUpload(tx, id, sweepAfterSec)
  const imported = await findImport(tx, id)
  const ofAsset = await tx.select().from(jobs).where(eq(jobs.assetId, id)).orderBy(desc(jobs.id)).limit(MAX_ROWS)
  const [newest] = ofAsset
  const sha256 = newest?.sourceSha256 ?? asset.sha256
  return {
    now: new Date(found.nowMs),
    asset,
    projectDeletesAt,
    upload: uploadOf?.upload ?? null,
    import: imported,
    hasSource: asset.originalObjectId !== null || uploadOf?.objectState === 'live' || imported?.url != null,
    jobs: ofAsset.reverse(),
    attempts: await readAttempts(tx, id),
    variants: await tx.select().from(variants).where(eq(variants.assetId, id)).orderBy(asc(variants.position)),
    events: await readEvents(tx, id),
    quarantine: sha256 === null ? null : await findQuarantine(tx, asset.projectId, sha256),
    queue: newest ? await readQueueFacts(tx, newest) : null,
  }
}

async function readUpload(
  tx: Tx,
  assetId: string,
  sweepAfterSec: number,
): Promise<{ upload: Upload; objectState: string | null } | null> {
  const [row] = await tx
    .select({
      upload: { ...getTableColumns(uploads), nextCheckAt: nextCheck(sweepAfterSec) },
      objectState: objects.state,
    })
    .from(uploads)
    .leftJoin(objects, eq(objects.id, uploads.objectId))
    .where(eq(uploads.assetId, assetId))
    .orderBy(desc(uploads.id))
    .limit(1)
  return row ?? null
}

async function readAttempts(tx: Tx, assetId: string): Promise<JobAttemptRow[]> {
  const rows = await tx
    .select(getTableColumns(jobAttempts))
    .from(jobAttempts)
    .innerJoin(jobs, eq(jobs.id, jobAttempts.jobId))
    .where(eq(jobs.assetId, assetId))
    .orderBy(desc(jobAttempts.id))
    .limit(MAX_ROWS)
  return rows.reverse()
}

async function readEvents(tx: Tx, assetId: string): Promise<LoggedEvent[]> {
  const rows = await tx
    .select()
    .from(events)
    .where(eq(events.assetId, assetId))
    .orderBy(desc(events.seq), desc(events.id))
    .limit(MAX_ROWS)
  return rows.reverse()
}

async function readQueueFacts(tx: Tx, job: JobRow): Promise<QueueFacts> {
  const [state] = await tx.select().from(queueStates).where(eq(queueStates.queue, job.queue))
  const workers = await livingWorkers(tx)
  return {
    state: state ?? null,
    livingWorkers: workers.filter(worker => !worker.drainingAt && worker.queues.includes(job.queue)).length,
    jobsAhead: job.status === 'queued' ? await countAhead(tx, job) : 0,
  }
}

/** Counts the jobs ahead by lane and due time. Projects take turns and lanes age, so it is not the exact place. */
async function countAhead(tx: Tx, job: JobRow): Promise<number> {
  const laneOrder = sql`array_position(ARRAY[${sql.join(
    LANES.map(lane => sql.raw(`'${lane}'`)),
    sql`, `,
  )}], lane)`
  const [row] = await tx.execute<{ jobs: number }>(sql`
    SELECT count(*)::int AS jobs FROM (
      SELECT FROM jobs
      WHERE status = 'queued' AND queue = ${job.queue} AND available_at <= now() AND id <> ${job.id}
        AND (queue = 'system' OR ${isOfOpenProject})
        AND (${laneOrder}, available_at, id) <
          (SELECT ${laneOrder}, available_at, id FROM jobs WHERE id = ${job.id})
      LIMIT ${MAX_COUNTED}
    ) AS ahead`)
  return row?.jobs ?? 0
}
